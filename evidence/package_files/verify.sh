#!/bin/sh
# Checks the receipt beside this script, with stock openssl and GNU coreutils only. Read it: it is short.
#
#   sh verify.sh ROOT [DOCUMENT...]
#
# ROOT is what you trust and must not come from this package: the court's receipt root as a PEM file, or
# the SHA-256 fingerprint the court publishes. Each DOCUMENT must be one of the receipt's documents.
# Exits 0: verified. 1: refused. 3: consistent in itself, but nothing proves the root.
set -eu
LC_ALL=C
export LC_ALL
work=$(mktemp -d)
finished=no
trap 'rm -rf "$work"; [ $finished = yes ] || { echo "REFUSED: the check did not complete" >&2; exit 1; }' EXIT
refuse() {
  echo "REFUSED: $*" >&2
  finished=yes
  exit 1
}
absolute() { case $1 in /*) printf '%s\n' "$1" ;; *) printf '%s\n' "$PWD/$1" ;; esac; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
unhex() { tr a-f A-F | basenc --base16 -d; }
sha256() { sha256sum | cut -c1-64; }
fingerprint() { openssl x509 -in "$1" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g'; }
# The one value of a member that stands alone on its line, with this indentation.
member() {
  found=$(sed -n "s/^$2\"$3\": \"\\{0,1\\}\\([^\"]*[^\",]\\)\"\\{0,1\\},\\{0,1\\}\$/\\1/p" "$1")
  if [ -z "$found" ] || [ "$(printf '%s\n' "$found" | wc -l)" -ne 1 ]; then
    refuse "$1 has no single $3"
  fi
  printf '%s\n' "$found"
}
number() { case $1 in '' | *[!0-9]* | ???????????????????*) refuse "not a number: $2" ;; esac; }

trust=${1-}
[ $# -eq 0 ] || shift
first=$PWD
cd "$(dirname "$0")"
here=$PWD

# 1. The root. Only its first certificate counts: a second one could hide behind a good fingerprint.
proven=yes
case $trust in
  '') proven=no ;;
  *)
    bare=$(printf '%s' "$trust" | tr -d ': ' | tr a-f A-F)
    if [ ${#bare} -eq 64 ] && [ -z "$(printf '%s' "$bare" | tr -d 0-9A-F)" ]; then
      [ "$bare" = "$(fingerprint root.pem)" ] || refuse "root.pem does not have the fingerprint you trust"
    else
      file=$(cd "$first" && absolute "$trust")
      [ -f "$file" ] || refuse "no such root file: $trust"
      if [ "$(realpath "$file")" = "$(realpath root.pem)" ]; then proven=no; fi
      openssl x509 -in "$file" -out "$work/root.pem" 2>/dev/null || refuse "not a certificate: $trust"
    fi
    ;;
esac
[ -f "$work/root.pem" ] || openssl x509 -in root.pem -out "$work/root.pem" 2>/dev/null ||
  refuse "root.pem is not a certificate"

# 2. The signature over the exact bytes of the receipt, up to that root and no other.
openssl cms -verify -binary -inform DER -in receipt.json.p7s -content receipt.json \
  -CAfile "$work/root.pem" -no-CApath -no-CAstore -purpose any -out /dev/null 2>"$work/errors" ||
  refuse "the signature does not verify: $(tail -n 1 "$work/errors")"
sed -n '2s/^  "statement": "\(.*\)",$/\1/p' receipt.json
echo "signature: good"

# 3. The checkpoint, signed by the log key that the signed receipt names.
origin=$(member receipt.json '    ' origin)
key=$(member receipt.json '    ' key)
[ "$(sed -n 1p checkpoint.txt)" = "$origin" ] || refuse "the checkpoint is of another log"
sed '/^$/,$d' checkpoint.txt >"$work/body"
grep -F -- "— $origin " checkpoint.txt | sed -n '1s/.* //p' | base64 -d >"$work/signed" 2>/dev/null ||
  refuse "the checkpoint has no signature of its log"
tail -c 64 "$work/signed" >"$work/signature"
key=${key#"$origin+"}
printf '%s' "${key#*+}" | base64 -d >"$work/key" 2>/dev/null || refuse "the log key is damaged"
[ "$(wc -c <"$work/key")" -eq 33 ] || refuse "the log key is damaged"
{
  printf 302a300506032b6570032100 | unhex # "an Ed25519 public key follows", in DER
  tail -c 32 "$work/key"
} >"$work/key.der"
openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/key.der" -in "$work/body" \
  -sigfile "$work/signature" >/dev/null 2>&1 || refuse "the checkpoint's signature does not verify"

# 4. The receipt's place in the log, from its leaf up to the checkpoint's root (RFC 9162, 2.1.3.2).
index=$(member inclusion.json '  ' leaf_index)
size=$(sed -n 2p checkpoint.txt)
number "$index" leaf_index
number "$size" "tree size"
[ "$index" = "$(member receipt.json '    ' leaf_index)" ] || refuse "the proof is for another leaf"
[ "$index" -lt "$size" ] || refuse "the checkpoint is older than the receipt"
root=$(sed -n 3p checkpoint.txt | base64 -d | hex)
[ ${#root} -eq 64 ] || refuse "the checkpoint's root is damaged"
hash=$(printf '00%s' "$(sha256 <receipt.json)" | unhex | sha256)
node=$index
last=$((size - 1))
sed -n 's/^    "\([0-9a-f]\{64\}\)",\{0,1\}$/\1/p' inclusion.json >"$work/path"
while read -r step; do
  [ "$last" -ne 0 ] || refuse "the proof is too long"
  if [ $((node & 1)) -eq 1 ] || [ "$node" -eq "$last" ]; then
    hash=$(printf '01%s%s' "$step" "$hash" | unhex | sha256)
    while [ $((node & 1)) -eq 0 ] && [ "$node" -ne 0 ]; do
      node=$((node >> 1)) last=$((last >> 1))
    done
  else
    hash=$(printf '01%s%s' "$hash" "$step" | unhex | sha256)
  fi
  node=$((node >> 1)) last=$((last >> 1))
done <"$work/path"
if [ "$last" -ne 0 ] || [ "$hash" != "$root" ]; then
  refuse "the receipt is not in the log of this checkpoint"
fi
echo "log: entry $index of $size in $origin"

# 5. The documents.
for document in "$@"; do
  file=$(cd "$first" && absolute "$document")
  [ -f "$file" ] || refuse "no such document: $document"
  grep -q "^      \"sha256\": \"$(sha256 <"$file")\",\{0,1\}\$" receipt.json ||
    refuse "not a document of this receipt: $document"
  echo "document: $document is on the receipt"
done

cd "$here"
finished=yes
if [ $proven = no ]; then
  echo "CONSISTENT, ROOT UNPROVEN: compare this fingerprint with the one the court publishes:"
  fingerprint "$work/root.pem" | sed 's/../&:/g; s/:$//'
  exit 3
fi
echo "VERIFIED"
