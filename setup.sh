#!/usr/bin/env bash
# Installs what the lab needs from Debian (or a relative of it), and only what is missing.
set -euo pipefail
# shellcheck source=cmake/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/cmake/environment.sh"

usage() {
  cat <<'END'
usage: ./setup.sh [--peers] [--tests] [--dev] [--missing]

Installs what the Download Lab needs and this machine lacks, with apt-get.
Says nothing when nothing is missing. Where there is no apt-get it says what is needed.

  --peers    also the programs the lab races against: iperf3, nginx, curl, aria2, axel, wrk
  --tests    also what the tests need besides: a browser, notebooks, tshark
  --dev      also what the developers' checks need: clang, clang-tidy, shellcheck, ...
  --missing  install nothing; name the packages that are missing, one a line
  --python   install nothing; print the Python that can draw the figures
             (the first that can of $DLAB_PYTHON, /usr/bin/python3, python3)
  --help     this text

Without root and without a password-less sudo it prints the line to type, and exits 1. A package of
--peers, --tests or --dev that this distribution has not is told, and done without.
END
}

# PACKAGE, or PACKAGE:PROGRAM where the program is all we need, wherever it came from.
base=(g++:g++ cmake:cmake ninja-build:ninja pkg-config:pkg-config git:git ca-certificates
  libcli11-dev libbenchmark-dev libgtest-dev nlohmann-json3-dev libssl-dev libisal-dev libboost-dev
  liburing-dev libcurl4-openssl-dev
  python3:python3 python3-matplotlib python3-numpy python3-pandas python3-jinja2 python3-pytest
  python3-pil iproute2:ip
  netcat-openbsd:nc xxd:xxd strace:strace procps:ps time) # for the READMEs' exercises by hand
peers=(iperf3:iperf3 nginx:nginx curl:curl aria2:aria2c axel:axel
  wrk:wrk)
tests=(chromium:chromium chromium-driver:chromedriver python3-selenium
  python3-nbconvert python3-ipykernel tshark:tshark
  wget:wget openssl:openssl)
dev=(clang:clang++ libclang-rt-dev clang-format:clang-format clang-tidy:clang-tidy
  shellcheck:shellcheck ccache:ccache)

say() { echo "setup: $*"; }

# Fills `installed` with the packages that are, of the entries given. Elsewhere than on Debian a
# package that is no program cannot be asked for: the build tells what it lacks.
declare -A installed
look_for() {
  local package status
  if ! command -v dpkg-query >/dev/null; then
    for package in "$@"; do
      case $package in *:*) ;; *) installed[$package]=yes ;; esac
    done
    return
  fi
  while read -r package status; do
    if [ "$status" = installed ]; then installed[$package]=yes; fi
  done < <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${@%%:*}" 2>/dev/null)
}

have() {
  local package=${1%%:*} program=${1#*:}
  if [ "$program" != "$1" ] && command -v "$program" >/dev/null; then return 0; fi
  [ "${installed[$package]-}" = yes ]
}

# With a Python of their own that can draw nobody needs the distribution's packages for it.
own_python_has() {
  case $1 in python3-*) [ -n "${DLAB_PYTHON-}" ] && can_draw "$DLAB_PYTHON" ;; *) return 1 ;; esac
}

# Those of the entries given that are missing, by their packages.
missing_of() {
  local entry
  look_for "$@"
  for entry in "$@"; do
    have "$entry" || own_python_has "$entry" || echo "${entry%%:*}"
  done
}

# Those of the packages given that apt-get can install.
offered_of() {
  local line package=
  while read -r line; do
    case $line in
      "Candidate: (none)") ;;
      "Candidate: "*) echo "$package" ;;
      *:) package=${line%:} ;;
    esac
  done < <(LC_ALL=C apt-cache policy "$@" 2>/dev/null)
}

