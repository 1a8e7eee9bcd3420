#pragma once

#include <sched.h>

#include <string>

#include "common/base/file_descriptor.hpp"

// How the emulator's process comes by its time: packets leave when they are due, whatever else the
// machine does.
namespace dlab::linkem {

// What the emulator's process asked for, and whether it got it. It does its work without, too.
struct Granted {
  bool realtime = false;       // scheduled before all ordinary processes
  bool awake = false;          // no idle processor sleeps
  bool locked_memory = false;  // what it has in memory stays there
  bool pinned = false;         // the hosts' settings are those of pinned_sysctls()
};

// What of it was refused, as a list for people with what each depends on; blank when nothing was.
std::string refused(const Granted& granted);

// Real-time scheduling (sched(7)), with a lower priority where RLIMIT_RTPRIO wants it so. False
// where that is refused.
bool ask_for_real_time();

// Keeps what this process has in memory there (mlock(2)); where RLIMIT_MEMLOCK can be lifted, what
// it will have, too. False where the limit is too low for that.
bool lock_memory();

// A processor that sleeps in an idle state, a virtual one above all, wakes up to milliseconds late.
// None does while the result is open (the kernel's "PM Quality Of Service Interface"); only root
// may open it: otherwise the result is closed.
base::FileDescriptor keep_processors_awake();

// Keeps this process on the last of its processors, and returns the others: of one nothing.
cpu_set_t take_last_processor();

// In this network namespace, packets that arrive at devices made from now on are received by these
// processors (RPS, the kernel's "Scaling in the Linux Networking Stack"): write(2) to a TUN device
// would otherwise do all the work of the host's TCP in the emulator's time. Where the kernel does
// not offer it, nothing changes.
void let_receive(const cpu_set_t& processors);

// As the kernel wants it: groups of 32 processors in hexadecimal, the highest first.
std::string as_mask(const cpu_set_t& processors);

}  // namespace dlab::linkem
