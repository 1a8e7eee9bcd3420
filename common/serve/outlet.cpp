#include "common/serve/outlet.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <system_error>

#include "common/base/check.hpp"
#include "common/storage/file_io.hpp"

namespace dlab::serve {
namespace {

constexpr std::uint64_t kSendfileTurn = std::uint64_t{16} << 20U;
constexpr std::uint64_t kMapTurn = std::uint64_t{64} << 20U;

// Pages of a file mapped for reading, from a page boundary at or before `range`.
class Mapping {
 public:
  Mapping(int file, storage::ByteRange range)
      : skipped_(static_cast<std::size_t>(range.begin %
                                          static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)))),
        length_(static_cast<std::size_t>(range.size()) + skipped_),
        address_(::mmap(nullptr, length_, PROT_READ, MAP_SHARED, file,
                        static_cast<off_t>(range.begin - skipped_))) {
    if (address_ == MAP_FAILED) {
      base::check(-1, "mmap", "file");
    }
    ::madvise(address_, length_, MADV_SEQUENTIAL);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { ::munmap(address_, length_); }

  [[nodiscard]] std::span<const std::byte> bytes() const {
    return std::span(static_cast<const std::byte*>(address_), length_).subspan(skipped_);
  }

 private:
  std::size_t skipped_;
  std::size_t length_;
  void* address_;
};

std::size_t at_least_one(std::size_t bytes) {
  if (bytes == 0) {
    throw FileTruncated();
  }
  return bytes;
}

}  // namespace

std::uint64_t Outlet::longest_turn() const {
  switch (path_) {
    case IoPath::copy:
      return buffer_bytes_;
    case IoPath::sendfile:
      return kSendfileTurn;
    default:
      return kMapTurn;
  }
}

std::optional<std::size_t> Outlet::send(net::TcpStream& stream, int file,
                                        storage::ByteRange range) {
  const auto turn = range.front(longest_turn());
  switch (path_) {
    case IoPath::copy:
      return send_copied(stream, file, turn);
    case IoPath::sendfile: {
      const auto sent =
          stream.try_send_file(file, turn.begin, static_cast<std::size_t>(turn.size()));
      return sent ? std::optional(at_least_one(*sent)) : std::nullopt;
    }
    default:
      return send_mapped(stream, file, turn);
  }
}

std::optional<std::size_t> Outlet::send(net::TcpStream& stream, std::span<const std::byte> head,
                                        int file, storage::ByteRange range) {
  if (head.empty()) {
    return send(stream, file, range);
  }
  if (range.empty()) {
    return stream.try_send(head);
  }
  if (range.size() <= kSmallBody) {
    return send_together(stream, head, file, range);
  }
  const auto sent = stream.try_send(head, true);
  if (!sent || *sent < head.size()) {
    return sent;
  }
  return *sent + send(stream, file, range).value_or(0);
}

std::optional<std::size_t> Outlet::send_together(net::TcpStream& stream,
                                                 std::span<const std::byte> head, int file,
                                                 storage::ByteRange range) {
  const auto body = static_cast<std::size_t>(range.size());
  buffer_.resize(std::max(buffer_.size(), head.size() + body));
  const auto both = std::span(buffer_).first(head.size() + body);
  std::memcpy(both.data(), head.data(), head.size());
  const std::size_t read = storage::read_some_at(file, range.begin, both.last(body));
  return stream.try_send(both.first(head.size() + at_least_one(read)));
}

std::optional<std::size_t> Outlet::send_copied(net::TcpStream& stream, int file,
                                               storage::ByteRange range) {
  buffer_.resize(std::max(buffer_.size(), buffer_bytes_));
  const auto piece = std::span(buffer_).first(static_cast<std::size_t>(range.size()));
  return stream.try_send(
      piece.first(at_least_one(storage::read_some_at(file, range.begin, piece))));
}

std::optional<std::size_t> Outlet::send_mapped(net::TcpStream& stream, int file,
                                               storage::ByteRange range) const {
  const Mapping mapping(file, range);
  std::size_t total = 0;
  try {
    for (auto rest = mapping.bytes(); !rest.empty();) {
      const auto sent = stream.try_send(rest.first(std::min(rest.size(), buffer_bytes_)));
      if (!sent) {
        return total > 0 ? std::optional(total) : std::nullopt;
      }
      total += *sent;
      rest = rest.subspan(*sent);
    }
  } catch (const std::system_error& error) {
    // The kernel reads the pages, so a truncated file is EFAULT here and not SIGBUS.
    if (error.code().value() == EFAULT) {
      throw FileTruncated();
    }
    throw;
  }
  return total;
}

}  // namespace dlab::serve
