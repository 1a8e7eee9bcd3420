#include "bench/runner/congestion.hpp"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "common/base/check.hpp"
#include "common/base/file_descriptor.hpp"

namespace dlab::bench {
namespace {

using base::check;
using base::FileDescriptor;

// A request to replace one route of the table `local`, put together as rtnetlink(7) tells.
class RouteRequest {
 public:
  RouteRequest(unsigned char prefix_length, const std::string& algorithm) {
    header_.nlmsg_type = RTM_NEWROUTE;
    header_.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_REPLACE;
    rtmsg route{};
    route.rtm_family = AF_INET;
    route.rtm_dst_len = prefix_length;
    route.rtm_table = RT_TABLE_LOCAL;
    route.rtm_protocol = RTPROT_KERNEL;
    route.rtm_scope = RT_SCOPE_HOST;
    route.rtm_type = RTN_LOCAL;
    length_ = NLMSG_HDRLEN;
    append(&route, sizeof route);
    const in_addr_t host = htonl(INADDR_LOOPBACK);
    const in_addr_t network = htonl(INADDR_LOOPBACK & IN_CLASSA_NET);
    attribute(RTA_DST, prefix_length == 32 ? &host : &network, sizeof host);
    attribute(RTA_PREFSRC, &host, sizeof host);
    const unsigned int interface = if_nametoindex("lo");
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
  return FileDescriptor(
      check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket", "for a probe"));
}

std::string congestion_of(const FileDescriptor& socket) {
  std::array<char, 16> name{};  // TCP_CA_NAME_MAX
  socklen_t length = name.size();
  check(getsockopt(socket.get(), IPPROTO_TCP, TCP_CONGESTION, name.data(), &length),
        "getsockopt TCP_CONGESTION", "of a probe");
  return name.data();
}

}  // namespace

bool route_congestion(const std::string& algorithm) {
  const FileDescriptor netlink(
      check(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket", "rtnetlink"));
  for (const unsigned char prefix_length : {std::uint8_t{8}, std::uint8_t{32}}) {
    const int error_number = ask_kernel(netlink, RouteRequest(prefix_length, algorithm));
    if (error_number == EINVAL || error_number == ENOENT) {
      return false;
    }
    if (error_number != 0) {
      base::throw_system_error(error_number, "route loopback with congctl", algorithm);
    }
  }
  return true;
}

std::string probe_congestion() {
  const FileDescriptor listener = tcp_socket();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  check(bind(listener.get(), generic, length), "bind", "a probe");
  check(listen(listener.get(), 1), "listen", "with a probe");
  check(getsockname(listener.get(), generic, &length), "getsockname", "of a probe");
  const FileDescriptor client = tcp_socket();
  check(connect(client.get(), generic, length), "connect", "a probe");
  const FileDescriptor served(
      check(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept", "a probe"));
  return congestion_of(served);
}

bool can_set_congestion(const std::string& algorithm) {
  const FileDescriptor socket = tcp_socket();
  return setsockopt(socket.get(), IPPROTO_TCP, TCP_CONGESTION, algorithm.data(),
                    static_cast<socklen_t>(algorithm.size())) == 0;
}

}  // namespace dlab::bench
