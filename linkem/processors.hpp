#pragma once

#include <sched.h>

#include <string>

#include "common/base/file_descriptor.hpp"

// How the emulator's process comes by its time: packets leave when they are due, whatever else the
// machine does.
namespace dlab::linkem {

// Real-time scheduling (sched(7)), and memory that stays in memory. False where that is refused.
bool ask_for_real_time();

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