# Leaves in `missing` what can be had. Without one of `base` nothing works.
leave_out_what_is_not_offered() {
  local package offered lacking=() needed=" ${base[*]%%:*} "
  offered=" $(offered_of "${missing[@]}" | tr '\n' ' ')"
  for package in "${missing[@]}"; do
    case $offered in *" $package "*) continue ;; esac
    lacking+=("$package")
    case $needed in
      *" $package "*)
        say "apt-get knows no package $package here, which the lab needs" >&2
        say "(on Ubuntu: sudo add-apt-repository universe)" >&2
        exit 1
        ;;
    esac
  done
  if [ ${#lacking[@]} = 0 ]; then return; fi
  say "this distribution has no package ${lacking[*]}; what would use it is left out"
  mapfile -t missing < <(offered_of "${missing[@]}")
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@" >>"$log" 2>&1
}

# Debian starts a freshly installed nginx on port 80 and at every boot. The lab starts its own,
# when it needs one. policy-rc.d is Debian's way to say so: ours refuses nginx alone, exists only
# while apt-get runs, and is made only where the administrator has none. (Stopping nginx afterwards
# would leave a web server open to the world for a moment; masking its unit makes its installation
# fail.)
policy=/usr/sbin/policy-rc.d
guarded=no

guard_nginx() {
  case " ${missing[*]} " in *" nginx "*) ;; *) return 0 ;; esac
  new_nginx=yes
  if [ -e "$policy" ]; then return 0; fi
  guarded=yes
  as_root tee "$policy" >/dev/null <<'END'
#!/bin/sh
case "$1" in nginx | nginx.service) exit 101 ;; esac
exit 0
END
  as_root chmod 755 "$policy"
}

remove_guard() {
  if [ "$guarded" = yes ]; then
    guarded=no
    as_root rm -f "$policy"
  fi
}

# Nor at the next boot: whoever wants the service has not asked for it yet.
disable_nginx() {
  if [ "$new_nginx" = yes ]; then as_root update-rc.d nginx disable >>"$log" 2>&1 || true; fi
}

install_missing() {
  umask 022 # what the packages make is for everybody
  log=$(mktemp)
  new_nginx=no
  trap 'remove_guard; rm -f "$log"' EXIT
  trap 'exit 130' INT TERM
  # Lists that are there and offer nothing of it need not be fetched each time.
  if [ -n "$(offered_of "${missing[@]}")" ] || [ -z "$(offered_of g++)" ]; then
    apt update || say "apt-get update failed; trying with the old lists"
  fi
  leave_out_what_is_not_offered
  if [ ${#missing[@]} = 0 ]; then return; fi
  say "installing ${#missing[@]} missing packages (this may take some minutes):"
  printf '%s ' "${missing[@]}" | fold -s -w 90 | sed 's/^/         /'
  echo
  guard_nginx
  if ! apt install --no-install-recommends "${missing[@]}"; then
    cat "$log" >&2
    say "apt-get could not install them; its output stands above" >&2
    exit 1
  fi
  remove_guard
  disable_nginx
  say "done"
}

can_draw() { "$1" -B "$here/plots/packages.py" >/dev/null 2>&1; }

print_python() {
  local python
  for python in "${DLAB_PYTHON:-}" /usr/bin/python3 python3; do
    if [ -n "$python" ] && can_draw "$python"; then
      echo "$python"
      return 0
    fi
  done
  cat >&2 <<'END'
setup: no Python here has matplotlib, numpy, pandas and jinja2. Either run ./setup.sh, or make one:
         python3 -m venv build/venv && build/venv/bin/pip install -r plots/requirements.txt
         export DLAB_PYTHON="$PWD/build/venv/bin/python"
END
  return 1
}

# For Fedora, Arch and others, which have other names for all of it.
say_what_is_needed() {
  cat <<'END'
setup: there is no apt-get here. By the names that this system has for it, the lab needs
         to build: a C++20 compiler (GCC 12 or newer), CMake 3.25 or newer, Ninja, pkg-config, git;
                   with their headers CLI11, Google Benchmark, GoogleTest, nlohmann-json, OpenSSL,
                   ISA-L, Boost, liburing, libcurl
         to draw:  Python 3.10 or newer with matplotlib, numpy, pandas, Jinja2
         to test:  pytest, Pillow; by hand: ip, nc, xxd, strace
END
  say "programs that are missing, by their Debian packages: ${missing[*]}"
}

wanted=("${base[@]}")
names_only=no
for option in "$@"; do
  case $option in
    --peers) wanted+=("${peers[@]}") ;;
    --tests) wanted+=("${tests[@]}") ;;
    --dev) wanted+=("${dev[@]}") ;;
    --missing) names_only=yes ;;
    --python) print_python; exit ;;
    -h | --help) usage; exit 0 ;;
    *) refuse "there is no option $option" ;;
  esac
done

mapfile -t missing < <(missing_of "${wanted[@]}")
if [ ${#missing[@]} = 0 ]; then exit 0; fi
if [ "$names_only" = yes ]; then
  printf '%s\n' "${missing[@]}"
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  say_what_is_needed >&2
  exit 1
fi
if ! may_install; then
  say "these are missing and I may not install them. Please type:" >&2
  echo "  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
install_missing
