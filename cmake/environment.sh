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

# Ends the script with what is wrong with its command line.
refuse() {
  local script=${0##*/}
  echo "${script%.sh}: $1" >&2
  exit 2
}

# needs WHAT OPTION [VALUE...]: refuses an OPTION that has no value behind it.
needs() {
  if [ $# -lt 3 ] || [ -z "$3" ] || [[ $3 == --* ]]; then refuse "$2 needs $1"; fi
}
