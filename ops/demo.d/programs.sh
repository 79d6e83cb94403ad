# shellcheck shell=bash disable=SC2154
# The demo's PKI, its case system and its gateway: making, starting, killing. Sourced by ops/demo.

readonly bin=$NIGHTBOX_ROOT/build/bin
readonly gateway_name=demo-gateway
case_system_pid=
case_system_port=
gateway_pid=
intake_port=0
http_port=0
status_page=

make_pki() {
  local pki=$NIGHTBOX_ROOT/ops/pki
  {
    "$pki" init pki --name 'Nightbox demo'
    "$pki" server pki gateway
    "$pki" server pki case-system
    "$pki" client pki gateway "$gateway_name"
    "$pki" client pki system demo-efile
    "$pki" client pki operator demo-operator
  } >log/pki.log
}

# launch NAME COMMAND...: in the background; leaves its process id in $launched.
launch() {
  local name=$1
  shift
  "$@" >>"log/$name.log" 2>&1 &
  launched=$!
  programs+=("$launched")
  printf '%s\n' "$launched" >"log/$name.pid"
}

# up NAME PID COMMAND...: whether the program is so far; dies when it has ended instead.
up() {
  local name=$1 pid=$2
  shift 2
  if ! kill -0 "$pid" 2>/dev/null; then
    tail -n 20 "log/$name.log" >&2
    die "$name ended instead of starting"
  fi
  "$@" >/dev/null 2>&1
}

# kill_hard PID: no time to tidy up.
kill_hard() {
  kill -KILL "$1"
  wait "$1" 2>/dev/null || true
  forget "$1"
}

# --- Case system ----------------------------------------------------------------------------------

# start_case_system PORT [COMMAND...]: with these commands carried out before anything is served.
start_case_system() {
  local port=$1 command commands=()
  shift
  for command in "$@"; do commands+=(--command "$command"); done
  rm -f case_system/port
  launch case-system "$bin/nightbox-case-system" serve --data case_system/data \
    --rules-data "$NIGHTBOX_ROOT/rules/data" --listen "127.0.0.1:$port" \
    --port-file case_system/port --control case_system/control.sock --consistency-group demo \
    --tls-certificate pki/servers/case-system.pem --tls-key pki/servers/case-system.key \
    --tls-client-ca pki/tls-root.pem "${commands[@]}"
  case_system_pid=$launched
  wait_until 30 'the case system to listen' up case-system "$case_system_pid" test -s case_system/port
  case_system_port=$(<case_system/port)
}

control_case_system() {
  "$bin/nightbox-case-system" control case_system/control.sock "$1" >>log/control.log ||
    die "the case system refused: $1"
}

kill_case_system() { kill_hard "$case_system_pid"; }

# --- Gateway --------------------------------------------------------------------------------------

make_gateway() {
  printf '[[system]]\nname = "demo-efile"\nacts_for = ["mo-bar-*"]\n' >gateway/directory.toml
  : >gateway/deny-list.toml
  write_gateway_configuration
  nightboxctl journal init --config gateway/gateway.toml >>log/nightboxctl.log 2>&1 ||
    die 'the journal could not be made: see log/nightboxctl.log'
}

# Port 0 the first time; afterwards the ports it had, because filers know them.
write_gateway_configuration() {
  mkdir -p gateway/court-system
  cat >gateway/court-system/system.toml <<END
[court_system]
name = "Missouri (demo)"

# The appellate courts take whole records on appeal; the circuit courts keep Missouri's likely limits.
[[court]]
id = "mo.app.*"
document_size_max_bytes = 100000000
filing_size_max_bytes = 300000000
END
  {
    trial_gateway "$gateway_name" "$intake_port" "$http_port" demo "$case_system_port" \
      '["mo.sup", "mo.app.*", "mo.cir.*"]'
    cat <<'END'

# A laptop's disk will do.
[capacity]
disk_reserve_uploads_bytes = 500000000
disk_reserve_filings_bytes = 200000000

# In the shipped configuration a court that is away is asked less and less often, up to five minutes apart.
[replay]
probe_first_ms = 100
probe_max_ms = 500
filing_first_ms = 100
filing_max_ms = 500
check_interval_ms = 500
END
  } >gateway/gateway.toml
}

start_gateway() {
  rm -f gateway/ports.json
  write_gateway_configuration
  launch gateway "$bin/nightbox-gateway" --config gateway/gateway.toml --port-file gateway/ports.json
  gateway_pid=$launched
  wait_until 30 'the gateway to listen' up gateway "$gateway_pid" test -s gateway/ports.json
  intake_port=$(jq .intake gateway/ports.json)
  http_port=$(jq .http gateway/ports.json)
  status_page=http://127.0.0.1:$http_port/
  wait_until 30 'the gateway to be ready' up gateway "$gateway_pid" curl -sf "${status_page}readyz"
}

kill_gateway() { kill_hard "$gateway_pid"; }

# As an operator, with an operator's certificate.
nightboxctl() {
  NIGHTBOXCTL_SERVER=127.0.0.1:$intake_port NIGHTBOXCTL_CA=pki/tls-root.pem \
    NIGHTBOXCTL_CERTIFICATE=pki/clients/operator-demo-operator.pem \
    NIGHTBOXCTL_KEY=pki/clients/operator-demo-operator.key "$bin/nightboxctl" "$@"
}

stop_programs() {
  kill -TERM "$gateway_pid"
  wait "$gateway_pid" || die "the gateway did not stop in good order ($?)"
  control_case_system stop
  wait "$case_system_pid" || die "the case system did not stop in good order ($?)"
  programs=()
  nightboxctl journal verify --config gateway/gateway.toml --root pki/receipt-root.pem >log/journal-verify.log ||
    die 'the journal does not verify: see log/journal-verify.log'
}

print_addresses() {
  cat <<END

Everything is left running, in $dir. To try it as a filer:
  export NIGHTBOX_CONFIG=$dir/filer/nightbox.toml      # gateway, certificate, user, receipt root
  $bin/nightbox file --court mo.cir.42.dent --case 24X01-CC00001 --document $dir/filer/pleadings/good-motion.pdf
As the court:
  $bin/nightbox-case-system control $dir/case_system/control.sock 'away mo.cir.42'
As the operator:
  export NIGHTBOXCTL_SERVER=127.0.0.1:$intake_port NIGHTBOXCTL_CA=$dir/pki/tls-root.pem
  export NIGHTBOXCTL_CERTIFICATE=$dir/pki/clients/operator-demo-operator.pem
  export NIGHTBOXCTL_KEY=$dir/pki/clients/operator-demo-operator.key
  $bin/nightboxctl backlog
Gateway             127.0.0.1:$intake_port, status page $status_page
Case system         127.0.0.1:$case_system_port
Certificate, key    $dir/pki/clients/system-demo-efile.pem, .key
Receipt root        $dir/pki/receipt-root.pem
To stop it:         kill $gateway_pid $case_system_pid

END
}
