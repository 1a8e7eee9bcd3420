#!/usr/bin/env bash
# cmake/build.sh PRESET [TARGET...]: configures and builds, saying little; on failure, all.
set -euo pipefail
# shellcheck source=cmake/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

# In the name of a folder CMake takes ; and # and " for something else. A link without them, the same
# at each build, leads to it.
plain_path() {
  local link
  case $here in *[\;\#\"]*) ;; *) echo "$here" && return ;; esac
  link=/tmp/dlab-$UID-$(cksum <<<"$here" | tr -cd 0-9)
  ln -sfn "$here" "$link" && [ "$(readlink "$link")" = "$here" ] && echo "$link"
}

top=$(plain_path) || refuse "cmake cannot build in $here: rename it without ; and # and \""
cd "$top"

if [ $# = 0 ]; then
  echo "usage: cmake/build.sh PRESET [TARGET...]; the presets stand in CMakePresets.json" >&2
  exit 2
fi
preset=$1
shift
targets=()
if [ $# != 0 ]; then targets=(--target "$@"); fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'echo "build: interrupted; the next one goes on from here" >&2; exit 130' INT

fail() {
  cat "$log" >&2
  echo "build ($preset): failed; the output stands above" >&2
  exit 1
}

# Without these ccache takes no source with a precompiled header.
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}

started=$SECONDS
case $preset in release) folder=build ;; *) folder=build-$preset ;; esac
if [ ! -e "$folder/CMakeCache.txt" ]; then
  echo "build ($preset): the first one takes some minutes"
fi
cmake --preset "$preset" >"$log" 2>&1 || fail
if [ -t 1 ]; then # ninja counts its steps on one line of a terminal
  NINJA_STATUS="build ($preset): %f of %t " cmake --build --preset "$preset" "${targets[@]}"
else
  cmake --build --preset "$preset" "${targets[@]}" >"$log" 2>&1 || fail
fi
if [ $((SECONDS - started)) -gt 2 ]; then
  echo "build ($preset): done in $((SECONDS - started)) s"
fi
