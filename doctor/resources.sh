# shellcheck shell=bash
# shellcheck disable=SC2154 # here, built and in_container are of those who read this
# Processors, memory, disk: what there is, and what of it may be used.

readonly MIB_TO_BUILD=1024 MIB_TO_MEASURE=256

# The smallest quota of this process' control groups, in thousandths of a processor; blank without
# one (cgroups(7), and cpu.max of cgroup v2, cpu.cfs_quota_us of v1).
cpu_quota() {
  local line path quota period least=
  while IFS=: read -r _ line path; do
    case $line in
      "") line=/sys/fs/cgroup ;;
      *cpu*) line=/sys/fs/cgroup/${line##*=} ;;
      *) continue ;;
    esac
    while :; do
      read -r quota period < <(quota_of "$line$path") || quota=max
      case $quota in
        max | -1 | "") ;;
        *)
          quota=$((quota * 1000 / period))
          if [ -z "$least" ] || [ "$quota" -lt "$least" ]; then least=$quota; fi
          ;;
      esac
      case $path in "" | /) break ;; esac
      path=${path%/*}
    done
  done </proc/self/cgroup
  echo "$least"
}

# quota_of FOLDER: "QUOTA PERIOD" in microseconds, as the control group's files have them.
quota_of() {
  if [ -r "$1/cpu.max" ]; then
    line_of "$1/cpu.max"
  elif [ -r "$1/cpu.cfs_quota_us" ]; then
    echo "$(line_of "$1/cpu.cfs_quota_us") $(line_of "$1/cpu.cfs_period_us")"
  fi
}

look_at_processors() {
  local number all quota
  number=$(nproc)
  all=$(nproc --all)
  quota=$(cpu_quota 2>/dev/null)
  if [ -n "$quota" ] && [ "$quota" -lt $((number * 1000)) ]; then
    fact processors no \
      "$number, of which a quota gives $((quota / 1000)).$(printf %03d $((quota % 1000)))" \
      "runs in which it stops a program are void" \
      "$(mended_by "another --cpus" "systemctl set-property --runtime user-$UID.slice CPUQuota=")"
  elif [ "$number" -gt 1 ]; then
    fact processors yes "$number"
  elif [ "$all" -gt 1 ]; then
    fact processors no "1 of the $all" "server and client take turns: loopback says little" \
      "taskset -pc 0-$((all - 1)) $PPID"
  else
    fact processors no "1" "server and client take turns: loopback says little" \
      "${in_container:+start the container with more --cpus}"
  fi
}

look_at_memory() {
  local key kib available=0
  while read -r key kib _; do
    if [ "$key" = MemAvailable: ]; then available=$((kib / 1024)); fi
  done </proc/meminfo
  if [ "$available" -ge "$MIB_TO_BUILD" ]; then
    fact memory yes "$available MiB available"
  else
    fact memory no "$available MiB available" "a build may be killed for want of memory" \
      "end other programs"
  fi
}

look_at_disk() {
  local free wanted=$MIB_TO_BUILD
  if [ -n "$built" ]; then wanted=$MIB_TO_MEASURE; fi
  free=$(($(df -Pk -- "$here" | { read -r _; read -r _ _ _ free _; echo "$free"; }) / 1024))
  if [ "$free" -ge "$wanted" ]; then
    fact disk yes "$free MiB free here"
  else
    fact disk no "$free MiB free here, $wanted are needed" "the build, or the results" \
      "./run_bench.sh --out FOLDER, on another disk"
  fi
}

# Nobody is held to the limit who has CAP_IPC_LOCK (capabilities(7), bit 14) in the machine's own user
# namespace, the one in which every id means itself.
may_lock_all() {
  local key value first outside ids
  read -r first outside ids </proc/self/uid_map
  [ "$first $outside $ids" = "0 0 4294967295" ] || return 1
  while read -r key value; do
    if [ "$key" = CapEff: ]; then return $((!(16#$value >> 14 & 1))); fi
  done </proc/self/status
}

look_at_locked_memory() {
  local limit
  limit=$(ulimit -l)
  if [ "$limit" = unlimited ]; then
    fact locked-memory yes unlimited
  elif may_lock_all; then
    fact locked-memory yes "as much as there is, beyond the limit of $((limit / 1024)) MiB"
  else
    fact locked-memory no "$((limit / 1024)) MiB" \
      "where memory is short, packets leave late, and such runs are void" \
      "$(mended_by "--ulimit memlock=-1" "prlimit --memlock=unlimited --pid $PPID")"
  fi
}

look_at_real_time() {
  if [ "$(ulimit -r)" != 0 ] || { has chrt && chrt -f 1 true 2>/dev/null; }; then
    fact real-time yes "the emulator runs before other programs"
  else
    fact real-time no "the emulator waits its turn like other programs" \
      "on a busy machine packets leave late, and such runs are void" \
      "$(mended_by "--cap-add SYS_NICE" "prlimit --rtprio=10 --pid $PPID")"
  fi
}
