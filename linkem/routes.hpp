#pragma once

#include <string>

namespace dlab::linkem {

// Makes `algorithm` the congestion control of every connection over this namespace's loopback and,
// where it is a host of a star, over its link, whatever program opens it, through the routes
// (congctl of ip-route(8)); unlike the sysctl this needs no allowed-list. False when the kernel
// does not have the algorithm. Throws std::system_error for anything else.
bool route_congestion(const std::string& algorithm);

// The congestion control that a socket gets towards `address` (dotted quad) in this network
// namespace: asks one that has begun to connect. Throws std::system_error.
std::string congestion_towards(const std::string& address);

// Whether this process may set `algorithm` on a socket of its own.
bool can_set_congestion(const std::string& algorithm);

}  // namespace dlab::linkem
