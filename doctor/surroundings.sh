# shellcheck shell=bash
# Who asks, and what this machine is: many a remedy depends on it.

has() { command -v "$1" >/dev/null 2>&1; }

# The first line of a file; blank where it cannot be read.
line_of() {
  local line=
  if [ -r "$1" ]; then IFS= read -r line <"$1" || true; fi 2>/dev/null
  echo "$line"
}

is_root() { [ "$EUID" = 0 ]; }

# By the groups that Debian and Ubuntu, Fedora and Arch give to those who may; asking sudo itself
# would be written down as an attempt.
may_use_sudo() {
  local group
  has sudo || return 1
  for group in $(id -nG 2>/dev/null); do
    case $group in sudo | wheel | admin) return 0 ;; esac
  done
  return 1
}

# The line that does this as root, for who asks.
as_root() {
  if is_root; then
    echo "$1"
  elif may_use_sudo; then
    echo "sudo $1"
  else
    echo "ask whoever runs this machine for: $1"
  fi
}

# docker, podman, kubernetes, lxc, systemd-nspawn ...; blank outside of containers.
container() {
  if [ -e /run/.containerenv ]; then
    echo podman
  elif [ -n "${KUBERNETES_SERVICE_HOST-}" ]; then
    echo kubernetes
  elif [ -e /.dockerenv ]; then
    echo docker
  elif [ -r /run/systemd/container ]; then
    line_of /run/systemd/container
  else
    echo "${container-}"
  fi
}

# 1 or 2: which Windows Subsystem for Linux; blank on other machines.
wsl() {
  case $(line_of /proc/sys/kernel/osrelease) in
    *icrosoft*WSL2* | *icrosoft-standard*) echo 2 ;;
    *Microsoft*) echo 1 ;;
  esac
}

# Whose virtual machine this is; blank on a real one, and where nothing tells.
hypervisor() {
  local maker
  maker=$(line_of /sys/class/dmi/id/sys_vendor)
  case $maker in
    QEMU* | VMware* | innotek* | Xen* | Parallels* | Amazon* | Google* | "Microsoft Corporation") ;;
    *) maker=$(line_of /sys/hypervisor/type) ;;
  esac
  echo "$maker"
}

release_name() {
  local name=
  # shellcheck source=/dev/null
  if [ -r /etc/os-release ]; then name=$(. /etc/os-release && echo "${PRETTY_NAME-}"); fi
  echo "${name:-a Linux of unknown name}"
}

look_at_surroundings() {
  local what=
  in_container=$(container)
  in_wsl=$(wsl)
  fact system - "$(release_name), kernel $(uname -r), $(uname -m)"
  if [ -n "$in_container" ]; then what="a container ($in_container)"; fi
  if [ -n "$in_wsl" ]; then what="${what:+$what in }WSL $in_wsl"; fi
  if [ -z "$what" ]; then
    what=$(hypervisor)
    what=${what:+a virtual machine ($what)}
  fi
  fact machine - "${what:-no container, and no virtual machine that shows}"
  if is_root; then
    what=root
  else
    what="an ordinary user, $(may_use_sudo && echo "who may use sudo" || echo "without sudo")"
  fi
  fact user - "$what"
}

# mended_by FLAG LINE: in a container it is the flag that it was started without, else the line.
mended_by() {
  if [ -n "$in_container" ]; then
    echo "start the container with $1"
  else
    as_root "$2"
  fi
}
