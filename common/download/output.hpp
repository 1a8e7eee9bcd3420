#pragma once

#include <functional>
#include <optional>
#include <string>

#include "common/download/attempt.hpp"
#include "common/download/options.hpp"
#include "common/download/output_stream.hpp"
#include "common/download/resumable.hpp"
#include "common/download/target.hpp"

namespace dlab::download {

// What becomes of the bytes of a download in the end: a file, which gets its name when it is whole;
// what is no plain file, written to in order; or nothing. For one thread, but for stop().
class Output {
 public:
  struct Wishes {
    bool discard = false;
    bool verify = true;  // Attempt::digest() will be asked for
    bool resume = false;
    storage::WriterKind writer = storage::WriterKind::positional;
  };

  // `name`: of the file that is brought. Throws what find_target() does, and base::UsageError for a
  // resumption of what nothing is kept of.
  Output(const Options& options, std::string name, const Wishes& wishes);

  // Is it written to in order?
  [[nodiscard]] bool is_stream() const { return stream_.has_value(); }
  // As Resumable's; of what is no plain file there is one attempt. Where `bring` never starts
  // Attempt::received, nothing is kept after a failure.
  void complete(const Resumable::Bring& bring, const Resumable::StartingOver& starting_over = {});
  // What waits for the reader of a stream throws base::Interrupted; from any thread.
  void stop() noexcept;

 private:
  void write_in_order(const Resumable::Bring& bring);

  std::string name_;
  Wishes wishes_;
  std::uint64_t window_;
  std::string path_;                    // of a plain file
  std::optional<OutputStream> stream_;  // else
};

}  // namespace dlab::download
