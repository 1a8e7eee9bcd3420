#!/usr/bin/env bash
# doctor/doctor.sh [json]: what this machine can do for the lab, what is lost by what it cannot, and
# the one line that mends it. Needs nothing but bash and coreutils, and leaves everything as it is.
set -euo pipefail
# shellcheck source=cmake/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/../cmake/environment.sh"
export PYTHONDONTWRITEBYTECODE=1
# shellcheck source=doctor/facts.sh
. "$here/doctor/facts.sh"
# shellcheck source=doctor/surroundings.sh
. "$here/doctor/surroundings.sh"
# shellcheck source=doctor/software.sh
. "$here/doctor/software.sh"
# shellcheck source=doctor/resources.sh
. "$here/doctor/resources.sh"
# shellcheck source=doctor/kernel.sh
. "$here/doctor/kernel.sh"

look_at_source() {
  local commit
  if [ -e "$here/.git" ] && has git &&
    commit=$(git -C "$here" rev-parse --short HEAD 2>/dev/null); then
    fact source - "a clone at commit $commit, in $here"
  else
    fact source - "no clone, in $here"
  fi
}

# Whether links can be had, as the emulator itself finds, once it is built.
look_at_links() {
  local line state=no hint=
  [ -x "$built/linkem" ] || return 0
  while IFS= read -r line; do
    case $line in
      links=yes) state=yes ;;
      hint=*) hint=${line#*: } ;;
    esac
  done < <(timeout 3 "$built/linkem" check 2>/dev/null)
  fact linkem "$state" "linkem can$([ "$state" = yes ] || echo "not") make links" \
    "links: their rows are unavailable" "${hint:-see what $built/linkem check says}"
}

# Prints "yes", or "no, until ..." with what mends the first that is lacking of the facts given.
unless_lacking() {
  local name mend
  for name in "$@"; do
    if [ "$(state_of "$name")" = no ]; then
      mend=$(mend_of "$name")
      echo "no${mend:+, until $name is mended: $mend}"
      return
    fi
  done
  echo yes
}

look_at_source
look_at_surroundings
look_at_build
look_at_packages
look_at_compiler
look_at_cmake
look_at_python
look_at_peers
look_at_processors
look_at_memory
look_at_disk
look_at_namespaces
look_at_tun
look_at_proc_sys
look_at_locked_memory
look_at_real_time
look_at_links
look_at_openat2
look_at_io_uring
look_at_congestion
look_at_ipv6

if [ -n "$built" ]; then
  loopback=yes
else
  loopback=$(unless_lacking build packages compiler cmake disk)
fi
if [ "$loopback" != yes ]; then
  links=$loopback
elif [ "$(state_of linkem)" = yes ]; then
  links=yes
else
  links=$(unless_lacking namespaces tun linkem)
fi
case ${1-} in
  json) tell_in_json "$loopback" "$links" ;;
  *) tell_in_words "$loopback" "$links" ;;
esac
