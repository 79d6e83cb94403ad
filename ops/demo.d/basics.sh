# shellcheck shell=bash disable=SC2154
# The demo's options, its directory, and how it waits. Sourced by ops/demo.

dir=
keep=
made_here=
step_number=0
programs=()

usage() { die "usage: ops/demo [--dir DIR] [--keep]"; }

parse_options() {
  while (($# > 0)); do
    case $1 in
      --dir) [[ -n ${2:-} ]] || usage; dir=$2; shift ;;
      --keep) keep=yes ;;
      *) usage ;;
    esac
    shift
  done
  if [[ -n $dir ]]; then dir=$(cd "$caller_directory" && realpath -m -- "$dir"); fi
}

step() {
  step_number=$((step_number + 1))
  say ''
  say "$step_number. $1"
}

# Whatever ends the demo unasked says where it stood; what dies by itself has said why.
set -E
trap 'complain "step $step_number: failed ($?) in ${BASH_SOURCE[0]##*/}, line $LINENO: $BASH_COMMAND"' ERR

# Two demos at the same time build one after the other.
build_programs() {
  local building
  exec {building}>"$NIGHTBOX_ROOT/build/demo-build.lock"
  flock "$building"
  ops/setup
  say 'building the programs (minutes the first time, nothing after that)'
  quietly build-demo build_preset release nightbox-gateway nightbox-pdf-check nightbox nightboxctl \
    nightbox-case-system nightbox-typeset
  exec {building}>&-
  SECONDS=0
}

# --- The directory --------------------------------------------------------------------------------

readonly marker=.made-by-nightbox-demo

# Everything below is said relative to the directory: it is shorter, and a Unix socket's path is bounded.
open_directory() {
  if [[ -z $dir ]]; then
    dir=$(mktemp -d "${TMPDIR:-/tmp}/nightbox-demo.XXXXXX")
    made_here=yes
  else
    clear_directory
  fi
  trap leave EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  cd "$dir" || exit
  : >"$marker"
  mkdir -p log case_system gateway/data filer/pleadings answers receipts
  say "everything is in $dir"
}

clear_directory() {
  mkdir -p "$dir"
  if [[ -z $(ls -A "$dir") ]]; then return; fi
  [[ -e $dir/$marker ]] || die "$dir holds something that no demo left there; choose another directory"
  local pid running=()
  while read -r pid; do
    if [[ $(readlink "/proc/$pid/cwd") == "$dir" ]]; then running+=("$pid"); fi
  done < <(cat "$dir"/log/*.pid 2>/dev/null)
  ((${#running[@]} == 0)) || die "a kept demo still runs in $dir: kill ${running[*]}"
  find "$dir" -mindepth 1 -delete
}

leave() {
  local status=$?
  cd /
  if ((status == 0)) && [[ -n $keep ]]; then return; fi
  if ((${#programs[@]} > 0)); then kill -KILL "${programs[@]}" 2>/dev/null || true; fi
  wait 2>/dev/null || true
  if ((status == 0)) && [[ -n $made_here ]]; then
    rm -rf -- "$dir"
  elif ((status != 0)); then
    complain "FAILED; everything is in $dir, logs in $dir/log"
  fi
}

# --- Waiting --------------------------------------------------------------------------------------

# Nobody ever writes here: reading from it with a limit is a pause that starts no process.
exec {nothing_comes}<> <(:)

# wait_until SECONDS WHAT COMMAND...: asks twenty times a second whether it is so.
wait_until() {
  local give_up_at=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    ((SECONDS < give_up_at)) || die "waited in vain for $what"
    read -r -t 0.05 -u "$nothing_comes" || true
  done
}

# forget PID: it has ended, and its number may be somebody else's by now.
forget() { mapfile -t programs < <(without "$1" "${programs[@]}"); }

# without "A B" C...: the rest of the words, one a line.
without() {
  local left_out=" $1 " word
  shift
  for word in "$@"; do
    if [[ $left_out != *" $word "* ]]; then printf '%s\n' "$word"; fi
  done
}
