#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "linkem/link_spec.hpp"

namespace dlab::linkem {

// A link as people speak of it: the access link of a server. Its rate and its queue hold in both
// directions, half the round trip passes in each, and losses strike what the server sends.
struct NamedLink {
  std::string name;
  base::BitRate rate;    // of IP bytes; 0: unlimited
  base::Duration rtt{};  // without queueing and serialisation
  LossSpec loss;         // from the server to the hub
  std::size_t queue_packets = 1000;
  QueuePolicy policy = QueuePolicy::drop_tail;
  base::Duration jitter{};         // in each direction
  std::uint32_t gso_max_segs = 0;  // of the server's host
  std::string purpose;
};

// The links that the lab's experiments speak of.
std::span<const NamedLink> named_links();

// Nothing when no link has that name.
std::optional<NamedLink> find_link(std::string_view name);

// The two directions of it, for the server's host.
LinkSpec access_link(const NamedLink& link);

// A star of a server behind this link and of others without limits: hosts "server", "client", and
// further ones as named.
StarSpec star_of(const NamedLink& link, std::uint64_t seed,
                 const std::vector<std::string>& others = {"client"});

std::string_view name_of(QueuePolicy policy);
std::optional<QueuePolicy> parse_queue_policy(std::string_view text);

}  // namespace dlab::linkem
