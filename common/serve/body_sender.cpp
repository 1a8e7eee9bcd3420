#include "common/serve/body_sender.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
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

}  // namespace

BodySender::BodySender(net::TcpStream& stream, IoPath path, std::size_t buffer_bytes,
                       std::optional<base::BitRate> limit)
    : stream_(stream), path_(path), buffer_bytes_(buffer_bytes) {
  if (limit) {
    limiter_.emplace(*limit, base::Clock::now());
  }
}

std::uint64_t BodySender::longest_turn() const {
  if (limiter_) {
    return limiter_->quantum();
  }
  switch (path_) {
    case IoPath::copy:
      return buffer_bytes_;
    case IoPath::sendfile:
      return kSendfileTurn;
    default:
      return kMapTurn;
  }
}

void BodySender::send(const storage::ServedFile& file, storage::ByteRange range,
                      Delivery& delivery) {
  while (!range.empty()) {
    if (limiter_) {
      stream_.pause_until(limiter_->due());
    }
    if (delivery.sent == 0) {
      delivery.first = base::Clock::now();
    }
    const std::uint64_t turn = std::min(range.size(), longest_turn());
    const std::size_t sent = send_some(file, {range.begin, range.begin + turn});
    if (sent == 0) {
      throw FileTruncated();
    }
    delivery.last = base::Clock::now();
    delivery.sent += sent;
    range.begin += sent;
    if (limiter_) {
      limiter_->sent(sent, delivery.last);
    }
  }
}

std::size_t BodySender::send_some(const storage::ServedFile& file, storage::ByteRange turn) {
  switch (path_) {
    case IoPath::copy:
      return send_copied(file.fd.get(), turn);
    case IoPath::sendfile:
      return stream_.send_file_some(file.fd.get(), turn.begin,
                                    static_cast<std::size_t>(turn.size()));
    default:
      return send_mapped(file.fd.get(), turn);
  }
}

std::size_t BodySender::send_copied(int file, storage::ByteRange turn) {
  buffer_.resize(buffer_bytes_);
  const auto wanted = std::min<std::uint64_t>(turn.size(), buffer_bytes_);
  const auto piece = std::span(buffer_).first(static_cast<std::size_t>(wanted));
  const std::size_t count = storage::read_some_at(file, turn.begin, piece);
  stream_.send_all(piece.first(count));
  return count;
}

std::size_t BodySender::send_mapped(int file, storage::ByteRange turn) {
  const Mapping mapping(file, turn);
  try {
    for (auto rest = mapping.bytes(); !rest.empty();) {
      const auto piece = rest.first(std::min(rest.size(), buffer_bytes_));
      stream_.send_all(piece);
      rest = rest.subspan(piece.size());
    }
  } catch (const std::system_error& error) {
    // The kernel reads the pages, so a truncated file is EFAULT here and not SIGBUS.
    if (error.code().value() == EFAULT) {
      throw FileTruncated();
    }
    throw;
  }
  return static_cast<std::size_t>(turn.size());
}

}  // namespace dlab::serve
