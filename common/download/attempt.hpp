#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "common/download/ordered_sink.hpp"
#include "common/storage/checkpointer.hpp"
#include "common/storage/control_file.hpp"
#include "common/storage/digest.hpp"
#include "common/storage/part_file.hpp"
#include "common/storage/sink.hpp"

namespace dlab::download {

// One attempt to bring a file: where its bytes go, and what is here of them.
struct Attempt {
  storage::Sink& sink;
  storage::Checkpointer& received;
  const std::optional<storage::ControlRecord>& record;  // what is here already; nothing: no byte
  storage::PartFile* part = nullptr;                    // where a plain file is made
  OrderedSink* stream = nullptr;  // where bytes are written in order; with neither, nothing stays

  // The whole has so many bytes.
  void resize(std::uint64_t bytes) const {
    if (part != nullptr) {
      part->resize(bytes);
    }
  }
  // Of all `bytes`, which are here. `on_progress` is told of those that have to be read again, and
  // may throw.
  [[nodiscard]] storage::Sha256Value digest(
      std::uint64_t bytes, const std::function<void(std::uint64_t)>& on_progress) const {
    return stream != nullptr ? stream->digest()
                             : storage::digest_of_file(part->fd(), bytes, on_progress);
  }
};

}  // namespace dlab::download
