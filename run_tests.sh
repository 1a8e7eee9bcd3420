#!/usr/bin/env bash
# Every test: installs what is missing, builds, and runs them all.
set -euo pipefail
# shellcheck source=cmake/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/cmake/environment.sh"

usage() {
  cat <<'END'
usage: ./run_tests.sh [--preset release|asan|tsan] [CTEST ARGUMENTS]

Installs what is missing (setup.sh), builds everything and runs every test.

  --preset NAME   which build to test; asan and tsan look for memory errors and data races
  --help          this text

Whatever else is given goes to ctest:
  ./run_tests.sh                       every test
  ./run_tests.sh -R reassembler        those with "reassembler" in their names
  ./run_tests.sh --preset tsan -L threads
  ./run_tests.sh -N                    list the tests, run none
END
}

preset=release
case ${1-} in
  -h | --help) usage; exit 0 ;;
  --preset)
    needs "a NAME: release, asan or tsan" "$@"
    preset=$2
    shift 2
    ;;
  --preset=*)
    preset=${1#*=}
    shift
    ;;
esac
case $preset in
  release) build=build ;;
  asan | tsan) build=build-$preset ;;
  *) refuse "there is no preset '$preset', only release, asan and tsan" ;;
esac

cd "$here"
./setup.sh
./setup.sh --tests || echo "run_tests: going on; tests that need what is missing will be skipped"
cmake/build.sh "$preset"
# Two more than there are processors: many tests wait rather than compute.
exec ctest --test-dir "$build" --output-on-failure --no-tests=error -j $(($(nproc) + 2)) "$@"
