#!/usr/bin/env bash
# The lab's main job: build, run the experiments, write the CSVs, draw the figures, show the table.
set -euo pipefail
# shellcheck source=cmake/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/cmake/environment.sh"

usage() {
  cat <<'END'
usage: ./run_bench.sh [OPTIONS]

Installs what is missing, builds the lab optimised, runs experiments, and draws their figures.

  --quick             a small set of experiments, under 3 minutes (the default)
  --full              all of them, at most 90 minutes; also installs the programs we race against
  --experiment NAME   one experiment
  --reproduce FIGURE [RESULTS]
                      measure a figure's experiment again with the seed of RESULTS (results/latest),
                      and say whether the new results agree with them
  --coursework        what a report needs, some 3 minutes, and a zip to hand in: figures as wide as
                      a column, a LaTeX table, a summary, the conditions; nine blocks of
                      "connections", as "makes no difference" needs eight pairs
  --self-test         does the bench find what is there, and nothing else? Some 3 minutes
  --doctor[=json]     what this machine can do, what is lost by what it cannot, and what to do
                      about it; installs, builds and measures nothing
  --list              name the experiments, run none
  --dry-run           show what would run and how long it would take, run nothing
  --seed N            the seed of every random choice
  --budget SECONDS    for the whole session
  --out FOLDER        where to make the results folder (default: results/, beside this script)
  --help              this text

Further options go to build/bin/dlab_bench; its --help has them all. With a build of somebody else in
the environment variable DLAB_BUILD nothing is installed or built, and nothing but --out is written:

  DLAB_BUILD=/opt/dlab ./run_bench.sh --out ~/results

  ./run_bench.sh                               a first look
  ./run_bench.sh --experiment connections      do 1, 5, 10, 20, 50 connections help?
  ./run_bench.sh --full --dry-run              how long would everything take?

Exit status: 0 done; 1 a transfer of one of our own programs, or the self-test, failed; 2 bad
options, or results that could not be drawn; 130 after Ctrl-C.
END
}

programs=(dlab_bench dlab_launch dlab_load dlab_requests linkem part1_server part1_client part2_server
  part2_client part3_server part3_client part4_server part4_client)
# The experiments that other people's programs take part in.
races=(peers memory models web wrk)

# Where the programs are: in a build of our own or, with DLAB_BUILD, of somebody else, which is used
# as it is. Nothing is installed then, and nothing but results is written.
bin=$here/build/bin

