#!/usr/bin/env bash
# The lab's main job: build, run the experiments, write the CSVs, draw the figures, show the table.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'END'
usage: ./run_bench.sh [OPTIONS]

Installs what is missing, builds the lab optimised, runs experiments, and draws their figures.

  --quick             a small set of experiments, under 3 minutes (the default)
  --full              all of them, at most 90 minutes; also installs the programs we race against
  --experiment NAME   one experiment
  --list              name the experiments, run none
  --dry-run           show what would run and how long it would take, run nothing
  --seed N            the seed of every random choice
  --out FOLDER        where the results go (default: a new folder in results/)
  --help              this text

Further options go to build/bin/dlab_bench; its --help has them all.

  ./run_bench.sh                               a first look
  ./run_bench.sh --experiment connections      do 1, 5, 10, 20, 50 connections help?
  ./run_bench.sh --full --dry-run              how long would everything take?

Exit status: 0 done; 1 a transfer of one of our own programs failed, or a figure; 2 bad options.
END
}

programs=(dlab_bench part1_server part1_client part2_server part2_client part3_server part3_client)

install_what_is_missing() {
  "$here/setup.sh"
  if [ "$peers" = no ]; then return 0; fi
  "$here/setup.sh" --peers || echo "run_bench: going on; the rows of missing programs will say so"
}

# Which results folder did the runner write? It names the newest one in results/latest.
results_folder() {
  if [ -n "$out" ]; then echo "$out"; else realpath "$here/results/latest"; fi
}

draw() {
  local results=$1 python
  python=$("$here/setup.sh" --python) || return 1
  "$python" -m plots "$results" || return 1
  echo
  "$python" -m plots table "$results" || return 1
  echo
  echo "results and CSVs:  $results"
  echo "figures:           $results/figures"
}

arguments=()
peers=no
measures=yes
out=
while [ $# != 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --list | --dry-run) measures=no ;;
    --full) peers=yes ;;
    --experiment=peers) peers=yes ;;
    --experiment) if [ "${2-}" = peers ]; then peers=yes; fi ;;
    --out=*) set -- --out "${1#*=}" "${@:2}" ;;
  esac
  if [ "$1" = --out ] && [ $# -ge 2 ]; then # our folder changes below; the user's must not
    out=$(realpath -m "$2")
    arguments+=(--out "$out")
    shift 2
  else
    arguments+=("$1")
    shift
  fi
done
if [ "$measures" = no ]; then peers=no; fi

install_what_is_missing
cd "$here"
cmake/build.sh release "${programs[@]}"
status=0
build/bin/dlab_bench "${arguments[@]}" || status=$?
if [ "$measures" = no ] || [ "$status" -gt 1 ]; then exit "$status"; fi
draw "$(results_folder)" || { [ "$status" != 0 ] || status=1; }
exit "$status"
