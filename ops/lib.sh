# shellcheck shell=bash
# What the shell entry points share: where the tree lies, how they speak, how they build.
#
# Sourced, never run. Everything is relative to the tree, wherever it was cloned to; nothing waits for
# a keyboard.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
NIGHTBOX_ROOT=$PWD
NIGHTBOX_LOGS=$NIGHTBOX_ROOT/build/log
NIGHTBOX_JOBS=${NIGHTBOX_JOBS:-$(nproc)}
export LC_ALL=C.UTF-8
export HOME=${HOME:-/root}  # ccache and npm keep their caches there; a bare chroot may not set it.
# A clone that belongs to somebody else (a build machine's, often) is still this clone.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=$NIGHTBOX_ROOT
mkdir -p "$NIGHTBOX_LOGS"

say() { printf '%s\n' "$*"; }
complain() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { complain "$@"; exit 1; }

# quietly NAME COMMAND...: runs the command with its output in build/log/NAME.log; shows the end of it
# only when the command fails, and returns what the command returned.
quietly() {
  local name=$1 status=0
  shift
  "$@" >"$NIGHTBOX_LOGS/$name.log" 2>&1 </dev/null || status=$?
  if ((status != 0)); then
    tail -n 60 "$NIGHTBOX_LOGS/$name.log" >&2
    complain "$name failed ($status); all of it is in build/log/$name.log"
  fi
  return "$status"
}

# build_preset PRESET [TARGET...]: configures and builds one of CMakePresets.json, under build/PRESET.
build_preset() {
  local preset=$1
  shift
  cmake --preset "$preset" && cmake --build "build/$preset" -j "$NIGHTBOX_JOBS" ${1:+--target "$@"}
}
