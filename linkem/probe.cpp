#include "linkem/probe.hpp"

#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "common/base/check.hpp"
#include "common/base/poll.hpp"
#include "linkem/host_sockets.hpp"

namespace dlab::linkem {
namespace {

using namespace std::chrono_literals;
using base::check;
using base::Clock;
using base::FileDescriptor;

// What a probe carries behind its headers.
struct Mark {
  std::uint32_t number = 0;
  std::int64_t sent_ns = 0;
};
constexpr std::size_t kMarkBytes = 12;
constexpr int kCatchUp = 4;

void put(const Mark& mark, std::byte* place) {
  std::memcpy(place, &mark.number, 4);
  std::memcpy(place + 4, &mark.sent_ns, 8);
}

Mark mark_at(const std::byte* place) {
  Mark mark;
  std::memcpy(&mark.number, place, 4);
  std::memcpy(&mark.sent_ns, place + 4, 8);
  return mark;
}

void wait_readable(const FileDescriptor& socket, base::Duration most) {
  base::poll_until(socket.get(), POLLIN, Clock::now() + most);
}

void connect_to(const FileDescriptor& socket, std::size_t host, std::uint16_t port) {
  const auto address = address_of(host, port);
  const int result =
      connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  if (result < 0 && errno != EINPROGRESS) {
    base::throw_system_error(errno, "connect", "a probe");
  }
}

// One train under way.
class Train {
 public:
  Train(const Emulator& star, const ProbePlan& plan)
      : plan_(plan),
        sender_(socket_on(star, plan.from, SOCK_DGRAM, 0)),
        receiver_(socket_on(star, plan.to, SOCK_DGRAM, 0)) {
    prepare_receiver(receiver_);
    connect_to(sender_, plan.to, bind_any(receiver_, plan.to));
    result_.arrivals.reserve(plan.packets);
  }

  ProbeResult run() {
    const auto gap = std::chrono::duration_cast<base::Duration>(
        std::chrono::duration<double>(1 / plan_.packets_per_s));
    auto next = Clock::now();
    const auto end = base::Deadline::after(plan_.most);
    while (result_.sent < plan_.packets && !end.passed()) {
      const auto now = Clock::now();
      if (now >= next) {
        send_next();
        next = plan_.may_burst ? next + gap : std::max(next + gap, now - kCatchUp * gap);
      }
      take_arrivals();
    }
    wait_for_stragglers();
    return std::move(result_);
  }

 private:
  void send_next() {
    put({static_cast<std::uint32_t>(result_.sent), real_time_ns()}, packet_.data());
    const std::size_t payload = plan_.ip_bytes - (kLeastProbeBytes - kMarkBytes);
    const auto sent = send(sender_.get(), packet_.data(), payload, 0);
    if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS)) {
      return;  // the same one again
    }
    check(sent, "send", "a probe");
    ++result_.sent;
  }

  void take_arrivals() {
    while (const auto datagram = receive_stamped(receiver_, received_)) {
      const Mark mark = mark_at(received_.data());
      result_.arrivals.push_back(
          {mark.number, mark.sent_ns, datagram->received_ns, datagram->dropped});
    }
  }

  void wait_for_stragglers() {
    const auto deadline = base::Deadline::after(plan_.patience);
    while (result_.arrivals.size() < result_.sent && !deadline.passed()) {
      wait_readable(receiver_, std::min<base::Duration>(deadline.left(), 50ms));
      take_arrivals();
    }
  }

  const ProbePlan& plan_;
  FileDescriptor sender_;
  FileDescriptor receiver_;
  ProbeResult result_;
  std::array<std::byte, kMtu> packet_{};
  std::array<std::byte, kMtu> received_{};
};

// RFC 1071.
std::uint16_t internet_checksum(std::span<const std::byte> data) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < data.size(); i += 2) {
    sum +=
        std::to_integer<std::uint32_t>(data[i]) << 8U | std::to_integer<std::uint32_t>(data[i + 1]);
  }
  while (sum > 0xFFFF) {
    sum = (sum & 0xFFFFU) + (sum >> 16U);
  }
  return static_cast<std::uint16_t>(~sum);
}

