#include "linkem/routes.hpp"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <vector>

#include "common/base/check.hpp"
#include "common/base/file_descriptor.hpp"
#include "linkem/link_spec.hpp"
#include "linkem/tun_device.hpp"

namespace dlab::linkem {
namespace {

using base::check;
using base::FileDescriptor;

constexpr std::uint16_t kDiscardPort = 9;

// One of the routes that a namespace has by itself.
struct Route {
  const char* destination;
  unsigned char prefix_length;
  std::string source;
  const char* device;
  unsigned char table;
  unsigned char scope;
  unsigned char type;
};

in_addr_t as_address(const std::string& text) {
  return inet_addr(text.c_str());
}

// A request to replace a route, put together as rtnetlink(7) tells.
class RouteRequest {
 public:
  RouteRequest(const Route& route, const std::string& algorithm) {
    header_.nlmsg_type = RTM_NEWROUTE;
    header_.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_REPLACE;
    rtmsg message{};
    message.rtm_family = AF_INET;
    message.rtm_dst_len = route.prefix_length;
    message.rtm_table = route.table;
    message.rtm_protocol = RTPROT_KERNEL;
    message.rtm_scope = route.scope;
    message.rtm_type = route.type;
    length_ = NLMSG_HDRLEN;
    append(&message, sizeof message);
    const in_addr_t destination = as_address(route.destination);
    const in_addr_t source = as_address(route.source);
    attribute(RTA_DST, &destination, sizeof destination);
    attribute(RTA_PREFSRC, &source, sizeof source);
    const unsigned int interface = if_nametoindex(route.device);
    attribute(RTA_OIF, &interface, sizeof interface);
    const std::size_t metrics = length_;
    attribute(RTA_METRICS, nullptr, 0);
    attribute(RTAX_CC_ALGO, algorithm.c_str(), algorithm.size() + 1);
    const auto nested = static_cast<unsigned short>(length_ - metrics);
    std::memcpy(message_.data() + metrics, &nested, sizeof nested);
    header_.nlmsg_len = static_cast<unsigned int>(length_);
    std::memcpy(message_.data(), &header_, sizeof header_);
  }

  [[nodiscard]] const void* data() const { return message_.data(); }
  [[nodiscard]] std::size_t size() const { return length_; }

 private:
  void append(const void* data, std::size_t size) {
    std::memcpy(message_.data() + length_, data, size);
    length_ += NLMSG_ALIGN(size);
  }
  void attribute(unsigned short type, const void* data, std::size_t size) {
    const rtattr header{static_cast<unsigned short>(RTA_LENGTH(size)), type};
    append(&header, sizeof header);
    if (size > 0) {
      append(data, size);
    }
  }

  std::array<char, 512> message_{};
  nlmsghdr header_{};
  std::size_t length_ = 0;
};

// Sends the request; the kernel's answer as an errno, 0 for success.
int ask_kernel(const FileDescriptor& netlink, const RouteRequest& request) {
  check(send(netlink.get(), request.data(), request.size(), 0), "send", "to rtnetlink");
  struct {
    nlmsghdr header;
    nlmsgerr error;
    std::array<char, 1024> original;
  } answer{};
  check(recv(netlink.get(), &answer, sizeof answer, 0), "receive", "from rtnetlink");
  return answer.header.nlmsg_type == NLMSG_ERROR ? -answer.error.error : EPROTO;
}

FileDescriptor tcp_socket() {
  return FileDescriptor(check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
                              "socket", "for a probe"));
}

// The address of this namespace's link; blank when it has none.
std::string link_address() {
  const FileDescriptor socket(
      check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket", kTunName));
  ifreq request{};
  std::strncpy(request.ifr_name, kTunName, sizeof request.ifr_name - 1);
  if (ioctl(socket.get(), SIOCGIFADDR, &request) < 0) {
    return "";
  }
  sockaddr_in address{};
  std::memcpy(&address, &request.ifr_addr, sizeof address);
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
  return text.data();
}

std::vector<Route> routes_here() {
  const Route loopback{"127.0.0.0", 8, "127.0.0.1", "lo", RT_TABLE_LOCAL, RT_SCOPE_HOST, RTN_LOCAL};
  Route itself = loopback;
  itself.destination = "127.0.0.1";
  itself.prefix_length = 32;
  std::vector<Route> routes{loopback, itself};
  if (const auto address = link_address(); !address.empty()) {
    routes.push_back(
        {kStarNetwork, 24, address, kTunName, RT_TABLE_MAIN, RT_SCOPE_LINK, RTN_UNICAST});
  }
  return routes;
}

}  // namespace

bool route_congestion(const std::string& algorithm) {
  const FileDescriptor netlink(
      check(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket", "rtnetlink"));
  for (const auto& route : routes_here()) {
    const int error_number = ask_kernel(netlink, RouteRequest(route, algorithm));
    if (error_number == EINVAL || error_number == ENOENT) {
      return false;
    }
    if (error_number != 0) {
      base::throw_system_error(error_number, std::string("route ") + route.device, algorithm);
    }
  }
  return true;
}

std::string congestion_towards(const std::string& address) {
  const FileDescriptor socket = tcp_socket();
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(kDiscardPort);
  peer.sin_addr.s_addr = as_address(address);
  // Whether anybody listens does not matter: the algorithm is chosen before the first packet.
  if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof peer) < 0 &&
      errno != EINPROGRESS && errno != ECONNREFUSED) {
    base::throw_system_error(errno, "connect", "a probe");
  }
  std::array<char, 16> name{};  // TCP_CA_NAME_MAX
  socklen_t length = name.size();
  check(getsockopt(socket.get(), IPPROTO_TCP, TCP_CONGESTION, name.data(), &length),
        "getsockopt TCP_CONGESTION", "of a probe");
  return name.data();
}

bool can_set_congestion(const std::string& algorithm) {
  const FileDescriptor socket = tcp_socket();
  return setsockopt(socket.get(), IPPROTO_TCP, TCP_CONGESTION, algorithm.data(),
                    static_cast<socklen_t>(algorithm.size())) == 0;
}

}  // namespace dlab::linkem
