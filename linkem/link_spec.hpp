#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/units.hpp"

namespace dlab::linkem {

// Which packets the wire loses. Random: each with the same probability. Bursty: the simplest
// Gilbert-Elliott channel (Gilbert 1960): a good state that loses nothing, a bad one that loses
// everything, left after `burst_packets` on average.
struct LossSpec {
  double probability = 0;    // mean share of the packets, 0 to 1
  double burst_packets = 1;  // mean length of a burst; 1: random loss
};

// What a full queue does.
enum class QueuePolicy {
  drop_tail,    // drops what arrives
  single_drop,  // drops what arrives, but then nothing for a while: Altman's "one flow hit"
  codel,        // drop_tail's limit, and drops from the front after RFC 8289
};

struct QueueSpec {
  std::size_t packets = 1000;  // that wait; the one in service is not counted
  QueuePolicy policy = QueuePolicy::drop_tail;
  base::Duration quiet{};  // single_drop: how long after a drop none follows
};

// One direction of a host's access link.
struct DirectionSpec {
  base::BitRate rate;      // of IP bytes; 0: unlimited, and then nothing ever waits
  base::Duration delay{};  // propagation, one way
  base::Duration
      jitter{};  // added delay, uniform from 0 to this; packets never overtake each other
  LossSpec loss;
  QueueSpec queue;
};

// A host's access link. A link without settings carries everything at once.
struct LinkSpec {
  DirectionSpec up;    // from the host to the hub
  DirectionSpec down;  // from the hub to the host
};

struct HostSpec {
  std::string name;
  LinkSpec link;
  // TCP hands its segments down in bursts of up to a millisecond's worth (tcp_tso_autosize() in
  // Linux), which arrive at the link's queue all at once; no burst here has more segments than
  // this. 0: as the kernel likes.
  std::uint32_t gso_max_segs = 0;
};

constexpr std::size_t kMostHosts = 250;

// A star: every host's access link ends at one hub that knows no limits.
struct StarSpec {
  std::vector<HostSpec> hosts;  // 1 to kMostHosts; host k has the address 10.77.0.(k + 1)
  std::uint64_t seed = 1;
  std::filesystem::path log;   // CSV of counters every 100 ms; blank: none
  std::filesystem::path pcap;  // the packets that were delivered; blank: none
};

// Of all hosts; 24 bits long.
constexpr const char* kStarNetwork = "10.77.0.0";

// The address of host `index`, "10.77.0.1" for the first.
std::string host_address(std::size_t index);

}  // namespace dlab::linkem
