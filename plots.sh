#!/usr/bin/env bash
# Figures, tables and reports of a results folder: the package plots, run by a Python that can draw.
set -euo pipefail
# shellcheck source=cmake/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/cmake/environment.sh"

python=$("$here/setup.sh" --python) || exit 2
# The path of modules begins with the folder that the user is in, where anything may lie.
exec "$python" -B -c '
import runpy, sys
sys.path[0] = sys.argv.pop(1)
runpy.run_module("plots", run_name="__main__", alter_sys=True)' "$here" "$@"
