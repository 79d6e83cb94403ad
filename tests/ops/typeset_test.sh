#!/bin/bash
# Goal: what nightbox-typeset makes is a PDF that a court's reader takes, as large as was asked for, and
# the same bytes every time.
# Method: every text in the repository is set and examined with poppler and qpdf; wrong texts must be
# refused at their line. The program is the first argument.
set -euo pipefail
this=$(realpath "${BASH_SOURCE[0]}")
typeset=$(realpath "${1:?usage: typeset_test.sh PROGRAM}")
texts=$(realpath "$(dirname "$this")/../../ops/pleadings/texts")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# fontconfig keeps what it has read until the process ends; the leak checker calls that a leak.
printf 'leak:libfontconfig\n' >known-leaks
export LSAN_OPTIONS=suppressions=$scratch/known-leaks:print_suppressions=0

fail() { printf 'typeset_test: %s\n' "$*" >&2; exit 1; }
must() { "$@" >said 2>&1 || { cat said >&2; fail "should have worked: $*"; }; }
must_not() { ! "$@" >said 2>&1 || fail "should have been refused: $*"; }
says() { grep -qF -- "$1" said || { cat said >&2; fail "should have said: $1"; }; }

test_every_text_becomes_a_pdf() {
  local text name count=0
  for text in "$texts"/*.txt; do
    name=$(basename "$text" .txt)
    must "$typeset" "$text" --output "$name.pdf" --set 'case=24SL-CC00017'
    must qpdf --check "$name.pdf"
    must pdfinfo "$name.pdf"
    must pdftotext -layout "$name.pdf" -
    says 'Case No. 24SL-CC00017'
    says 'Page 1 of'
    says 'Invented parties'
    count=$((count + 1))
  done
  ((count >= 8)) || fail "only $count texts"
}

test_long_text_flows_over_pages() {
  must "$typeset" "$texts/appellants-brief.txt" --output brief.pdf
  must pdfinfo brief.pdf
  says 'Pages:           3'
  must pdftotext brief.pdf -
  says 'Page 3 of 3'
  # The last words of the text are on paper.
  says "three years' use on the counterclaim."
}

test_same_text_makes_the_same_bytes() {
  must "$typeset" "$texts/petition.txt" --output one.pdf --scan-to 3000000
  must "$typeset" "$texts/petition.txt" --output two.pdf --scan-to 3000000
  must cmp one.pdf two.pdf
  must "$typeset" "$texts/petition.txt" --output two.pdf --scan-to 3000000 --seed 2
  must_not cmp one.pdf two.pdf
}

test_scans_have_the_size_asked_for() {
  local asked size
  for asked in 300000 8000000; do
    must "$typeset" "$texts/exhibit.txt" --output "scan-$asked.pdf" --scan-to "$asked"
    size=$(stat -c %s "scan-$asked.pdf")
    ((size >= asked && size <= asked + 200000)) || fail "$asked bytes were asked for, $size came"
    [[ $(<said) == "$size" ]] || fail 'the size it printed is not the size'
    must qpdf --check "scan-$asked.pdf"
  done
  # The bytes are really there: nothing on the way can make them fewer.
  size=$(gzip -6 <scan-8000000.pdf | wc -c)
  ((size > 7600000)) || fail "8 MB can be compressed to $size bytes"
}

test_wrong_text_is_refused_at_its_line() {
  printf 'court: A\nparty: B\nauthor: C\n' >wrong.txt
  must_not "$typeset" wrong.txt --output wrong.pdf
  says 'line 3: known members are'
  printf 'court: A\nparty: B\n\nText\n' >wrong.txt
  must_not "$typeset" wrong.txt --output wrong.pdf
  says 'court, party and title must stand'
  must_not "$typeset" no-such.txt --output wrong.pdf
  says 'cannot be read'
  must_not "$typeset" "$texts/motion.txt" --output wrong.pdf --set 'judge=Somebody'
  says 'has no member judge'
  must_not "$typeset" "$texts/motion.txt" --output no/such/place.pdf
  says 'cannot write'
}

main() {
  local one
  for one in $(sed -n 's/^\(test_[a-z0-9_]*\)() {$/\1/p' "$this"); do
    "$one" </dev/null
    printf 'ok %s\n' "$one"
  done
}

main
