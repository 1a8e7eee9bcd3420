# shellcheck shell=bash
# shellcheck disable=SC2154 # here, built, in_wsl and in_container are of those who read this
# What the kernel lets a program do here. What can be tried is tried.

# tries COMMAND...: yes, no, or - where there is no such program here.
tries() {
  if ! has "$1"; then
    echo -
  elif "$@" >/dev/null 2>&1; then
    echo yes
  else
    echo no
  fi
}

container_flags() {
  local flags="--cap-add SYS_ADMIN --cap-add NET_ADMIN"
  is_root || flags="--user root $flags"
  [ -e /dev/net/tun ] || flags+=" --device /dev/net/tun"
  echo "$flags"
}

# By what network namespaces are refused, and what may be done about it. Nobody is told to take a
# restriction off the whole machine.
look_at_namespaces() {
  local plain mapped network lost="links: their rows are unavailable"
  local profile=${built:-$here/build/bin} # the build makes it, beside its programs
  profile=${profile%/bin}/apparmor/dlab
  plain=$(tries unshare -U true)
  mapped=$(tries unshare -Ur true)
  network=$(tries unshare -n true)
  if [ "$network" != yes ]; then network=$(tries unshare -Urn true); fi
  local told="user namespaces: $plain, with mapped ids: $mapped, network namespaces: $network"
  if [ "$network" != no ]; then
    fact namespaces "$network" "$told"
  elif [ "$in_wsl" = 1 ]; then
    fact namespaces no "$told" "$lost" "in Windows: wsl --set-version ${WSL_DISTRO_NAME-NAME} 2"
  elif [ -n "$in_container" ] || is_root; then
    fact namespaces no "$told" "$lost" "start the container with $(container_flags)"
  elif [ "$plain" = yes ] ||
    [ "$(line_of /proc/sys/kernel/apparmor_restrict_unprivileged_userns)" = 1 ]; then
    fact namespaces no "$told (AppArmor allows them to programs that it knows)" "$lost" \
      "$(as_root "apparmor_parser -r $(printf %q "$profile")")"
  else
    fact namespaces no "$told" "$lost" "$(as_root "$(printf %q "$here/run_bench.sh")")"
  fi
}

look_at_tun() {
  local lost="links: their rows are unavailable"
  local make="sh -c 'modprobe tun; mkdir -p /dev/net; mknod -m 666 /dev/net/tun c 10 200'"
  if (exec 9<>/dev/net/tun) 2>/dev/null; then
    fact tun yes "/dev/net/tun may be opened"
  elif [ ! -e /dev/net/tun ]; then
    fact tun no "there is no /dev/net/tun" "$lost" "$(mended_by "--device /dev/net/tun" "$make")"
  else
    fact tun no "/dev/net/tun may not be opened" "$lost" \
      "$(mended_by "--device /dev/net/tun" "chmod 666 /dev/net/tun")"
  fi
}

# calls NUMBER: whether the kernel, and a filter of its calls, knows this one (the same number on all
# machines). It is called with nonsense, which is refused by another name. Needs a Python.
calls() {
  local python
  for python in /usr/bin/python3 python3; do
    has "$python" || continue
    "$python" -I -S -c '
import ctypes, errno, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(ctypes.c_long(int(sys.argv[1])), ctypes.c_long(-1), None, None, ctypes.c_long(0))
refused = ctypes.get_errno() in (errno.ENOSYS, errno.EPERM, errno.EACCES)
print("no" if refused else "yes")' "$1" 2>/dev/null && return
  done
  echo -
}

# is_kernel MAJOR MINOR: this one or a newer
is_kernel() {
  local major minor
  IFS=. read -r major minor _ < <(uname -r)
  [ $((major * 1000 + ${minor%%[!0-9]*})) -ge $(($1 * 1000 + $2)) ]
}

readonly OPENAT2=437 IO_URING_SETUP=425

look_at_openat2() {
  local state
  state=$(calls "$OPENAT2")
  if ! is_kernel 5 6; then state=no; fi
  case $state in
    no)
      fact openat2 no "refused, or older than Linux 5.6" \
        "servers look at a path step by step, which costs some time" \
        "${in_container:+start the container with --security-opt seccomp=unconfined}"
      ;;
    *) fact openat2 "$state" "files are opened beneath a folder by one call" ;;
  esac
}

look_at_io_uring() {
  local state disabled lost="the server model io_uring: its rows are unavailable"
  state=$(calls "$IO_URING_SETUP")
  disabled=$(line_of /proc/sys/kernel/io_uring_disabled)
  if ! is_kernel 5 6; then
    fact io_uring no "older than Linux 5.6" "$lost"
  elif [ "${disabled:-0}" != 0 ] && { [ "$disabled" = 2 ] || ! is_root; }; then
    fact io_uring no "kernel.io_uring_disabled is $disabled" "$lost"
  elif [ "$state" = no ]; then
    fact io_uring no "refused" "$lost" \
      "${in_container:+start the container with --security-opt seccomp=unconfined}"
  else
    fact io_uring "$state" "allowed"
  fi
}

look_at_congestion() {
  local available allowed algorithm missing=()
  available=$(line_of /proc/sys/net/ipv4/tcp_available_congestion_control)
  allowed=$(line_of /proc/sys/net/ipv4/tcp_allowed_congestion_control)
  for algorithm in reno cubic bbr; do
    case " $available " in *" $algorithm "*) ;; *) missing+=("$algorithm") ;; esac
  done
  if [ -z "$available" ]; then
    fact congestion - "the kernel does not tell its algorithms here"
  elif [ ${#missing[@]} = 0 ]; then
    fact congestion yes "$available (allowed to all: ${allowed:-not told})"
  else
    fact congestion no "$available (without ${missing[*]})" "rows with ${missing[*]} are unavailable" \
      "${in_container:+on the host: }$(as_root "modprobe -a ${missing[*]/#/tcp_}")"
  fi
}

look_at_ipv6() {
  local address name
  while read -r address _ _ _ _ name; do
    if [ "$address $name" = "00000000000000000000000000000001 lo" ]; then
      fact ipv6 yes "loopback has ::1"
      return
    fi
  done < <(cat /proc/net/if_inet6 2>/dev/null)
  fact ipv6 no "loopback has no ::1" "examples and tests with [::1]; nothing is measured over it" \
    "$(mended_by "--sysctl net.ipv6.conf.lo.disable_ipv6=0" "sysctl net.ipv6.conf.lo.disable_ipv6=0")"
}

look_at_proc_sys() {
  local place options
  while read -r _ _ _ _ place options _; do
    if [ "$place" = /proc/sys ] && [[ ,$options, == *,ro,* ]]; then
      fact proc-sys no "/proc/sys is mounted read-only" \
        "runs take the machine's own TCP buffers, and say so" \
        "$(mended_by "--security-opt systempaths=unconfined" "mount -o remount,rw /proc/sys")"
      return
    fi
  done </proc/self/mountinfo
  fact proc-sys yes "a namespace's own settings may be made"
}
