#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/cli/options.hpp"
#include "common/net/open_streams.hpp"
#include "part4_mirrors/contents.hpp"
#include "part4_mirrors/mirror.hpp"
#include "part4_mirrors/range_source.hpp"

namespace dlab::part4 {

// Asks mirrors what they have under a name, but for its bytes. Every wait is bounded by the
// timeouts of `options`. Thread-safe.
class Inquiry {
 public:
  // All references must outlive this. `cacert`: as in SourceSetup. Who aborts `open_streams`,
  // aborts what is being asked.
  Inquiry(const cli::ClientOptions& options, const std::string& cacert, std::string name,
          net::OpenStreams& open_streams)
      : options_(options), cacert_(cacert), name_(std::move(name)), open_streams_(open_streams) {}

  // Both throw as RangeSource does.
  [[nodiscard]] FileHead head(const Mirror& mirror, std::uint64_t version) const;
  [[nodiscard]] wire::FileDigest digest(const Mirror& mirror, std::uint64_t version) const;
  // Asks for the digest of what the mirror has, and notes its version. Throws ProtocolError, too,
  // unless it is `wanted`.
  wire::FileDigest check(Mirror& mirror, const std::optional<storage::Sha256Value>& wanted) const;

  // Throws base::Interrupted when all that is asked has been aborted.
  void throw_if_ended() const { open_streams_.throw_if_ended(); }

  // What the mirror has now; and the digest of the version that it is known to have. Never throw.
  [[nodiscard]] Contents survey(const Mirror& mirror) const;
  [[nodiscard]] std::vector<Contents> survey_all(const Mirrors& mirrors) const;
  [[nodiscard]] Contents told_digest(const Mirror& mirror) const;

 private:
  const cli::ClientOptions& options_;
  const std::string& cacert_;
  std::string name_;
  net::OpenStreams& open_streams_;
};

// What `ask` returns for each of so many mirrors, asked at once, 64 at most.
std::vector<Contents> ask_all(std::size_t mirrors, const std::function<Contents(std::size_t)>& ask);

}  // namespace dlab::part4
