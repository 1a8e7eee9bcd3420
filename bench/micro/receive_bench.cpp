// What it costs a receiver where its buffer begins: a file's bytes from the page cache over
// loopback, received at a page's beginning and some bytes behind it.

#include <benchmark/benchmark.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <span>
#include <thread>

#include "common/base/check.hpp"
#include "common/base/file_descriptor.hpp"
#include "common/base/page_buffer.hpp"
#include "common/net/tcp_listener.hpp"
#include "common/net/tcp_stream.hpp"

namespace dlab {
namespace {

using base::check;
using base::FileDescriptor;

constexpr std::size_t kFileBytes = std::size_t{256} << 20U;

FileDescriptor file_in_memory() {
  FileDescriptor file(check(memfd_create("dlab_micro", MFD_CLOEXEC), "memfd_create", "a file"));
  const base::PageBuffer block(std::size_t{1} << 20U, std::byte{0x5a});
  for (std::size_t written = 0; written < kFileBytes; written += block.size()) {
    check(write(file.get(), block.data(), block.size()), "write", "a file in memory");
  }
  return file;
}

struct Connection {
  net::TcpStream sender;
  net::TcpStream receiver;
};

Connection connect_on_loopback() {
  net::TcpListener listener({"127.0.0.1", 0}, 1, {});
  const std::array addresses{listener.address()};
  auto sender = net::TcpStream::connect(addresses, {}, std::chrono::seconds(10));
  return {std::move(sender), *listener.accept()};
}

void send_whole(const FileDescriptor& file, net::TcpStream& stream) {
  for (std::uint64_t at = 0; at < kFileBytes;) {
    at += stream.send_file_some(file.get(), at, std::size_t{1} << 20U);
  }
}

// Range 0: bytes of a receive. Range 1: how far behind the beginning of a page they go.
void receive_into_buffer(benchmark::State& state) {
  const auto bytes = static_cast<std::size_t>(state.range(0));
  const auto behind = static_cast<std::size_t>(state.range(1));
  const FileDescriptor file = file_in_memory();
  base::PageBuffer buffer(bytes + behind);
  auto connection = connect_on_loopback();
  for (auto _ : state) {
    std::jthread sender([&] { send_whole(file, connection.sender); });
    for (std::size_t received = 0; received < kFileBytes;) {
      received += connection.receiver.receive_some(std::span(buffer).subspan(behind));
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kFileBytes));
}
BENCHMARK(receive_into_buffer)
    ->ArgsProduct({{64 << 10, 1 << 20}, {0, 16, 64}})
    ->ArgNames({"bytes", "behind"})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dlab
