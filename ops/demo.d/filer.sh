# shellcheck shell=bash disable=SC2154
# The lawyer's side of the demo: typesetting, filing, waiting. Sourced by ops/demo.
#
# A filing goes by a short name. answers/NAME.json is what `nightbox file` said about it, outcome.json
# what it said at the end; `filed` has the names in the order of filing.

filed=()
filed_in_outage=()
in_outage=
declare -A caption=()
declare -A title=()

introduce_filer() {
  # A caller may be set up to file with a real gateway, or to reach the world through a proxy.
  unset NIGHTBOX_{SERVER,TLS_NAME,CERTIFICATE,KEY,CA,RECEIPT_ROOT,REGISTERED_USER,STAFF,STATE}
  export no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
  cat >filer/nightbox.toml <<END
server = "127.0.0.1:$intake_port"
certificate = "../pki/clients/system-demo-efile.pem"
key = "../pki/clients/system-demo-efile.key"
ca = "../pki/tls-root.pem"
receipt_root = "../pki/receipt-root.pem"
registered_user = "mo-bar-10001"
state = "state"
END
  export NIGHTBOX_CONFIG=$dir/filer/nightbox.toml
}

nightbox() { "$bin/nightbox" --json "$@"; }

# as_user USER COMMAND...: for another of the system's registered users.
as_user() {
  local -x NIGHTBOX_REGISTERED_USER=$1
  shift
  "$@"
}

answer() { jq -r "$2" "answers/$1.json"; }
filing_id() { answer "$1" .filing_id; }
case_number() { jq -r '.case_numbers[0].number' "answers/$1.json"; }
pdf_of() { printf 'filer/pleadings/%s.pdf' "$1"; }
size_of() { stat -c %s "$(pdf_of "$1")"; }

# --- Pleadings ------------------------------------------------------------------------------------

# The court's name as the gateway knows it, for the caption.
learn_caption() {
  if [[ -n ${caption[$1]:-} ]]; then return; fi
  nightbox policy "$1" >answers/policy.json || { cat answers/policy.json >&2; die "no policy for $1"; }
  caption[$1]=$(answer policy .court_name)
}

# make_pdf NAME TEXT COURT CASE [OPTION...]
make_pdf() {
  local name=$1 text=$NIGHTBOX_ROOT/ops/pleadings/texts/$2.txt court=$3 case=$4
  shift 4
  learn_caption "$court"
  title[$name]=$(sed -n 's/^title: *//p' "$text")
  "$bin/nightbox-typeset" "$text" --output "$(pdf_of "$name")" --set "court=In the ${caption[$court]}" \
    --set "case=$case" "$@" >>log/typeset.log || die "$name could not be typeset"
}

# --- Filing ---------------------------------------------------------------------------------------

# file_in NAME COURT TEXT CASE [OPTION...]: in an existing case.
file_in() {
  local name=$1 court=$2 text=$3 case=$4
  shift 4
  make_pdf "$name" "$text" "$court" "$case"
  file_pdf "$name" "$court" "$name" --case "$case" "$@"
}

# file_new NAME COURT TEXT CATEGORY TYPE [OPTION...]: opens a case.
file_new() {
  local name=$1 court=$2 text=$NIGHTBOX_ROOT/ops/pleadings/texts/$3.txt category=$4 type=$5
  local -a parties
  shift 5
  mapfile -t parties < <(sed -nE 's/^(party|versus): *(.*), ([^,]*)$/\2:\3/p' "$text")
  make_pdf "$name" "$(basename "$text" .txt)" "$court" 'to be assigned'
  file_pdf "$name" "$court" "$name" --new-case "$category" --case-type "$type" \
    --title "${parties[0]%:*} v. ${parties[1]%:*}" "${parties[@]/#/--party=}" "$@"
}

# follow NAME COURT TEXT OPENER: in the case that another filing opens.
follow() {
  make_pdf "$1" "$3" "$2" 'to be assigned'
  file_pdf "$1" "$2" "$1" --opened-by "$(filing_id "$4")"
}

# file_pdf NAME COURT PDF [OPTION...]: the receipt is here when this returns.
file_pdf() {
  local name=$1 court=$2 pdf=$3
  shift 3
  nightbox file --timeout 60 --court "$court" --document "$(pdf_of "$pdf"):lead:${title[$pdf]}" "$@" >"answers/$name.json" ||
    not_filed "$name"
  note_filed "$name" "$pdf"
}

not_filed() {
  cat "answers/$1.json" >&2
  die "$1 was not filed"
}

# note_filed NAME PDF: remembers a filing that has its receipt, and says so.
note_filed() {
  filed+=("$1")
  if [[ -n $in_outage ]]; then filed_in_outage+=("$1"); fi
  printf '   received  %-24s %-44s %8s bytes  %s\n' "$(answer "$1" .court)" "${title[$2]}" "$(size_of "$2")" \
    "$(answer "$1" '.case_numbers[0].number // ""')"
}

