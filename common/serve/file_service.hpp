#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <variant>

#include "common/exchange/message_channel.hpp"
#include "common/serve/body_sender.hpp"
#include "common/serve/reply.hpp"
#include "common/serve/request_log.hpp"
#include "common/storage/digest_service.hpp"
#include "common/storage/served_root.hpp"
#include "common/wire/messages.hpp"

namespace dlab::serve {

// How long a client hears nothing of a digest that is being computed.
constexpr std::chrono::seconds kSignOfLife{1};

// Answers the requests that every server of the lab understands: GET, DIGEST and LIST. Knows one
// request at a time; how connections are scheduled is the caller's matter. Thread-safe.
class FileService {
 public:
  // Serves the folder `root`; writes a line per request to `log`, unless it is null.
  FileService(const std::string& root, std::ostream* log) : root_(root), log_(log) {}

  // What a request is to be answered with; nothing when its type is none of these. Opens files,
  // and sends nothing.
  std::optional<Reply> reply(const wire::Frame& request);

  // The same for a range of a file, however its bytes are to be sent. `called`: its name in the
  // log.
  [[nodiscard]] Reply reply_to_get(const wire::Get& get, const char* called = "GET") const;

  // Answers one request on a connection that blocks; false, and nothing sent, when its type is none
  // of these. Throws what the connection throws: it must be closed then.
  bool answer(const wire::Frame& request, exchange::MessageChannel& channel, BodySender& sender);

  // Sends a reply on a connection that blocks, its body by `send_body`, and writes the log's line.
  // Throws what the connection throws: it must be closed then.
  using SendBody = std::function<void(const storage::ServedFile&, storage::ByteRange, Delivery&)>;
  void send(Reply reply, net::TcpStream& stream, const SendBody& send_body);

  [[nodiscard]] const storage::ServedRoot& root() const { return root_; }
  [[nodiscard]] RequestLog& log() { return log_; }

 private:
  // The file a request names, in the version it names, or the refusal to send instead.
  using OpenedFile = std::variant<storage::ServedFile, wire::Error>;
  [[nodiscard]] OpenedFile open(const std::string& name, std::uint64_t version) const;
  Reply reply_to_digest(const wire::DigestRequest& request);
  [[nodiscard]] Reply reply_to_list() const;

  storage::ServedRoot root_;
  storage::DigestService digests_;
  RequestLog log_;
};

// A reply that is nothing but an error. `reply`: what is known of the request for the log.
Reply refused(const wire::Error& error, Reply reply = {});

// What `answer` replies to the request in `frame`, when its fields make sense. `called`: its name
// in the log.
template <typename Request, typename Answer>
Reply reply_to(const wire::Frame& frame, const char* called, Answer answer) {
  const auto request = wire::decode<Request>(frame.body);
  return request ? answer(*request)
                 : refused({wire::ErrorCode::malformed, "the request's fields make no sense"},
                           {.record = {.request = called}});
}

// The bytes that a request for `length` bytes (or a `share`-th of the rest) from `offset` means in
// a file of `size` bytes; nothing when it begins behind the end.
std::optional<storage::ByteRange> requested_range(std::uint64_t offset, std::uint64_t length,
                                                  std::uint16_t share, std::uint64_t size);

// The answer that a digest is waited for with: the digest, or an error when the file became
// shorter; nothing when it is not done within `at_most`.
std::optional<std::vector<std::byte>> digest_answer(const PendingDigest& pending,
                                                    base::Duration at_most, RequestRecord& record);

// What tells a client that its digest is being computed.
std::vector<std::byte> sign_of_life(const PendingDigest& pending);

}  // namespace dlab::serve
