#include "common/download/ordered_sink.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace dlab::download {

OrderedSink::OrderedSink(OutputStream& out, std::uint64_t window, bool hashes)
    : out_(out), window_(window) {
  if (hashes) {
    hash_.emplace();
  }
}

void OrderedSink::tell(OnWritten on_written) {
  const std::lock_guard lock(mutex_);
  on_written_ = std::move(on_written);
}

void OrderedSink::write_at(std::uint64_t offset, std::span<const std::byte> data) {
  const std::lock_guard lock(mutex_);
  if (broken_) {
    std::rethrow_exception(broken_);
  }
  const std::uint64_t end = offset + data.size();
  if (end <= written_) {
    return;
  }
  if (end > written_ + window_ && offset > written_) {
    throw std::logic_error("bytes came from beyond the window that may be asked for");
  }
  received_.add({offset, end});
  if (offset > written_) {
    keep(offset, data);
    return;
  }
  try {
    put(data.subspan(static_cast<std::size_t>(written_ - offset)));
    put_what_follows();
  } catch (...) {
    broken_ = std::current_exception();
    throw;
  }
}

void OrderedSink::keep(std::uint64_t offset, std::span<const std::byte> data) {
  if (!early_) {
    early_ = std::make_unique_for_overwrite<std::byte[]>(window_);
  }
  while (!data.empty()) {
    const std::uint64_t place = offset % window_;
    const auto piece = data.first(std::min<std::uint64_t>(data.size(), window_ - place));
    std::ranges::copy(piece, early_.get() + place);
    offset += piece.size();
    data = data.subspan(piece.size());
  }
}

void OrderedSink::put_what_follows() {
  const auto missing = received_.missing({written_, written_ + window_});
  const std::uint64_t end = missing.empty() ? written_ + window_ : missing.front().begin;
  while (written_ < end) {
    const std::uint64_t place = written_ % window_;
    put({early_.get() + place, std::min(end - written_, window_ - place)});
  }
}

void OrderedSink::put(std::span<const std::byte> data) {
  out_.write(data);
  if (hash_) {
    hash_->update(data);
  }
  written_ += data.size();
  if (on_written_) {
    on_written_(written_);
  }
}

storage::Sha256Value OrderedSink::digest() {
  const std::lock_guard lock(mutex_);
  if (!digest_) {
    digest_ = hash_.value().finish();
  }
  return *digest_;
}

}  // namespace dlab::download
