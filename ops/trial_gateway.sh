# shellcheck shell=bash
# What a throw-away gateway is configured with, for ops/demo and ops/bench: the sections that must agree
# with ops/pki and with each other. Sourced, never run.

# trial_gateway NAME INTAKE_PORT HTTP_PORT CASE_SYSTEM CASE_SYSTEM_PORT COURTS: prints them. The gateway
# lies in a directory beside pki/; CASE_SYSTEM is also its consistency group, COURTS is a list in TOML.
# What follows in the file is the caller's.
trial_gateway() {
  local name=$1 intake=$2 http=$3 case_system=$4 case_system_port=$5 courts=$6
  cat <<END
[gateway]
name = "$name"
data_directory = "data"
court_system = "court-system"
profile = "trial"

[intake]
listen = ["127.0.0.1:$intake"]
certificate = "../pki/servers/gateway.pem"
key = "../pki/servers/gateway.key"
client_ca = "../pki/tls-root.pem"

[receipts]
certificate = "../pki/receipt-signer.pem"
key = "../pki/receipt-signer.key"
root = "../pki/receipt-root.pem"
log_key = "../pki/log-signer.key"

[access]
directory = "directory.toml"
deny_list = "deny-list.toml"

[http]
listen = "127.0.0.1:$http"

[[case_system]]
name = "$case_system"
consistency_group = "$case_system"
endpoints = ["127.0.0.1:$case_system_port"]
ca = "../pki/tls-root.pem"
certificate = "../pki/clients/gateway-$name.pem"
key = "../pki/clients/gateway-$name.key"
server_name = "localhost"
courts = $courts
END
}
