#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "common/base/clock.hpp"
#include "common/cli/options.hpp"
#include "common/net/open_streams.hpp"
#include "common/storage/byte_range.hpp"
#include "common/wire/messages.hpp"
#include "part4_mirrors/servers_file.hpp"
#include "part4_mirrors/work.hpp"

namespace dlab::part4 {

// What a mirror is asked for. An empty range asks for the size alone, one that ends at kUnknownEnd
// for the whole file.
struct RangeRequest {
  std::string name;
  std::uint64_t version = wire::kAnyVersion;
  storage::ByteRange range;
};

// What a mirror says of the file before its bytes.
struct FileHead {
  std::optional<std::uint64_t> size;  // of the whole file; nothing: it does not tell
  std::uint64_t version = 0;
  std::uint64_t length = 0;          // at most so many bytes follow
  bool is_whole = false;             // of the file from its front, whatever the range
  bool is_labelled_encoded = false;  // though the bytes are those of the file
  // Whether the version is another one whenever the file is.
  bool has_sure_version = true;
  std::string origin;  // whose the version is: empty, or the URL that the mirror redirects to
};

// One connection to a mirror, for one range of a file. How the mirror is spoken to is hidden
// behind this. For one thread; a call that has thrown anything but the timeout is the last.
// All throw exchange::Refused, exchange::ProtocolError, net::CutShort and std::system_error, each
// saying what was asked of whom.
class RangeSource {
 public:
  using Take = std::function<void(std::span<const std::byte>)>;

  RangeSource() = default;
  RangeSource(const RangeSource&) = delete;
  RangeSource& operator=(const RangeSource&) = delete;
  virtual ~RangeSource() = default;

  // Connects and asks. After the connect timeout: std::system_error (ETIMEDOUT).
  virtual void open(const RangeRequest& request) = 0;
  // Waits for the answer; throws std::system_error (ETIMEDOUT) when nothing has come for a tick,
  // and can then be called again.
  virtual FileHead head() = 0;
  // Waits for bytes, in the same way, and hands at most `most` of them to `take`, in their order.
  // False: no more will come.
  virtual bool receive(std::size_t most, const Take& take) = 0;

  // Of an open connection.
  virtual std::uint16_t local_port() = 0;
};

// What all sources of one worker share; all of it must outlive them.
struct SourceSetup {
  const cli::ClientOptions& options;
  net::OpenStreams& open_streams;  // who aborts these, aborts the source
  std::span<std::byte> buffer;
  base::Duration tick;        // the longest wait for anything but a connection
  const std::string& cacert;  // a file of certificates that https trusts; empty: the system's
};

// Speaks to a mirror as its address tells.
std::unique_ptr<RangeSource> make_source(const MirrorAddress& mirror, const SourceSetup& setup);

}  // namespace dlab::part4
