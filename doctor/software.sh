# shellcheck shell=bash
# shellcheck disable=SC2154 # here is of cmake/environment.sh
# What is installed, and what has been built.

readonly APT="apt-get install --no-install-recommends"

look_at_packages() {
  local missing
  missing=$("$here/setup.sh" --missing | tr '\n' ' ')
  if [ -z "$missing" ]; then
    fact packages yes "all that the lab needs"
  elif has apt-get; then
    fact packages no "missing: $missing" "what has not been built yet cannot be" \
      "$(as_root "$APT ${missing% }")"
  else
    fact packages no "missing, by their names in Debian: $missing" \
      "what has not been built yet cannot be" "./setup.sh says what to install here"
  fi
}

# Of -std=c++20 a library that is too old has the name, not the contents.
compiles_cpp20() {
  printf '#include <source_location>\n#include <span>\nstatic_assert(__cplusplus >= 202002L);\n' |
    "$1" -std=c++20 -fsyntax-only -x c++ - 2>/dev/null
}

look_at_compiler() {
  local compiler=${CXX:-g++} version
  if ! has "$compiler"; then
    fact compiler no "there is no $compiler" "the build" "$(as_root "$APT g++")"
  elif version=$("$compiler" -dumpfullversion -dumpversion 2>/dev/null) &&
    compiles_cpp20 "$compiler"; then
    fact compiler yes "$compiler $version, which knows C++20"
  else
    fact compiler no "$compiler ${version-}, which does not know C++20" "the build" \
      "$(as_root "$APT g++-12"), then export CXX=g++-12"
  fi
}

# is_older VERSION THAN: of the form 3.25.1
is_older() {
  local major minor
  IFS=. read -r major minor _ <<<"$1"
  [ $((10#${major:-0} * 1000 + 10#${minor:-0})) -lt $((${2%.*} * 1000 + ${2#*.})) ]
}

look_at_cmake() {
  local version oldest=3.25 lacking=()
  has ninja || lacking+=(ninja-build)
  if has cmake && read -r _ _ version < <(cmake --version 2>/dev/null) &&
    ! is_older "$version" "$oldest"; then
    if [ ${#lacking[@]} = 0 ]; then
      fact cmake yes "cmake $version, ninja"
      return
    fi
  else
    lacking=(cmake "${lacking[@]}")
  fi
  fact cmake no "missing, or older than CMake $oldest: ${lacking[*]}" "the build" \
    "$(as_root "$APT ${lacking[*]}")"
}

look_at_python() {
  local python
  if python=$("$here/setup.sh" --python 2>/dev/null); then
    fact python yes "$python can draw"
  else
    fact python no "none has matplotlib, numpy, pandas and jinja2" \
      "figures, tables and reports; the CSV files are made all the same" \
      "$(as_root "$APT python3-matplotlib python3-pandas python3-jinja2")"
  fi
}

# Where the programs of the lab are, built by oneself or by somebody else.
programs_folder() {
  local folder
  for folder in ${DLAB_BUILD:+"$DLAB_BUILD/bin" "$DLAB_BUILD/build/bin"} "$here/build/bin"; do
    if [ -x "$folder/dlab_bench" ]; then
      echo "$folder"
      return
    fi
  done
}

look_at_build() {
  built=$(programs_folder)
  if [ -n "$built" ]; then
    fact build yes "there is one in $built"
  elif [ -w "$here" ]; then
    fact build - "none yet; ./run_bench.sh makes it, in some minutes"
  else
    fact build no "none yet, and $here may not be written to" "everything" \
      "cp -r $(printf %q "$here") ~/dlab && cd ~/dlab"
  fi
}

look_at_peers() {
  local program missing=()
  for program in iperf3 nginx curl aria2c axel wrk; do
    has "$program" || missing+=("$program")
  done
  if [ ${#missing[@]} = 0 ]; then
    fact peers yes "all the programs that the lab races against"
  else
    fact peers no "missing: ${missing[*]}" "their rows in the races of --full are unavailable" \
      "./setup.sh --peers"
  fi
}
