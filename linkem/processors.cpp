#include "linkem/processors.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace dlab::linkem {
namespace {

using base::FileDescriptor;

constexpr int kPriority = 10;

}  // namespace

std::string refused(const Granted& granted) {
  std::string list;
  for (const auto& [got, name] :
       {std::pair(granted.realtime, "real-time scheduling (ulimit -r)"),
        std::pair(granted.awake, "processors kept awake (/dev/cpu_dma_latency)"),
        std::pair(granted.locked_memory, "locked memory (ulimit -l)"),
        std::pair(granted.pinned, "TCP buffers of its own (/proc/sys may not be written)")}) {
    if (!got) {
      list.append(list.empty() ? "" : ", ").append(name);
    }
  }
  return list;
}

bool ask_for_real_time() {
  prctl(PR_SET_TIMERSLACK, 1UL);  // for the case that the last call is refused
  rlimit allowed{};
  getrlimit(RLIMIT_RTPRIO, &allowed);
  return std::ranges::any_of(
      std::array{kPriority, std::min(kPriority, static_cast<int>(allowed.rlim_cur))},
      [](int priority) {
        const sched_param parameters{priority};
        return sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters) == 0;
      });
}

// Only what is touched: the parent's memory, of which this process has a copy, is nothing to it,
// and to bring all of it in would hold up other emulators on this processor. What is still to come
// only without a limit: with one, an allocation that exceeds it would fail.
bool lock_memory() {
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  const int future = setrlimit(RLIMIT_MEMLOCK, &unlimited) == 0 ? MCL_FUTURE : 0;
  return mlockall(MCL_CURRENT | MCL_ONFAULT | future) == 0;
}

FileDescriptor keep_processors_awake() {
  FileDescriptor bound(open("/dev/cpu_dma_latency", O_WRONLY | O_CLOEXEC));
  const std::int32_t microseconds = 0;
  if (bound.is_open() && write(bound.get(), &microseconds, sizeof microseconds) < 0) {
    bound.close();
  }
  return bound;
}

cpu_set_t take_last_processor() {
  cpu_set_t others;
  CPU_ZERO(&others);
  if (sched_getaffinity(0, sizeof others, &others) != 0 || CPU_COUNT(&others) < 2) {
    CPU_ZERO(&others);
    return others;
  }
  unsigned last = CPU_SETSIZE - 1;
  while (!CPU_ISSET(last, &others)) {
    --last;
  }
  cpu_set_t own;
  CPU_ZERO(&own);
  CPU_SET(last, &own);
  CPU_CLR(last, &others);
  sched_setaffinity(0, sizeof own, &own);
  return others;
}

void let_receive(const cpu_set_t& processors) {
  const FileDescriptor file(open("/proc/sys/net/core/rps_default_mask", O_WRONLY | O_CLOEXEC));
  const auto mask = as_mask(processors);
  if (file.is_open()) {
    [[maybe_unused]] const auto written = write(file.get(), mask.data(), mask.size());
  }
}

std::string as_mask(const cpu_set_t& processors) {
  constexpr unsigned kGroup = 32;
  std::string text;
  for (unsigned group = CPU_SETSIZE / kGroup; group-- > 0;) {
    std::uint32_t bits = 0;
    for (unsigned bit = 0; bit < kGroup; ++bit) {
      bits |= CPU_ISSET(group * kGroup + bit, &processors) ? std::uint32_t{1} << bit : 0U;
    }
    if (bits != 0 || !text.empty() || group == 0) {
      std::array<char, kGroup> digits{};
      std::snprintf(digits.data(), digits.size(), text.empty() ? "%x" : ",%08x", bits);
      text += digits.data();
    }
  }
  return text;
}

}  // namespace dlab::linkem