# refused_pdf PDF COURT REASON [OPTION...]: is refused for this reason, and told what to do.
refused_pdf() {
  local pdf=$1 court=$2 reason=$3 code=0
  shift 3
  nightbox file --timeout 60 --court "$court" --document "$(pdf_of "$pdf"):lead:${title[$pdf]}" "$@" >"answers/$pdf.json" || code=$?
  [[ $code == 1 && $(answer "$pdf" .error.reason) == "$reason" ]] || not_filed "$pdf"
  [[ -n $(answer "$pdf" '.error.what_now // ""') ]] || die "$pdf was refused without advice"
  say "   refused   $(answer "$pdf" .error.message)"
  say "             $(answer "$pdf" .error.what_now)"
}

begin_outage() { in_outage=yes; }
end_outage() { in_outage=; }

# --- An upload that is interrupted ------------------------------------------------------------------

# start_upload NAME COURT PDF [OPTION...]: files in the background.
start_upload() {
  local name=$1 court=$2 pdf=$3
  shift 3
  "$bin/nightbox" --json file --timeout 60 --court "$court" --document "$(pdf_of "$pdf"):lead:${title[$pdf]}" \
    "$@" >"answers/$name.json" &
  upload=$!
  programs+=("$upload")
}

# How much of the document the gateway says is stored for good. Asked with curl and protoc, so that it is not
# the uploading client's word.
readonly query_service=nightbox.intake.v1 query_proto=nightbox/intake/v1/intake.proto
stored=0

# ask_about PDF: makes the question, once.
ask_about() {
  local digest length
  digest=$(sha256sum "$(pdf_of "$1")" | cut -c 1-64 | sed 's/../\\x&/g')
  printf 'registered_user: "mo-bar-10001" sha256: "%s"\n' "$digest" |
    protoc -I "$NIGHTBOX_ROOT/proto" --encode="$query_service.QueryDocumentWriteRequest" "$query_proto" >log/question
  length=$(stat -c %s log/question)
  # A gRPC message: a zero, its length in four bytes (less than 256 here), the message.
  { printf '\0\0\0\0%b' "$(printf '\\x%02x' "$length")"; cat log/question; } >log/question.grpc
}

# count_stored: asks, and leaves the number of bytes in $stored; false when there is no answer.
count_stored() {
  rm -f log/answer
  curl -sS --http2 --max-time 10 --cacert pki/tls-root.pem --cert pki/clients/system-demo-efile.pem \
    --key pki/clients/system-demo-efile.key -H 'content-type: application/grpc' -H 'te: trailers' \
    --data-binary @log/question.grpc -o log/answer \
    "https://127.0.0.1:$intake_port/$query_service.IntakeService/QueryDocumentWrite" || return
  # Nothing at all is what it answers while it knows nothing of the document.
  stored=$(tail -c +6 log/answer |
    protoc -I "$NIGHTBOX_ROOT/proto" --decode="$query_service.WriteDocumentResponse" "$query_proto" |
    awk '$1 == "committed_size_bytes:" { bytes = $2 } END { print bytes + 0 }')
}

is_part() { (($1 > 0 && $1 < $(size_of "$2"))); }
# Sooner or later a part is stored; when all of it is, it is too late.
partly_stored() {
  count_stored || return
  ((stored < $(size_of "$1"))) || die 'the whole upload was through before it could be interrupted'
  is_part "$stored" "$1"
}

# finish_upload NAME PDF: it goes on by itself, from where the gateway stands.
finish_upload() {
  local name=$1 pdf=$2 sent size
  wait "$upload" || not_filed "$name"
  forget "$upload"
  note_filed "$name" "$pdf"
  sent=$(answer "$name" .bytes_sent)
  size=$(size_of "$pdf")
  say "   resumed after $(answer "$name" .bytes_resumed) bytes; sent again $((sent - size)) of $size"
  (($(answer "$name" .bytes_resumed) > 0 && sent - size < size)) || die 'the whole document was sent again'
}

# --- Waiting for the court --------------------------------------------------------------------------

# wait_settled NAME...: until each is docketed or returned.
wait_settled() {
  local name code docketed=0 returned=0
  for name in "$@"; do
    code=0
    nightbox watch "$(filing_id "$name")" --timeout 60 >"answers/$name.outcome.json" || code=$?
    case $code in
      0) docketed=$((docketed + 1)) ;;
      5) returned=$((returned + 1)) ;;
      *) cat "answers/$name.outcome.json" >&2; die "$name was not settled ($code)" ;;
    esac
  done
  say "   settled: $docketed docketed, $returned returned by the clerk"
}

# returned_with NAME REASON
returned_with() {
  local said
  said=$(answer "$1.outcome" .reason)
  [[ $said == "$2" ]] || die "$1 was to be returned with a reason, which is: $said"
  say "   returned  $(answer "$1" .court): $said"
}

# still_pending NAME...
still_pending() {
  local name delivery
  for name in "$@"; do
    nightbox status "$(filing_id "$name")" >"answers/$name.pending.json" ||
      { cat "answers/$name.pending.json" >&2; die "nothing is known of $name"; }
    delivery=$(answer "$name.pending" .delivery)
    [[ $delivery == pending ]] || die "$name should still be waiting for its court, and is $delivery"
  done
  say "   waiting: $# for the courts that are away"
}

outbox_is_empty() {
  local waiting
  waiting=$(nightbox outbox | jq '[.entries[] | select(.stage == "waiting" or .stage == "received")] | length')
  ((waiting == 0)) || die "$waiting filings are still in the filer's outbox"
}
