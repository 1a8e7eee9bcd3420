#!/usr/bin/env bash
# Figures, tables and reports of a results folder: the package plots, run by a Python that can draw.
set -euo pipefail
# shellcheck source=cmake/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/cmake/environment.sh"

python=$("$here/setup.sh" --python) || exit 2
# matplotlib keeps its list of fonts in the user's home. Where it may not, and where nothing but
# results is to be written, it has a folder for the time being.
if [ -z "${MPLCONFIGDIR-}" ] && { [ -n "${DLAB_BUILD-}" ] || [ ! -w "${HOME-}" ]; }; then
  MPLCONFIGDIR=$(mktemp -d)
  export MPLCONFIGDIR
  trap 'rm -rf "$MPLCONFIGDIR"' EXIT
fi
# The path of modules begins with the folder that the user is in, where anything may lie.
"$python" -B -c '
import runpy, sys
sys.path[0] = sys.argv.pop(1)
runpy.run_module("plots", run_name="__main__", alter_sys=True)' "$here" "$@"
