#!/bin/bash
# Goal: every house rule that ops/lint_tree claims to check is one it would notice being broken.
# Method: one small tree with one violation per rule; each must be found at its file, and the clean
# neighbours must not be. Forbidden words are put together here, so that this file holds none.
set -euo pipefail
lint=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../ops/lint_tree")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

plant() { mkdir -p "$(dirname "$1")"; printf '%s\n' "$2" >"$1"; }

# Must be found.
plant core/upward.h '#include "store/journal.h"'
plant core/network.cc '#include <grpcpp/grpcpp.h>'
plant evidence/wire.h '#include "nightbox/intake/v1/intake.pb.h"'
plant evidence/asynchronous.cc '#include <boost/asio.hpp>'
plant store/upward.cc '#include "gateway/admission.h"'
plant client/sideways.cc '#include "store/journal.h"'
plant ops/case_system/upward.cc '#include "client/client.h"'
plant ops/tool.cc '#include "store/journal.h"'
plant gateway/time.cc 'auto now = std::chrono::steady_clock::now();'
plant rules/chance.cc 'std::random_device device;'
plant tests/store/waits_test.cc 'std::this_thread::sleep_for(1s);'
plant tests/gateway/naked_test.cc "auto c = grpc::Insecure""ChannelCredentials();"
plant docs/unfinished.md "TO""DO: write this"
plant docs/place.md "see $PWD/core"
plant docs/link.md '[the format](formats/nowhere.md)'
plant package-lock.json '"resolved": "https://mirror.example.org/a.tgz"'
bad=$(find . -type f | sed 's#^\./##' | sort)

# Must not be found.
plant core/clock.cc 'return std::chrono::system_clock::now();'
plant store/record.cc '#include "nightbox/journal/v1/journal.pb.h"'
plant gateway/main.cc '#include "replay/planner.h"'
plant ops/nightboxctl_journal.cc '#include "store/journal.h"'
plant tests/sim/world.cc '#include "gateway/admission.h"'
plant docs/good.md '[the format](good.md) and [elsewhere](https://example.org/)'
printf '\x00\xff\xfe' >docs/picture.png

status=0
found=$(find . -type f -printf '%P\0' | "$lint") || status=$?
[[ $status == 1 ]] || { printf 'lint_tree ended with %s instead of 1\n' "$status" >&2; exit 1; }
named=$(cut -d: -f1 <<<"$found" | sort -u)
if [[ $named != "$bad" ]]; then
  printf 'lint_tree should have named the left files and named the right ones:\n' >&2
  diff --side-by-side <(printf '%s\n' "$bad") <(printf '%s\n' "$named") >&2
  exit 1
fi

# Nothing to look at is not the same as nothing found.
if "$lint" </dev/null >/dev/null 2>&1; then
  printf 'lint_tree is content with no files at all\n' >&2
  exit 1
fi
