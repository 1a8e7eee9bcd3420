# shellcheck shell=bash
# Read first by every script of the project. What somebody has exported for a shell and a Python of
# their own is not meant for ours: with CDPATH `cd` goes elsewhere and prints where to, with
# noclobber a file that mktemp made cannot be written, with PYTHONSAFEPATH the package plots is not
# found.
set +o noclobber +o noglob +o posix
unset BASH_ENV CDPATH GREP_OPTIONS POSIXLY_CORRECT
unset PYTHONHOME PYTHONINSPECT PYTHONPATH PYTHONSAFEPATH PYTHONSTARTUP

# The project's folder, for the script that reads this.
# shellcheck disable=SC2034
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