use_their_build() {
  local folder program missing=()
  for folder in "$DLAB_BUILD/bin" "$DLAB_BUILD/build/bin" ""; do
    if [ -d "$folder" ]; then break; fi
  done
  if [ -z "$folder" ]; then refuse "DLAB_BUILD: $DLAB_BUILD holds neither bin/ nor build/bin/"; fi
  bin=$(cd "$folder" && pwd)
  for program in "${programs[@]}"; do
    [ -x "$bin/$program" ] || missing+=("$program")
  done
  if [ ${#missing[@]} != 0 ]; then
    refuse "DLAB_BUILD: $bin lacks ${missing[*]}; whoever built it: cmake/build.sh release"
  fi
}

# Their programs look for these in the folder that they were built in.
name_our_data() {
  local name
  for name in experiments contestants; do
    is_given "--$name" || arguments+=("--$name" "$here/bench/$name")
  done
}

is_given() {
  local word
  for word in "${arguments[@]}"; do
    case $word in "$1" | "$1="*) return 0 ;; esac
  done
  return 1
}

build() {
  if [ "$measures" = yes ] && takes_part_in_a_race; then install_the_peers; fi
  "$here/cmake/build.sh" release "${programs[@]}"
}

takes_part_in_a_race() {
  local name words
  words=" ${arguments[*]} "
  words=${words//--experiment=/--experiment }
  for name in "${races[@]}"; do
    case $words in *" --full "* | *" --experiment $name "*) return 0 ;; esac
  done
  return 1
}

install_the_peers() {
  "$here/setup.sh" --peers || echo "run_bench: going on; the rows of missing programs will say so"
}

# Where a results folder is, or a `latest`: a link to one, or a file with the name of one beside it.
results_folder() {
  local folder=$1
  if [ -f "$folder" ]; then folder=$(dirname "$folder")/$(<"$folder"); fi
  realpath -e "$folder"
}

# Runs the bench. A signal to this script is passed on, and its end awaited: it tells what it made.
# Its folder goes to a file of our own: `latest` may be another session's by now.
measure() {
  local note bench name status=0
  note=$(mktemp)
  (
    trap - INT QUIT  # which bash ignores for what runs beside it
    exec "$bin/dlab_bench" "${arguments[@]}" --folder-to "$note"
  ) &
  bench=$!
  # shellcheck disable=SC2064 # the names of now
  for name in INT TERM HUP; do trap "kill -$name $bench || true" "$name"; done
  wait "$bench" || status=$?
  while [ "$status" -gt 128 ] && kill -0 "$bench" 2>/dev/null; do
    status=0
    wait "$bench" || status=$?
  done
  trap - INT TERM HUP
  results=$(<"$note")
  rm "$note"
  return "$status"
}

plots() { "$here/plots.sh" "$@"; }

draw() {
  local results=$1
  echo
  echo "drawing the figures and the report ..."
  plots report "$results" --figures >/dev/null && plots table "$results" && echo &&
    plots verdicts "$results"
}

say_where() {
  local results=$1
  echo
  echo "CSVs:     $results"
  echo "figures:  $results/figures"
  (cd "$results/figures" 2>/dev/null && printf '          %s\n' *.png) || true
  if [ -e "$results/report.html" ]; then echo "report:   $results/report.html"; fi
}

hand_in() {
  printf 'hand in:  '
  plots coursework "$1"
}

# The options that measured the figure, one a line, with the seed of then.
options_of_then() { plots reproduce "$figure" "$old" --options; }

compare_with_then() {
  local results=$1
  echo
  echo "$old before, $results now:"
  plots reproduce "$figure" "$old" --with "$results"
}

# Every 50th answer comes 200 ms late; the times count from when each request was due.
stalled_requests() {
  local data=$here/data server=$bin/part3_server
  "$bin/linkem" --link cap --quiet \
    --server "${server@Q} --host 0.0.0.0 --root ${data@Q} \
      --service-time 200ms --service-every 50" -- \
    timeout --preserve-status --signal TERM 30 \
    "$bin/dlab_requests" '{server}:{port}' Data.jpg --rows "$1" >/dev/null
}

self_test() {
  local failed=0
  { stalled_requests "$results/requests.csv" &&
    plots self-test "$results" --requests "$results/requests.csv"; } || failed=$?
  printf 'report:   '
  plots report "$results" || [ "$failed" != 0 ] || failed=2
  return "$failed"
}

hands_in=no
tests_itself=no
measures=yes
results=
figure=
old=
out=
arguments=()
while [ $# != 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --doctor) exec "$here/doctor/doctor.sh" ;;
    --doctor=json) exec "$here/doctor/doctor.sh" json ;;
    --doctor=*) refuse "$1: the only other form of --doctor is --doctor=json" ;;
    --experiment) needs "a NAME (--list tells them)" "$@" ;;
    --seed | --budget) needs "a number" "$@" ;;
    --filter) needs "a regular expression" "$@" ;;
    --name) needs "a NAME" "$@" ;;
    --experiments | --contestants | --turn-folder) needs "a FOLDER" "$@" ;;
    --list | --dry-run) measures=no ;;
    --self-test)
      tests_itself=yes
      arguments+=(--experiment selftest)
      shift
      continue
      ;;
    --coursework)
      hands_in=yes
      arguments+=(--experiments "$here/bench/experiments" --experiments "$here/bench/coursework")
      for name in stages sizes connections packets pipeline buffers; do
        arguments+=(--experiment "$name")
      done
      shift
      continue
      ;;
    --reproduce)
      needs "the name of a FIGURE" "$@"
      figure=$2
      shift 2
      case ${1-} in '' | -*) ;; *) old=$1; shift ;; esac
      continue
      ;;
    --out=*) out=${1#*=} ;;
    --out)
      needs "a FOLDER" "$@"
      out=$2
      ;;
  esac
  arguments+=("$1")
  shift
done
if [ -z "$out" ]; then
  out=$here/results
  if [ "$measures" = yes ] && [ ! -w "$here" ] && [ ! -w "$out" ]; then
    refuse "$here may not be written to: name a folder with --out FOLDER"
  fi
  arguments+=(--out "$out")
fi

if [ -n "${DLAB_BUILD-}" ]; then use_their_build; else "$here/setup.sh"; fi
if [ -n "$figure" ]; then
  old=$(results_folder "${old:-$out/latest}") || exit 2
  options=$(options_of_then) || exit 2
  mapfile -t options <<<"$options"
  arguments=("${options[@]}" "${arguments[@]}")
fi
if [ -n "${DLAB_BUILD-}" ]; then name_our_data; else build; fi
status=0
measure || status=$?
if [ -z "$results" ]; then exit "$status"; fi
if [ "$status" -gt 128 ]; then
  printf 'stopped: the figures of these runs are not drawn; they are by\n  %s\n' \
    "./plots.sh report $(printf %q "$results") --figures"
  exit "$status"
fi
if [ "$tests_itself" = yes ]; then
  if [ "$status" = 0 ]; then self_test || status=$?; fi
  exit "$status"
fi
drawn=0
draw "$results" || drawn=$?
say_where "$results"
if [ "$hands_in" = yes ]; then hand_in "$results" || drawn=$?; fi
if [ -n "$figure" ]; then compare_with_then "$results" || drawn=$?; fi
if [ "$status" = 0 ]; then status=$drawn; fi
exit "$status"
