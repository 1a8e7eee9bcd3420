#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dlab::bench {

// Whether a text in the form of /proc/net/tcp or tcp6 has a listening socket of this port.
bool has_listener(std::string_view proc_net_tcp, std::uint16_t port);

// The field RetransSegs of a text in the form of /proc/net/snmp: TCP segments retransmitted in the
// network namespace so far.
std::optional<std::int64_t> retransmitted_segments(std::string_view proc_net_snmp);

// The same of this process's network namespace, IPv4 and IPv6.
bool is_listening(std::uint16_t port);
std::optional<std::int64_t> retransmitted_segments();

// A port that nobody uses in this network namespace, outside the range from which the kernel takes
// clients' ports. Asks by binding, in the order of the calls. Throws std::system_error when there
// is none.
std::uint16_t free_port();

}  // namespace dlab::bench
