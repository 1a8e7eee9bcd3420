#include "linkem/host_sockets.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "common/base/check.hpp"

namespace dlab::linkem {
namespace {

using base::check;

constexpr int kSocketBufferBytes = 32 << 20;

void set(const base::FileDescriptor& socket, int option, int value) {
  check(setsockopt(socket.get(), SOL_SOCKET, option, &value, sizeof value), "setsockopt",
        "of a probe");
}

void read_control(const cmsghdr& control, Datagram& datagram) {
  if (control.cmsg_type == SCM_TIMESTAMPNS) {
    timespec time{};
    std::memcpy(&time, CMSG_DATA(&control), sizeof time);
    datagram.received_ns = std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  } else if (control.cmsg_type == SO_RXQ_OVFL) {
    std::memcpy(&datagram.dropped, CMSG_DATA(&control), sizeof datagram.dropped);
  }
}

}  // namespace

base::FileDescriptor socket_on(const Emulator& star, std::size_t host, int type, int protocol) {
  const auto home = NetworkNamespace::current();
  star.network(host).enter();
  base::FileDescriptor socket(::socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
  const int error_number = errno;
  home.enter();
  if (!socket.is_open()) {
    base::throw_system_error(error_number, "socket", "for a probe");
  }
  return socket;
}

sockaddr_in address_of(std::size_t host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, host_address(host).c_str(), &address.sin_addr);
  return address;
}

std::uint16_t bind_any(const base::FileDescriptor& socket, std::size_t host) {
  auto address = address_of(host, 0);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  check(bind(socket.get(), generic, length), "bind", "a probe");
  check(getsockname(socket.get(), generic, &length), "getsockname", "of a probe");
  return ntohs(address.sin_port);
}

void prepare_receiver(const base::FileDescriptor& socket) {
  set(socket, SO_TIMESTAMPNS, 1);
  set(socket, SO_RXQ_OVFL, 1);
  set(socket, SO_RCVBUF, kSocketBufferBytes);
  // For root, beyond the limit of net.core.rmem_max.
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kSocketBufferBytes,
             sizeof kSocketBufferBytes);
}

std::optional<Datagram> receive_stamped(const base::FileDescriptor& socket,
                                        std::span<std::byte> buffer) {
  iovec piece{buffer.data(), buffer.size()};
  alignas(cmsghdr) std::array<char, 128> control{};
  msghdr header{};
  header.msg_iov = &piece;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  const auto length =
      base::retry_interrupted([&] { return recvmsg(socket.get(), &header, MSG_DONTWAIT); });
  if (length < 0 && (errno == EAGAIN || errno == ECONNREFUSED)) {
    return std::nullopt;
  }
  Datagram datagram;
  datagram.length = static_cast<std::size_t>(check(length, "receive", "a probe"));
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    read_control(*c, datagram);
  }
  return datagram;
}

}  // namespace dlab::linkem
