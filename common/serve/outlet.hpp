#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>

#include "common/base/page_buffer.hpp"
#include "common/net/io_path.hpp"
#include "common/net/tcp_stream.hpp"
#include "common/storage/byte_range.hpp"

namespace dlab::serve {

using net::IoPath;

// Up to here reading a file behind its header and sending both costs less than a second system
// call that spares the copy.
constexpr std::uint64_t kSmallBody = std::uint64_t{16} << 10U;

// The file became shorter while it was sent: what was promised cannot be delivered.
class FileTruncated : public std::runtime_error {
 public:
  FileTruncated() : std::runtime_error("the file became shorter while it was sent") {}
};

// How the bytes of a file get into a socket: read and sent, by sendfile(2), or from mapped pages.
// Works with sockets that block and with those that do not. Not thread-safe; may serve many
// connections in turn.
class Outlet {
 public:
  // `buffer_bytes`: bytes per read and send (copy, mmap), at least 1.
  Outlet(IoPath path, std::size_t buffer_bytes) : path_(path), buffer_bytes_(buffer_bytes) {}

  // The longest range that is worth offering at once.
  [[nodiscard]] std::uint64_t longest_turn() const;

  // Sends the front of `range`, which is not empty, of the file open as `file`: how many bytes went
  // out, at least one; nothing when the socket takes none now (TcpStream::try_send).
  // Throws FileTruncated, and std::system_error for the connection.
  std::optional<std::size_t> send(net::TcpStream& stream, int file, storage::ByteRange range);

  // The same for `head` and then `range`, either of which may be empty, not both.
  std::optional<std::size_t> send(net::TcpStream& stream, std::span<const std::byte> head, int file,
                                  storage::ByteRange range);

 private:
  std::optional<std::size_t> send_copied(net::TcpStream& stream, int file,
                                         storage::ByteRange range);
  std::optional<std::size_t> send_mapped(net::TcpStream& stream, int file,
                                         storage::ByteRange range) const;
  std::optional<std::size_t> send_together(net::TcpStream& stream, std::span<const std::byte> head,
                                           int file, storage::ByteRange range);

  IoPath path_;
  std::size_t buffer_bytes_;
  base::PageBuffer buffer_;
};

}  // namespace dlab::serve
