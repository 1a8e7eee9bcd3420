#pragma once

#include <cstdint>
#include <string>

#include "common/base/file_descriptor.hpp"
#include "linkem/packets.hpp"

namespace dlab::linkem {

// The name that the device has in every host.
constexpr const char* kTunName = "link0";

// A network device whose other end is a descriptor: what the host sends to it is read here, what is
// written here the host receives. One IP packet a call; no offloads, so the kernel cuts everything
// to the MTU first. It ends with this object. (Linux: Documentation/networking/tuntap)
class TunDevice {
 public:
  // Makes it in the current network namespace, up, with `address`/24 and a queue that is long
  // enough never to drop. `gso_max_segs`: the most segments that TCP hands to it as one, to be cut
  // on the way (ip-link(8)); 0: as the kernel likes. Throws Unavailable where /dev/net/tun cannot
  // be used, std::system_error.
  explicit TunDevice(const std::string& address, std::uint32_t gso_max_segs = 0);

  [[nodiscard]] int fd() const { return tun_.get(); }

  // Reads the next packet into `packet`; false when none waits. Of IPv4 alone: the star's hosts
  // have no other addresses.
  bool read(Packet& packet);

  // Hands a packet to the host.
  void write(const Packet& packet);

  // Packets that the device dropped so far, either way; 0 is what it should be.
  [[nodiscard]] std::uint64_t drops() const;

 private:
  base::FileDescriptor tun_;
  base::FileDescriptor statistics_;  // /proc/net/dev of its namespace
  std::uint64_t refused_ = 0;
};

}  // namespace dlab::linkem
