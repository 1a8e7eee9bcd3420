#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "common/download/output_stream.hpp"
#include "common/storage/byte_range.hpp"
#include "common/storage/digest.hpp"
#include "common/storage/sink.hpp"

namespace dlab::download {

// Writes in order what comes in any order, through one writer: a piece whose turn it is at once, an
// early one once all before it is written. Until then it waits in memory, within `window` bytes
// behind what is written; whoever asks for bytes keeps to that.
class OrderedSink : public storage::Sink {
 public:
  using OnWritten = std::function<void(std::uint64_t written)>;

  // `out` must outlive this. `hashes`: digest() will be asked for.
  OrderedSink(OutputStream& out, std::uint64_t window, bool hashes);

  // Pieces may overlap where they are the same. Waits for the reader of `out`, which the other
  // writers do, too. Throws what OutputStream::write() does, and then for ever.
  void write_at(std::uint64_t offset, std::span<const std::byte> data) override;

  // Who is told how much is written, whenever it has become more; nobody for an empty function.
  void tell(OnWritten on_written);
  [[nodiscard]] std::uint64_t window() const { return window_; }
  // Of all that is written. Nothing may be written afterwards.
  storage::Sha256Value digest();

 private:
  void keep(std::uint64_t offset, std::span<const std::byte> data);
  void put(std::span<const std::byte> data);
  void put_what_follows();

  OutputStream& out_;
  std::uint64_t window_;
  std::mutex mutex_;  // guards the rest
  storage::RangeSet received_;
  std::uint64_t written_ = 0;
  std::unique_ptr<std::byte[]> early_;  // byte k of the whole is at k mod window_; made when needed
  std::optional<storage::Sha256> hash_;
  std::optional<storage::Sha256Value> digest_;
  OnWritten on_written_;
  std::exception_ptr broken_;  // by what
};

}  // namespace dlab::download
