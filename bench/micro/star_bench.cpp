// What the emulator can carry, what a packet costs it, and how large it grows.

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/base/check.hpp"
#include "common/base/clock.hpp"
#include "common/base/page_buffer.hpp"
#include "common/net/tcp_stream.hpp"
#include "linkem/emulator.hpp"
#include "linkem/host_sockets.hpp"
#include "linkem/named_links.hpp"
#include "linkem/namespaces.hpp"
#include "linkem/packets.hpp"

namespace dlab::linkem {
namespace {

using base::check;
using base::FileDescriptor;

constexpr std::size_t kChunk = std::size_t{256} << 10U;
constexpr std::uint64_t kBytes = std::uint64_t{256} << 20U;  // whole chunks

void make_blocking(const FileDescriptor& socket) {
  check(fcntl(socket.get(), F_SETFL, 0), "fcntl", "a socket");
}

// A TCP connection from the first host to the second.
struct Connection {
  net::TcpStream sender;
  net::TcpStream receiver;
};

Connection connect_hosts(const Emulator& star) {
  const auto listener = socket_on(star, 1, SOCK_STREAM, 0);
  auto sender = socket_on(star, 0, SOCK_STREAM, 0);
  make_blocking(listener);
  make_blocking(sender);
  const auto address = address_of(1, bind_any(listener, 1));
  check(listen(listener.get(), 1), "listen", "on the second host");
  check(connect(sender.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
        "connect", "to the second host");
  FileDescriptor receiver(check(accept(listener.get(), nullptr, nullptr), "accept", "a host"));
  return {{std::move(sender), "the second host"}, {std::move(receiver), "the first host"}};
}

void send_bytes(net::TcpStream& stream) {
  const base::PageBuffer chunk(kChunk);
  for (std::uint64_t sent = 0; sent < kBytes; sent += kChunk) {
    stream.send_all(chunk);
  }
}

void receive_bytes(net::TcpStream& stream) {
  base::PageBuffer chunk(kChunk);
  for (std::uint64_t received = 0; received < kBytes;) {
    const auto count = stream.receive_some(chunk);
    if (count == 0) {
      throw std::runtime_error("the connection ended early");
    }
    received += count;
  }
}

// The emulator's own CPU time over the packets that it delivered since `before`.
double cpu_ns_per_packet(const Punctuality& before, const Punctuality& after) {
  return static_cast<double>((after.cpu - before.cpu).count()) /
         static_cast<double>(after.delivered_packets - before.delivered_packets);
}

double resident_mib(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) {
      return std::stod(line.substr(6)) / 1024;
    }
  }
  return 0;
}

std::unique_ptr<Emulator> star_with(benchmark::State& state, const LinkSpec& link,
                                    std::size_t hosts) {
  StarSpec spec;
  spec.hosts.assign(hosts, HostSpec{"host", link});
  try {
    [[maybe_unused]] static const auto kind = require_namespaces();
    return std::make_unique<Emulator>(spec);
  } catch (const Unavailable& error) {
    state.SkipWithError(error.what());
    return nullptr;
  }
}

// TCP in packets of 1500 bytes through a link without limits: what one processor can carry.
void tcp_through_one_link(benchmark::State& state) {
  const auto star = star_with(state, {}, 2);
  if (!star) {
    return;
  }
  const auto before = star->snapshot().punctuality;
  for (auto _ : state) {
    auto connection = connect_hosts(*star);
    std::jthread sender([&] { send_bytes(connection.sender); });
    receive_bytes(connection.receiver);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kBytes));
  state.counters["Gbit/s"] = benchmark::Counter(
      8e-9 * static_cast<double>(kBytes) * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
  state.counters["cpu_ns/packet"] = cpu_ns_per_packet(before, star->snapshot().punctuality);
}
BENCHMARK(tcp_through_one_link)->UseRealTime()->Unit(benchmark::kMillisecond);

// Every host sends datagrams as fast as they are taken, to another of half the hosts: what waits in
// the queues then is about all the memory that the emulator can need.
void flood(const Emulator& star, base::Duration time) {
  const std::size_t hosts = star.hosts();
  std::vector<FileDescriptor> sockets;
  std::vector<sockaddr_in> targets;
  for (std::size_t host = 0; host < hosts; ++host) {
    sockets.push_back(socket_on(star, host, SOCK_DGRAM, 0));
    targets.push_back(address_of(hosts / 2 + (host + 1) % (hosts / 2), 9));
  }
  const std::vector<std::byte> payload(kMtu - 28);
  const auto deadline = base::Deadline::after(time);
  while (!deadline.passed()) {
    for (std::size_t host = 0; host < hosts; ++host) {
      sendto(sockets[host].get(), payload.data(), payload.size(), MSG_DONTWAIT,
             reinterpret_cast<const sockaddr*>(&targets[host]), sizeof targets[host]);
    }
  }
}

void thirty_two_hosts_with_full_queues(benchmark::State& state) {
  // A tenth of wan's rate and ten times its delay: as many packets on the wire and in the queues,
  // and slow enough for one thread to keep all queues full.
  auto wan = access_link(*find_link("wan"));
  for (auto* direction : {&wan.up, &wan.down}) {
    direction->rate.bits_per_second /= 10;
    direction->delay *= 10;
  }
  const auto star = star_with(state, wan, 32);
  if (!star) {
    return;
  }
  for (auto _ : state) {
    flood(*star, std::chrono::seconds(3));
  }
  const auto snapshot = star->snapshot();
  std::uint64_t waited = 0;
  std::uint64_t full = 0;
  for (const auto* direction : {&snapshot.up, &snapshot.down}) {
    for (const auto& counters : *direction) {
      waited += counters.most_queued_packets;
      full += counters.most_queued_packets >= wan.up.queue.packets ? 1 : 0;
    }
  }
  state.counters["full_queues"] = static_cast<double>(full);
  state.counters["most_queued"] = static_cast<double>(waited);
  state.counters["MiB"] = resident_mib(star->pid());
}
BENCHMARK(thirty_two_hosts_with_full_queues)
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dlab::linkem