constexpr std::size_t kIcmpHeader = 8;
constexpr std::size_t kEchoBytes = kIcmpHeader + kMarkBytes;

void send_echo_request(const FileDescriptor& socket, std::uint32_t number) {
  std::array<std::byte, kEchoBytes> message{};
  message[0] = std::byte{ICMP_ECHO};
  put({number, real_time_ns()}, message.data() + kIcmpHeader);
  const std::uint16_t sum = internet_checksum(message);
  message[2] = static_cast<std::byte>(sum >> 8U);
  message[3] = static_cast<std::byte>(sum & 0xFFU);
  check(send(socket.get(), message.data(), message.size(), 0), "send", "a ping");
}

void take_echoes(const FileDescriptor& socket, std::vector<std::int64_t>& round_trips) {
  constexpr std::size_t kIpHeader = 20;
  std::array<std::byte, 256> buffer{};
  while (const auto datagram = receive_stamped(socket, buffer)) {
    const std::byte* echo = buffer.data() + kIpHeader;
    if (datagram->length == kIpHeader + kEchoBytes && echo[0] == std::byte{ICMP_ECHOREPLY}) {
      round_trips.push_back(datagram->received_ns - mark_at(echo + kIcmpHeader).sent_ns);
    }
  }
}

bool writable(const FileDescriptor& socket) {
  pollfd ready{socket.get(), POLLOUT, 0};
  return poll(&ready, 1, 0) > 0;
}

}  // namespace

ProbeResult send_probes(const Emulator& star, const ProbePlan& plan) {
  return Train(star, plan).run();
}

std::vector<std::int64_t> ping(const Emulator& star, std::size_t from, std::size_t to,
                               std::size_t count, base::Duration spacing, base::Duration patience) {
  const FileDescriptor socket = socket_on(star, from, SOCK_RAW, IPPROTO_ICMP);
  prepare_receiver(socket);
  connect_to(socket, to, 0);
  std::vector<std::int64_t> round_trips;
  for (std::size_t i = 0; i < count; ++i) {
    const auto next = base::Deadline::after(spacing);
    send_echo_request(socket, static_cast<std::uint32_t>(i));
    while (!next.passed()) {
      wait_readable(socket, next.left());
      take_echoes(socket, round_trips);
    }
  }
  const auto deadline = base::Deadline::after(patience);
  while (round_trips.size() < count && !deadline.passed()) {
    wait_readable(socket, deadline.left());
    take_echoes(socket, round_trips);
  }
  return round_trips;
}

bool push_tcp(const Emulator& star, std::size_t from, std::size_t to, std::size_t bytes,
              base::Duration patience) {
  const FileDescriptor listener = socket_on(star, to, SOCK_STREAM, 0);
  const FileDescriptor sender = socket_on(star, from, SOCK_STREAM, 0);
  const auto port = bind_any(listener, to);
  check(listen(listener.get(), 1), "listen", "for a probe");
  connect_to(sender, to, port);
  const auto deadline = base::Deadline::after(patience);
  FileDescriptor receiver;
  const std::vector<std::byte> zeros(std::size_t{1} << 16U);
  std::vector<std::byte> buffer(zeros.size());
  std::size_t sent = 0;
  std::size_t received = 0;
  while (received < bytes && !deadline.passed()) {
    if (sent < bytes && writable(sender)) {
      const auto length =
          send(sender.get(), zeros.data(), std::min(zeros.size(), bytes - sent), MSG_NOSIGNAL);
      sent += length > 0 ? static_cast<std::size_t>(length) : 0;
    }
    if (!receiver.is_open()) {
      receiver =
          FileDescriptor(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    }
    const FileDescriptor& next = receiver.is_open() ? receiver : listener;
    wait_readable(next, 1ms);
    if (receiver.is_open()) {
      const auto length = recv(receiver.get(), buffer.data(), buffer.size(), 0);
      received += length > 0 ? static_cast<std::size_t>(length) : 0;
    }
  }
  return received >= bytes;
}

}  // namespace dlab::linkem
