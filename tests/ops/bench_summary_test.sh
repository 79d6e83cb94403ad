#!/bin/bash
# Goal: ops/bench reports every figure it promises, as medians with their spread, and ratios of what ran
# side by side.
# Method: two repetitions made up, and what the summary makes of them. Nothing is measured.
set -euo pipefail
summary=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../ops/bench.d/summary.jq")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

fail() { printf 'bench_summary_test: %s\n' "$*" >&2; exit 1; }

measured() { printf '{"name":"%s","value":%s,"unit":"-"}\n' "$@" >>measured; }

repetition() {
  local rate=$1 off=$2 device=$3 clients load
  for clients in 64 1; do
    measured "device.$clients" "$device" "intake.$clients.rate" "$rate" "off.$clients.rate" "$off"
    for load in intake off; do
      measured "$load.$clients.p50_ms" 10 "$load.$clients.p99_ms" 20 "$load.$clients.find_p50_ms" 1 \
        "$load.$clients.write_p50_ms" 5 "$load.$clients.create_p50_ms" 4 \
        "$load.$clients.gateway_cpu_us" 300 "$load.$clients.examiner_cpu_us" 700 "$load.$clients.client_cpu_us" 100
    done
  done
}

is() { [[ $(jq -rc --arg name "$1" 'select(.name == $name) '"$2" summed) == "$3" ]] || fail "$1 $2 should be $3: $(grep -F "\"$1\"" summed)"; }

repetition 1000 2000 5000
repetition 3000 4000 5000
measured intake.syscalls 100 intake.store_off_syscalls 90 intake.syncs 0.5 intake.store_off_syncs 0
jq -c -s -f "$summary" measured >summed

for name in intake.{64,1}.{rate,p50_ms,p99_ms} intake.cpu_us intake.client_cpu_us intake.store_off_ratio \
  intake.syscalls intake.store_off_syscalls; do
  is "$name" '| [.value, .unit] | map(type)' '["number","string"]'
done
is intake.64.rate '| .value' 2000
is intake.64.rate '| .min' 1000
is intake.64.rate '| .max' 3000
is intake.64.rate '| .limit' 5000
is intake.64.rate '| .ratio' 0.4
is intake.cpu_us '| .value' 1000
is intake.store_off_ratio '| .value' 0.625
is intake.syscalls '| .min' null
[[ -z $(jq -c 'select((keys - ["limit", "max", "min", "name", "ratio", "unit", "value"]) != [])' summed) ]] ||
  fail 'there are members that docs/bench.md does not name'
printf 'bench_summary_test: passed\n'
