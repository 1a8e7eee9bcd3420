#include "common/serve/file_service.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "common/serve/recording.hpp"

namespace dlab::serve {
namespace {

wire::ErrorCode to_wire(storage::OpenProblem problem) {
  switch (problem) {
    case storage::OpenProblem::not_found:
      return wire::ErrorCode::not_found;
    case storage::OpenProblem::not_a_file:
      return wire::ErrorCode::not_a_file;
    case storage::OpenProblem::forbidden:
      return wire::ErrorCode::forbidden;
    default:
      return wire::ErrorCode::bad_name;
  }
}

// The header that announces `range` of `file`, stamped with the time it is made.
wire::File describe(const storage::ServedFile& file, storage::ByteRange range) {
  return {.size = file.size,
          .version = file.version,
          .offset = range.begin,
          .length = range.size(),
          .sent_ns = static_cast<std::uint64_t>(base::to_ns(base::Clock::now())),
          .name = file.name};
}

std::vector<std::byte> wait_for_digest(const PendingDigest& pending, net::TcpStream& stream,
                                       RequestRecord& record) {
  for (;;) {
    if (auto answer = digest_answer(pending, kSignOfLife, record)) {
      return *std::move(answer);
    }
    // Also finds out that the client has left, so that nobody waits for nobody.
    stream.send_all(sign_of_life(pending));
  }
}

}  // namespace

std::optional<storage::ByteRange> requested_range(std::uint64_t offset, std::uint64_t length,
                                                  std::uint16_t share, std::uint64_t size) {
  if (offset > size) {
    return std::nullopt;
  }
  const std::uint64_t rest = size - offset;
  const std::uint64_t fair_share = rest / share + (rest % share != 0 ? 1 : 0);
  return storage::ByteRange{offset, offset + std::min(length, fair_share)};
}

Reply refused(const wire::Error& error, Reply reply) {
  reply.record.status = wire::error_name(error.code);
  reply.head = wire::encode(error);
  return reply;
}

FileService::OpenedFile FileService::open(const std::string& name, std::uint64_t version) const {
  try {
    auto opened = root_.open(name);
    if (const auto* failure = std::get_if<storage::OpenFailure>(&opened)) {
      return wire::Error{to_wire(failure->problem), failure->message};
    }
    auto& file = std::get<storage::ServedFile>(opened);
    if (version != wire::kAnyVersion && version != file.version) {
      return wire::Error{wire::ErrorCode::version_changed, "the file has changed since"};
    }
    return std::move(file);
  } catch (const std::system_error& error) {
    return wire::Error{wire::ErrorCode::internal, error.what()};
  }
}

std::optional<Reply> FileService::reply(const wire::Frame& request) {
  switch (request.type) {
    case wire::MessageType::get:
      return reply_to<wire::Get>(request, "GET",
                                 [&](const auto& get) { return reply_to_get(get); });
    case wire::MessageType::digest:
      return reply_to<wire::DigestRequest>(
          request, "DIGEST", [&](const auto& digest) { return reply_to_digest(digest); });
    case wire::MessageType::list:
      return reply_to<wire::ListRequest>(request, "LIST",
                                         [&](const auto&) { return reply_to_list(); });
    default:
      return std::nullopt;
  }
}

Reply FileService::reply_to_get(const wire::Get& get, const char* called) const {
  Reply reply{.record = {.request = called, .name = get.name}};
  auto opened = open(get.name, get.version);
  if (const auto* error = std::get_if<wire::Error>(&opened)) {
    return refused(*error, std::move(reply));
  }
  auto& file = std::get<storage::ServedFile>(opened);
  const auto range = requested_range(get.offset, get.length, get.share, file.size);
  if (!range) {
    return refused({wire::ErrorCode::bad_range, "the range begins behind the end of the file"},
                   std::move(reply));
  }
  reply.head = wire::encode(describe(file, *range));
  reply.record.range = reply.range = *range;
  reply.file = std::move(file);
  return reply;
}

Reply FileService::reply_to_digest(const wire::DigestRequest& request) {
  Reply reply{.record = {.request = "DIGEST", .name = request.name}};
  auto opened = open(request.name, request.version);
  if (const auto* error = std::get_if<wire::Error>(&opened)) {
    return refused(*error, std::move(reply));
  }
  auto& file = std::get<storage::ServedFile>(opened);
  PendingDigest pending{.version = file.version, .size = file.size};
  try {
    pending.job = digests_.digest_of(std::move(file));
  } catch (const std::system_error& error) {
    return refused({wire::ErrorCode::internal, std::string("compute the digest: ") + error.what()},
                   std::move(reply));
  }
  reply.digest = std::move(pending);
  return reply;
}

Reply FileService::reply_to_list() const {
  wire::Listing listing;
  std::size_t bytes = 0;
  for (auto& entry : root_.list()) {
    bytes += entry.name.size() + sizeof(std::uint64_t) + sizeof(std::uint16_t);
    if (bytes > wire::kMaxListingBytes / 2 || listing.entries.size() == UINT16_MAX) {
      listing.complete = false;
      break;
    }
    listing.entries.push_back({entry.size, std::move(entry.name)});
  }
  return {.head = wire::encode(listing), .record = {.request = "LIST"}};
}

std::optional<std::vector<std::byte>> digest_answer(const PendingDigest& pending,
                                                    base::Duration at_most, RequestRecord& record) {
  try {
    if (const auto value = pending.job->wait(at_most)) {
      return wire::encode(
          wire::FileDigest{.version = pending.version, .size = pending.size, .sha256 = *value});
    }
    return std::nullopt;
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::no_message_available) {
      throw;
    }
    record.status = "file-truncated";
    return wire::encode(wire::Error{wire::ErrorCode::version_changed, "the file became shorter"});
  }
}

std::vector<std::byte> sign_of_life(const PendingDigest& pending) {
  return wire::encode(
      wire::Working{.done = std::min(pending.job->done(), pending.size), .total = pending.size});
}

bool FileService::answer(const wire::Frame& request, exchange::MessageChannel& channel,
                         BodySender& sender) {
  auto reply = this->reply(request);
  if (!reply) {
    return false;
  }
  send(*std::move(reply), channel.stream(),
       [&](const auto& file, auto range, auto& delivery) { sender.send(file, range, delivery); });
  return true;
}

void FileService::send(Reply reply, net::TcpStream& stream, const SendBody& send_body) {
  Recording recording(log_, std::move(reply.record), stream);
  if (reply.digest) {
    reply.head = wait_for_digest(*reply.digest, stream, recording.record);
  }
  if (!reply.file) {
    stream.send_all(reply.head);
    return;
  }
  recording.deliver([&] {
    stream.send_all(reply.head, !reply.range.empty());
    send_body(*reply.file, reply.range, recording.record.delivery);
  });
}

}  // namespace dlab::serve
