#!/bin/bash
# Goal: what ops/pki makes is what the gateway, the filer and a court's auditor rely on.
# Method: a throw-away PKI in a temporary directory, examined with stock openssl only; every refusal is
# provoked once, and every acceptance has a forgery beside it that must fail.
set -euo pipefail
this=$(realpath "${BASH_SOURCE[0]}")
pki=$(dirname "$this")/../../ops/pki
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

fail() { printf 'pki_test: %s\n' "$*" >&2; exit 1; }
must() { "$@" >said 2>&1 || { cat said >&2; fail "should have worked: $*"; }; }
must_not() { ! "$@" >said 2>&1 || fail "should have been refused: $*"; }
says() { grep -qF -- "$1" said || { cat said >&2; fail "should have said: $1"; }; }

test_keys_are_private() {
  local open_keys
  open_keys=$(find pki -name '*.key' -not -perm 600)
  [[ -z $open_keys ]] || fail "readable by others: $open_keys"
  [[ $(stat -c %a pki) == 700 ]] || fail 'the directory is open to others'
  (($(find pki -name '*.key' | wc -l) == 6)) || fail 'not the keys that were asked for'
}

test_roots_are_separate() {
  must openssl verify -CAfile pki/tls-root.pem pki/tls-root.pem
  must openssl verify -CAfile pki/receipt-root.pem pki/receipt-signer.pem
  must_not openssl verify -CAfile pki/tls-root.pem pki/receipt-signer.pem
  must_not openssl verify -CAfile pki/receipt-root.pem pki/clients/system-filer-one.pem
}

test_identity_stands_in_the_uri() {
  must openssl x509 -in pki/clients/system-filer-one.pem -noout -ext subjectAltName,extendedKeyUsage
  says URI:urn:nightbox:system:filer-one
  says 'TLS Web Client Authentication'
  must openssl verify -purpose sslclient -CAfile pki/tls-root.pem pki/clients/system-filer-one.pem
  must_not openssl verify -purpose sslserver -CAfile pki/tls-root.pem pki/clients/system-filer-one.pem
  must_not "$pki" client pki filer filer-one
  says 'is no role'
  must_not "$pki" client pki system 'one,URI:urn:nightbox:operator:root'
  says 'is no name'
}

test_server_answers_to_its_names() {
  for name in localhost gw.example.org; do
    must openssl verify -purpose sslserver -verify_hostname "$name" -CAfile pki/tls-root.pem pki/servers/gateway.pem
  done
  for address in 127.0.0.1 ::1 10.0.0.1; do
    must openssl verify -purpose sslserver -verify_ip "$address" -CAfile pki/tls-root.pem pki/servers/gateway.pem
  done
  must_not openssl verify -verify_hostname other.example.org -CAfile pki/tls-root.pem pki/servers/gateway.pem
  must_not openssl verify -purpose sslclient -CAfile pki/tls-root.pem pki/servers/gateway.pem
}

test_expired_is_expired() {
  must "$pki" client pki system too-late --expired
  must_not openssl verify -CAfile pki/tls-root.pem pki/clients/system-too-late.pem
  says 'certificate has expired'
}

sign() { must openssl cms -sign -binary -cades -in "$1" -signer pki/receipt-signer.pem -inkey pki/receipt-signer.key -outform DER -out "$1.p7s"; }
verify() { openssl cms -verify -binary -inform DER -in receipt.json.p7s -content "$1" -CAfile "$2" -purpose any -out /dev/null; }

test_receipt_signer_signs_receipts() {
  printf '{"type":"filing.received"}\n' >receipt.json
  printf '{"type":"filing.refused!"}\n' >forged.json
  sign receipt.json
  must verify receipt.json pki/receipt-root.pem
  must_not verify forged.json pki/receipt-root.pem
  must_not verify receipt.json pki/tls-root.pem
  must openssl x509 -in pki/receipt-signer.pem -noout -text
  says 'E-mail Protection, 1.3.6.1.5.5.7.3.36'
  says 'Private Key Usage Period'
  # Twenty-four years from now, with the bare command but for the time.
  must openssl verify -attime $(($(date +%s) + 24 * 365 * 86400)) -CAfile pki/receipt-root.pem pki/receipt-signer.pem
}

test_renewal_destroys_the_key_and_keeps_the_certificate() {
  local before=$scratch/signer-before.pem
  cp pki/receipt-signer.pem "$before"
  cp pki/receipt-signer.key key-before
  must "$pki" receipt pki --renew
  ! cmp -s "$before" pki/receipt-signer.pem || fail 'the certificate is the old one'
  ! cmp -s key-before pki/receipt-signer.key || fail 'the key is the old one'
  cmp -s "$before" pki/receipt-signer-*.pem || fail 'the old certificate was not kept'
  must verify receipt.json pki/receipt-root.pem
  # Without the root nothing can be issued, and nothing may be destroyed.
  mv pki/receipt-root.key elsewhere
  must_not "$pki" receipt pki --renew
  says 'fetch it'
  sign receipt.json
  must verify receipt.json pki/receipt-root.pem
  mv elsewhere pki/receipt-root.key
}

test_log_key_is_ed25519() {
  printf 'checkpoint' >note
  must openssl pkeyutl -sign -rawin -inkey pki/log-signer.key -in note -out note.sig
  must openssl pkeyutl -verify -rawin -pubin -inkey pki/log-signer.pub -in note -sigfile note.sig
  printf 'checkpoinT' >note
  must_not openssl pkeyutl -verify -rawin -pubin -inkey pki/log-signer.pub -in note -sigfile note.sig
}

test_running_again_changes_nothing() {
  local before after
  before=$(find pki -name '*.pem' -o -name '*.key' | sort | xargs sha256sum)
  must "$pki" init pki --name 'Another name'
  must "$pki" server pki gateway
  must "$pki" client pki system filer-one
  after=$(find pki -name '*.pem' -o -name '*.key' | sort | xargs sha256sum)
  [[ $before == "$after" ]] || fail 'an existing key or certificate was replaced'
}

test_data_directory_is_refused() {
  mkdir data
  printf 'NBHEAD01' >data/head
  must_not "$pki" init data/keys
  says 'keys must lie elsewhere'
  mkdir other
  printf 'nightbox-current/1\njournal-0001\n' >other/current
  must_not "$pki" init other/keys
  says 'keys must lie elsewhere'
  [[ ! -e data/keys && ! -e other/keys ]] || fail 'something was written into the data directory'
}

test_roots_can_be_locked() {
  printf 'correct horse battery staple\n' >passphrase
  must "$pki" init locked --passphrase-file passphrase
  grep -q 'ENCRYPTED PRIVATE KEY' locked/tls-root.key || fail 'the TLS root key is not encrypted'
  grep -q 'ENCRYPTED PRIVATE KEY' locked/receipt-root.key || fail 'the receipt root key is not encrypted'
  must "$pki" client locked operator dana --passphrase-file passphrase
  printf 'wrong\n' >passphrase
  must_not "$pki" client locked operator erin --passphrase-file passphrase
  [[ ! -e locked/clients/operator-erin.pem ]] || fail 'a certificate came of a wrong passphrase'
}

main() {
  must "$pki" init pki --name 'Throw-away court'
  must "$pki" server pki gateway --host gw.example.org --host 10.0.0.1
  must "$pki" client pki system filer-one
  # In the order in which they stand: a later one may look at what an earlier one made.
  local one
  for one in $(sed -n 's/^\(test_[a-z0-9_]*\)() {$/\1/p' "$this"); do
    "$one" </dev/null
    printf 'ok %s\n' "$one"
  done
}

main
