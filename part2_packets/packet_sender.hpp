#pragma once

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/page_buffer.hpp"
#include "common/net/tcp_stream.hpp"
#include "common/serve/body_sender.hpp"
#include "common/wire/codec.hpp"
#include "part2_packets/fault_injector.hpp"
#include "part2_packets/packet_layout.hpp"

namespace dlab::part2 {

// How many packets travel in one system call: at most `packets`, of at most `bytes` together, and
// one at least.
struct BatchLimits {
  std::size_t packets = 32;
  std::size_t bytes = std::size_t{256} << 10U;
};

// Sends ranges of files as packets on one connection, window by window, batch by batch. Its
// buffers hold one batch, whatever the size of file and window. Not thread-safe.
class PacketSender {
 public:
  // `stream` and `faults` must outlive the sender.
  PacketSender(net::TcpStream& stream, const BatchLimits& limits, FaultInjector& faults);

  // Sends `range` of `file` as `get` asks, and a mark after each window, counting payload bytes
  // into `delivery`. Throws serve::FileTruncated, and std::system_error for the connection.
  void send(const storage::ServedFile& file, storage::ByteRange range, const wire::GetPackets& get,
            serve::Delivery& delivery);

 private:
  struct Window;
  void send_window(const Window& window, serve::Delivery& delivery);
  std::uint64_t add_packets(const Window& window, std::span<const std::uint64_t> batch);
  void read_payloads(const Window& window, std::span<const std::uint64_t> batch);
  void add(std::span<const std::byte> piece);

  net::TcpStream& stream_;
  BatchLimits limits_;
  FaultInjector& faults_;
  std::vector<std::uint64_t> order_;  // of the window that is being sent
  // One batch: the bytes of its packets, where each packet's lie, the frames' headers, and the
  // pieces of the message in the order of sending.
  base::PageBuffer payload_;
  std::vector<std::span<std::byte>> payloads_;
  std::vector<std::array<std::byte, wire::kPacketPreambleBytes>> preambles_;
  std::vector<iovec> pieces_;
};

}  // namespace dlab::part2
