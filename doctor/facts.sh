# shellcheck shell=bash
# The facts that were found, and the two ways to tell them.

names=()
states=()
details=()
losses=()
mends=()

# fact NAME STATE DETAIL [LOST [MEND]]. STATE: yes; no, with what is LOST by it and the one line that
# mends it on this machine, blank where nothing does; or -, where there is nothing to be had.
fact() {
  names+=("$1")
  states+=("$2")
  details+=("$3")
  losses+=("${4-}")
  mends+=("${5-}")
}

# state_of NAME, mend_of NAME: blank where there is no such fact.
value_of() {
  local -n values=$1
  local index
  for index in "${!names[@]}"; do
    if [ "${names[$index]}" = "$2" ]; then echo "${values[$index]}"; fi
  done
}
state_of() { value_of states "$1"; }
mend_of() { value_of mends "$1"; }

tell_in_words() {
  local index
  echo "What this machine can do for the Download Lab; nothing was installed, built or changed."
  echo
  for index in "${!names[@]}"; do
    printf '%-3s  %-18s %s\n' "${states[$index]}" "${names[$index]}" "${details[$index]}"
    if [ "${states[$index]}" != no ]; then continue; fi
    printf '       lost: %s\n' "${losses[$index]}"
    if [ -n "${mends[$index]}" ]; then printf '       mend: %s\n' "${mends[$index]}"; fi
  done
  echo
  echo "What to expect: loopback: $1; links: $2"
}

# A string of JSON (RFC 8259, section 7). Bytes that are no text, as in the name of a folder, would
# make it invalid: only letters of ASCII are let through.
quoted() {
  local LC_ALL=C text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  printf '"%s"' "${text//[^ -~]/?}"
}

tell_in_json() {
  local index comma=
  printf '{"schema": 1, "facts": ['
  for index in "${!names[@]}"; do
    printf '%s\n  {"name": %s, "state": %s, "detail": %s, "lost": %s, "mend": %s}' "$comma" \
      "$(quoted "${names[$index]}")" "$(quoted "${states[$index]}")" \
      "$(quoted "${details[$index]}")" "$(quoted "${losses[$index]}")" \
      "$(quoted "${mends[$index]}")"
    comma=,
  done
  printf '],\n "loopback": %s,\n "links": %s}\n' "$(quoted "$1")" "$(quoted "$2")"
}
