# shellcheck shell=bash disable=SC2154
# The demo's end: receipts, docket, balance, summary. Sourced by ops/demo.

readonly database=case_system/data/case_system.sqlite
verified=0

fetch_receipts() {
  local name
  for name in "${filed[@]}"; do
    nightbox receipt "$(filing_id "$name")" --output "receipts/$name.zip" >"answers/$name.receipt.json" ||
      die "there is no evidence package for $name"
  done
}

# The line that every receipt prints; it is what is run here.
readonly verify_line='openssl cms -verify -binary -inform DER -in receipt.json.p7s -content receipt.json -CAfile root.pem -no-CApath -no-CAstore -purpose any -out /dev/null'

# signature_holds DIRECTORY: by the receipt's own line and our root, not by the one in the package.
signature_holds() {
  (cd "$1" && bash -c "$verify_line") >>log/openssl.log 2>&1
}

verify_receipts() {
  local package unpacked=log/unpacked
  for package in receipts/*.zip; do
    rm -rf "$unpacked"
    mkdir "$unpacked"
    unzip -q "$package" receipt.json receipt.json.p7s -d "$unpacked"
    cp pki/receipt-root.pem "$unpacked/root.pem"
    jq -e --arg line "$verify_line" '.how_to_verify | index($line)' "$unpacked/receipt.json" >/dev/null ||
      die "$package does not say how it is verified"
    signature_holds "$unpacked" || die "$package does not verify"
    documents_are_filed "$unpacked/receipt.json" || die "$package names a document that was not filed"
    verified=$((verified + 1))
  done
  # A check that cannot fail is no check.
  sed -i 's/"sequence": \([0-9]\)/"sequence": 9\1/' "$unpacked/receipt.json"
  if signature_holds "$unpacked"; then die 'a receipt that was changed verifies'; fi
  say "   $verified receipts verify; one with a changed digit does not"
}

# documents_are_filed RECEIPT: every digest on it is that of a file here.
documents_are_filed() {
  local digests
  [[ -s log/sha256 ]] || sha256sum filer/pleadings/*.pdf | cut -c 1-64 >log/sha256
  digests=$(jq -r '.documents[].sha256' "$1")
  [[ -n $digests ]] && ! grep -vqxFf log/sha256 <<<"$digests"
}

print_docket() {
  sqlite3 -readonly -box "$database" \
    "SELECT court_id AS court, case_number AS 'case', title,
            strftime('%H:%M:%S', received_at / 1000000, 'unixepoch') AS 'received UTC',
            strftime('%H:%M:%S', docketed_at / 1000000, 'unixepoch') AS 'docketed UTC'
     FROM docket ORDER BY court_id, case_number, id"
  sqlite3 -readonly "$database" "SELECT 'returned: ' || court_id || ': ' || reason FROM filings WHERE state = 'returned'"
}

# As the gateway tells its operator. Every receipt is in exactly one class.
print_balance() {
  nightboxctl status | grep '^received ' || die 'the gateway does not say its balance'
  nightboxctl --json status | jq -e '.balance | .received == .docketed + .returned and .received > 0' >/dev/null ||
    die "by the gateway's own balance something is not settled"
}

# The checker's exit code decides; everything else was decided before.
write_summary() {
  local judged=yes
  "$NIGHTBOX_ROOT/ops/check_docket" receipts "$database" >log/verdict.json || judged=
  jq --argjson outage "${#filed_in_outage[@]}" --argjson verified "$verified" \
    '{received, received_during_outage: $outage, docketed, returned, duplicates, lost, out_of_order,
      verified: $verified}' log/verdict.json >summary.json
  cat summary.json
  if [[ -z $judged ]]; then
    jq -r '.findings[]' log/verdict.json >&2
    die 'the docket is not as promised'
  fi
  jq -e --argjson filed "${#filed[@]}" '.received == $filed and .verified == $filed and .returned == 1 and
    .docketed == $filed - 1' summary.json >/dev/null || die 'not every filing has its receipt and its end'
}
