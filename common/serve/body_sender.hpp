#pragma once

#include "common/serve/outlet.hpp"
#include "common/serve/request_log.hpp"
#include "common/storage/served_root.hpp"

namespace dlab::serve {

// Sends ranges of files on one connection that blocks. Not thread-safe: one per connection.
class BodySender {
 public:
  // `buffer_bytes`: bytes per read and send (copy, mmap).
  BodySender(net::TcpStream& stream, IoPath path, std::size_t buffer_bytes)
      : stream_(stream), outlet_(path, buffer_bytes) {}

  // Sends `range` of `file`, counting into `delivery` as it goes.
  // Throws FileTruncated, and std::system_error for the connection.
  void send(const storage::ServedFile& file, storage::ByteRange range, Delivery& delivery);

 private:
  net::TcpStream& stream_;
  Outlet outlet_;
};

}  // namespace dlab::serve
