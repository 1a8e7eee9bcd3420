#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/exchange/message_channel.hpp"
#include "common/wire/messages.hpp"

namespace dlab::exchange {

// The server understood and refused.
class Refused : public std::runtime_error {
 public:
  // `request`: what was asked, e.g. `get "a.jpg" from 127.0.0.1:9001`. `wait`: for how long the
  // server asks to be left alone, if it says.
  Refused(const std::string& request, const wire::Error& error,
          std::optional<base::Duration> wait = {});
  // What was refused in another process, in the words of `what` there.
  Refused(const std::string& what, wire::ErrorCode code) : std::runtime_error(what), code_(code) {}
  [[nodiscard]] wire::ErrorCode code() const { return code_; }
  [[nodiscard]] std::optional<base::Duration> wait() const { return wait_; }
  // May the server answer the same request otherwise a little later?
  [[nodiscard]] bool may_pass() const {
    return code_ == wire::ErrorCode::busy || code_ == wire::ErrorCode::timed_out ||
           code_ == wire::ErrorCode::internal;
  }

 private:
  wire::ErrorCode code_;
  std::optional<base::Duration> wait_;
};

// How errors name a request: get "a.jpg" from 127.0.0.1:9001. The name may be a foreign one.
std::string describe_request(std::string_view verb, std::string_view name, std::string_view peer);

// What a client asks of a server. All throw Refused, ProtocolError, net::CutShort and
// std::system_error, each saying what was asked of whom.

// Waits for the header that answers `get`, sent before; `length` raw bytes follow it.
wire::File receive_file_header(MessageChannel& channel, const wire::Get& get);

// The same in a frame that came from `peer`.
wire::File file_header(const wire::Frame& frame, const wire::Get& get, const std::string& peer);

// The answer to a request for packets begins with the same header.
wire::File receive_file_header(MessageChannel& channel, const wire::GetPackets& get);

// What the server offers.
wire::Listing list_files(MessageChannel& channel);

// Asks for a digest, and waits for as long as the server says that it is at it.
wire::FileDigest ask_digest(MessageChannel& channel, const wire::DigestRequest& asked);

// Asks for the digest of `file` and compares it with `digest_of_received`, which is computed while
// the server computes its own. Throws base::IntegrityError when the content differs.
void verify(MessageChannel& channel, const wire::File& file,
            const std::function<wire::Sha256Value()>& digest_of_received);

}  // namespace dlab::exchange
