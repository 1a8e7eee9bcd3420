#pragma once

#include <sys/types.h>

#include <array>
#include <string_view>

#include "common/base/file_descriptor.hpp"

namespace dlab::base {

// For a process that was just forked: it is killed when `parent` dies, however that dies (prctl(2),
// PR_SET_PDEATHSIG). False when that was too late. Makes system calls only.
bool die_with(pid_t parent) noexcept;

// The two ends of a pair of sockets by which a parent and its child send each other whole messages
// (unix(7), SOCK_SEQPACKET). `object`: what for, as base::check has it. Throws std::system_error.
std::array<FileDescriptor, 2> message_sockets(std::string_view object);

}  // namespace dlab::base
