#!/usr/bin/env bash
# Installs what the lab needs from Debian (or a relative of it), and only what is missing.
set -euo pipefail
# shellcheck source=cmake/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/cmake/environment.sh"

usage() {
  cat <<'END'
usage: ./setup.sh [--peers] [--tests] [--dev]

Installs what the Download Lab needs and this machine lacks, with apt-get.
Says nothing when nothing is missing.

  --peers    also the programs the lab races against: iperf3, nginx, curl, aria2, axel, wrk
  --tests    also what the tests need besides: a browser, notebooks, tshark
  --dev      also what the developers' checks need: clang, clang-tidy, shellcheck, ...
  --python   install nothing; print the Python that can draw the figures
             (the first that can of $DLAB_PYTHON, /usr/bin/python3, python3)
  --help     this text

Without root and without a password-less sudo it prints the line to type, and exits 1.
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

have() {
  local package=${1%%:*} program=${1#*:}
  if [ "$program" != "$1" ] && command -v "$program" >/dev/null; then return 0; fi
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ]
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
  log=$(mktemp)
  new_nginx=no
  trap 'remove_guard; rm -f "$log"' EXIT
  trap 'exit 130' INT TERM
  say "installing ${#missing[@]} missing packages (this may take some minutes):"
  printf '%s ' "${missing[@]}" | fold -s -w 90 | sed 's/^/         /'
  echo
  apt update || say "apt-get update failed; trying with the old lists"
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

wanted=("${base[@]}")
for option in "$@"; do
  case $option in
    --peers) wanted+=("${peers[@]}") ;;
    --tests) wanted+=("${tests[@]}") ;;
    --dev) wanted+=("${dev[@]}") ;;
    --python) print_python; exit ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

missing=()
for entry in "${wanted[@]}"; do
  have "$entry" || missing+=("${entry%%:*}")
done
if [ ${#missing[@]} = 0 ]; then exit 0; fi
if ! may_install; then
  say "these are missing and I may not install them. Please type:" >&2
  echo "  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
install_missing
