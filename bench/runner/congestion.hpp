#pragma once

#include <string>

namespace dlab::bench {

// Makes `algorithm` the congestion control of every connection over loopback in this network
// namespace, whatever program opens it, through the local routes (congctl of ip-route(8)); unlike
// the sysctl this needs no allowed-list. False when the kernel does not have the algorithm.
// Throws std::system_error for anything else.
bool route_congestion(const std::string& algorithm);

// The congestion control that a server's socket gets in this network namespace, read back from an
// accepted connection. Throws std::system_error.
std::string probe_congestion();

// Whether this process may set `algorithm` on a socket of its own.
bool can_set_congestion(const std::string& algorithm);

}  // namespace dlab::bench
