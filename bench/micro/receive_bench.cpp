// What it costs a receiver where its buffer begins: a file's bytes from the page cache over
// loopback, received at a page's beginning and some bytes behind it.

#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "common/base/check.hpp"
#include "common/base/file_descriptor.hpp"
#include "common/base/page_buffer.hpp"

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
  FileDescriptor sender;
  FileDescriptor receiver;
};

Connection connect_on_loopback() {
  const FileDescriptor listener(check(socket(AF_INET, SOCK_STREAM, 0), "socket", "to listen"));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  check(bind(listener.get(), generic, length), "bind", "on loopback");
  check(listen(listener.get(), 1), "listen", "on loopback");
  check(getsockname(listener.get(), generic, &length), "getsockname", "on loopback");
  FileDescriptor sender(check(socket(AF_INET, SOCK_STREAM, 0), "socket", "to send"));
  check(connect(sender.get(), generic, length), "connect", "on loopback");
  FileDescriptor receiver(check(accept(listener.get(), nullptr, nullptr), "accept", "on loopback"));
  return {std::move(sender), std::move(receiver)};
}

void send_whole(const FileDescriptor& file, const FileDescriptor& socket) {
  for (off_t at = 0; at < static_cast<off_t>(kFileBytes);) {
    check(sendfile(socket.get(), file.get(), &at, std::size_t{1} << 20U), "sendfile", "a file");
  }
}

// Range 0: bytes of a receive. Range 1: how far behind the beginning of a page they go.
void receive_into_buffer(benchmark::State& state) {
  const auto bytes = static_cast<std::size_t>(state.range(0));
  const auto behind = static_cast<std::size_t>(state.range(1));
  const FileDescriptor file = file_in_memory();
  base::PageBuffer buffer(bytes + behind);
  const auto connection = connect_on_loopback();
  for (auto _ : state) {
    std::jthread sender([&] { send_whole(file, connection.sender); });
    for (std::size_t received = 0; received < kFileBytes;) {
      received += static_cast<std::size_t>(
          check(recv(connection.receiver.get(), buffer.data() + behind, bytes, 0), "recv", "it"));
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
