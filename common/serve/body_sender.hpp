#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>

#include "common/base/page_buffer.hpp"
#include "common/base/rate_limiter.hpp"
#include "common/net/io_path.hpp"
#include "common/net/tcp_stream.hpp"
#include "common/storage/byte_range.hpp"
#include "common/storage/served_root.hpp"

namespace dlab::serve {

using net::IoPath;

// The file became shorter while it was sent: what was promised cannot be delivered.
class FileTruncated : public std::runtime_error {
 public:
  FileTruncated() : std::runtime_error("the file became shorter while it was sent") {}
};

// What came of sending a body, also when it failed half way.
struct Delivery {
  std::uint64_t sent = 0;
  base::TimePoint first{};  // the first byte was handed to the socket
  base::TimePoint last{};   // the last one was: what the sender believes to be the end
};

// Sends ranges of files on one connection. Not thread-safe: one per connection.
class BodySender {
 public:
  // `buffer_bytes`: bytes per read and send (copy, mmap). `limit`: caps this connection.
  BodySender(net::TcpStream& stream, IoPath path, std::size_t buffer_bytes,
             std::optional<base::BitRate> limit);

  // Sends `range` of `file`, counting into `delivery` as it goes.
  // Throws FileTruncated, and std::system_error for the connection.
  void send(const storage::ServedFile& file, storage::ByteRange range, Delivery& delivery);

 private:
  std::size_t send_some(const storage::ServedFile& file, storage::ByteRange turn);
  std::size_t send_copied(int file, storage::ByteRange turn);
  std::size_t send_mapped(int file, storage::ByteRange turn);
  [[nodiscard]] std::uint64_t longest_turn() const;

  net::TcpStream& stream_;
  IoPath path_;
  std::size_t buffer_bytes_;
  base::PageBuffer buffer_;
  std::optional<base::RateLimiter> limiter_;
};

}  // namespace dlab::serve
