#include "common/exchange/requests.hpp"

#include "common/base/errors.hpp"
#include "common/base/terminal_text.hpp"

namespace dlab::exchange {
namespace {

void throw_if_refused(const wire::Frame& frame, const std::string& request) {
  if (frame.type == wire::MessageType::error) {
    const auto error = wire::decode<wire::Error>(frame.body);
    throw Refused(request, error.value_or(wire::Error{}));
  }
}

// The next frame of an answer; an Error in its place throws Refused.
wire::Frame receive_answer(MessageChannel& channel, const std::string& request) {
  const auto frame = channel.receive();
  if (!frame) {
    throw net::CutShort(request + ": the server closed the connection without an answer");
  }
  throw_if_refused(*frame, request);
  return *frame;
}

template <typename Message>
Message expect(const wire::Frame& frame, const std::string& request) {
  const auto message =
      frame.type == Message::kType ? wire::decode<Message>(frame.body) : std::optional<Message>();
  if (!message) {
    throw ProtocolError(request + ": the answer makes no sense");
  }
  return *message;
}

// The part of a request that decides whether an answer's header fits it.
struct Asked {
  std::uint64_t offset;
  std::uint64_t length;
  std::uint64_t version;
  const std::string& name;
};

wire::File expect_header(const wire::Frame& frame, const Asked& asked, const std::string& request) {
  auto file = expect<wire::File>(frame, request);
  const bool fits = file.offset == asked.offset && file.length <= asked.length &&
                    (asked.version == wire::kAnyVersion || file.version == asked.version);
  if (!fits) {
    throw ProtocolError(request + ": the answer is for another range or version");
  }
  return file;
}

wire::FileDigest receive_digest(MessageChannel& channel, const std::string& name) {
  const std::string request = describe_request("digest of", name, channel.stream().peer());
  wire::Frame frame = receive_answer(channel, request);
  while (frame.type == wire::MessageType::working) {  // it lives, so it may take its time
    frame = receive_answer(channel, request);
  }
  return expect<wire::FileDigest>(frame, request);
}

wire::File receive_header(MessageChannel& channel, const Asked& asked) {
  const std::string request = describe_request("get", asked.name, channel.stream().peer());
  return expect_header(receive_answer(channel, request), asked, request);
}

}  // namespace

std::string describe_request(std::string_view verb, std::string_view name, std::string_view peer) {
  return std::string(verb)
      .append(" \"")
      .append(base::printable(name))
      .append("\" from ")
      .append(peer);
}

Refused::Refused(const std::string& request, const wire::Error& error,
                 std::optional<base::Duration> wait)
    : std::runtime_error(request + ": " + wire::error_name(error.code) + ": " +
                         base::printable(error.message)),
      code_(error.code),
      wait_(wait) {}

wire::File receive_file_header(MessageChannel& channel, const wire::Get& get) {
  return receive_header(channel, {get.offset, get.length, get.version, get.name});
}

wire::File receive_file_header(MessageChannel& channel, const wire::GetPackets& get) {
  return receive_header(channel, {get.offset, get.length, get.version, get.name});
}

wire::File file_header(const wire::Frame& frame, const wire::Get& get, const std::string& peer) {
  const std::string request = describe_request("get", get.name, peer);
  throw_if_refused(frame, request);
  return expect_header(frame, {get.offset, get.length, get.version, get.name}, request);
}

wire::Listing list_files(MessageChannel& channel) {
  const std::string request = "list files of " + channel.stream().peer();
  channel.send(wire::ListRequest{});
  return expect<wire::Listing>(receive_answer(channel, request), request);
}

wire::FileDigest ask_digest(MessageChannel& channel, const wire::DigestRequest& asked) {
  channel.send(asked);
  return receive_digest(channel, asked.name);
}

void verify(MessageChannel& channel, const wire::File& file,
            const std::function<wire::Sha256Value()>& digest_of_received) {
  channel.send(wire::DigestRequest{.version = file.version, .name = file.name});
  const wire::Sha256Value received = digest_of_received();
  const wire::FileDigest digest = receive_digest(channel, file.name);
  if (digest.size != file.size || digest.sha256 != received) {
    throw base::IntegrityError(describe_request("verify", file.name, channel.stream().peer()) +
                               ": the bytes that arrived are not the bytes that were sent");
  }
}

}  // namespace dlab::exchange
