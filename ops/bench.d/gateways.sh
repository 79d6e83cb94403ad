# shellcheck shell=bash disable=SC2154
# What a bench measures: a throw-away PKI and the gateway, once as it is and once with its store off.
# Sourced by ops/bench; everything is relative to the bench's directory.
#
# No case system is needed: delivery is tried at a closed port, as in an outage.

readonly bin=$NIGHTBOX_ROOT/build/bin
readonly court=mo.cir.21.st-louis
programs=()
declare -A gateway_pid=()
declare -A intake_port=()

make_pki() {
  local pki=$NIGHTBOX_ROOT/ops/pki
  {
    "$pki" init pki --name 'Nightbox bench'
    "$pki" server pki gateway
    "$pki" client pki system bench
    "$pki" client pki gateway store-off-bench
  } >pki.log
}

# write_configuration NAME: the two differ in their directory only. Limits are out of the way: what is
# measured is the work, not the refusing.
write_configuration() {
  mkdir -p "$1/data" "$1/court-system"
  printf '[court_system]\nname = "bench"\n' >"$1/court-system/system.toml"
  printf '[[system]]\nname = "bench"\nacts_for = ["bench-*"]\n' >"$1/directory.toml"
  : >"$1/deny-list.toml"
  {
    trial_gateway store-off-bench 0 0 closed 1 "[\"$court\"]"
    cat <<END

[capacity]
${document_threads:+document_threads = $document_threads}
uploads_max = 256
uploads_per_system_max = 256
unused_upload_bytes_per_system_max = 100000000000
user_requests_per_minute = 1000000
user_requests_burst = 1000000
disk_reserve_uploads_bytes = 500000000
disk_reserve_filings_bytes = 200000000
END
  } >"$1/gateway.toml"
  if [[ -n $examiner ]]; then printf '\n[pdf_check]\nprogram = "%s"\n' "$examiner" >>"$1/gateway.toml"; fi
}

# start_gateway NAME [OPTION...]
start_gateway() {
  local name=$1 give_up_at=$((SECONDS + 30))
  shift
  "$bin/nightbox-gateway" --config "$name/gateway.toml" --port-file "$name/ports.json" "$@" >"$name/log" 2>&1 &
  gateway_pid[$name]=$!
  programs+=("$!")
  until [[ -s $name/ports.json ]]; do
    kill -0 "${gateway_pid[$name]}" 2>/dev/null && ((SECONDS < give_up_at)) ||
      { tail -n 5 "$name/log" >&2; die "the gateway $name did not start"; }
    read -r -t 0.05 -u "$nothing_comes" || true
  done
  intake_port[$name]=$(jq .intake "$name/ports.json")
}

start_gateways() {
  make_pki
  write_configuration durable
  write_configuration store-off
  "$bin/nightboxctl" journal init --config durable/gateway.toml >pki.log 2>&1 || die 'the journal could not be made'
  start_gateway durable
  start_gateway store-off --store-off
}

stop_gateways() {
  local name
  for name in "${!gateway_pid[@]}"; do
    kill -TERM "${gateway_pid[$name]}"
    wait "${gateway_pid[$name]}" || die "the gateway $name did not stop in good order ($?); see $name/log"
  done
  programs=()
}

# load GATEWAY CLIENTS NAME [OPTION...]: files, and prints the measurements as lines of JSON.
load() {
  local gateway=$1 clients=$2 name=$3
  shift 3
  "$bin/nightbox-bench" load --name "$name" --clients "$clients" --server "127.0.0.1:${intake_port[$gateway]}" \
    --ca pki/tls-root.pem --certificate pki/clients/system-bench.pem --key pki/clients/system-bench.key \
    --court "$court" --document-bytes "$document_bytes" --gateway-pid "${gateway_pid[$gateway]}" \
    --warm-up 1 --seconds "$seconds" "$@"
}

# Nobody ever writes here: reading from it with a limit is a pause that starts no process.
exec {nothing_comes}<> <(:)
