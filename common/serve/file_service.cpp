#include "common/serve/file_service.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "common/serve/recording.hpp"

namespace dlab::serve {
namespace {

constexpr std::chrono::seconds kSignOfLife{1};

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

wire::File describe(const storage::ServedFile& file, storage::ByteRange range) {
  return {.size = file.size,
          .version = file.version,
          .offset = range.begin,
          .length = range.size(),
          .sent_ns = static_cast<std::uint64_t>(base::to_ns(base::Clock::now())),
          .name = file.name};
}

OpenedFile FileService::open(const std::string& name, std::uint64_t version) const {
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

bool FileService::answer(const wire::Frame& request, exchange::MessageChannel& channel,
                         BodySender& sender) {
  switch (request.type) {
    case wire::MessageType::get:
      if (const auto get = understand<wire::Get>(request, channel)) {
        answer_get(*get, channel, sender);
      }
      return true;
    case wire::MessageType::digest:
      if (const auto digest = understand<wire::DigestRequest>(request, channel)) {
        answer_digest(*digest, channel);
      }
      return true;
    case wire::MessageType::list:
      if (understand<wire::ListRequest>(request, channel)) {
        answer_list(channel);
      }
      return true;
    default:
      return false;
  }
}

void FileService::answer_get(const wire::Get& get, exchange::MessageChannel& channel,
                             BodySender& sender) {
  Recording recording(log_, "GET", get.name, channel.stream());
  auto& record = recording.record;
  const auto refuse = [&](const wire::Error& error) {
    record.status = wire::error_name(error.code);
    channel.send(error);
  };
  const auto opened = open(get.name, get.version);
  if (const auto* error = std::get_if<wire::Error>(&opened)) {
    return refuse(*error);
  }
  const auto& file = std::get<storage::ServedFile>(opened);
  const auto range = requested_range(get.offset, get.length, get.share, file.size);
  if (!range) {
    return refuse({wire::ErrorCode::bad_range, "the range begins behind the end of the file"});
  }
  record.range = *range;
  recording.deliver([&] {
    channel.send(describe(file, *range), !range->empty());
    sender.send(file, *range, record.delivery);
  });
}

void FileService::answer_digest(const wire::DigestRequest& request,
                                exchange::MessageChannel& channel) {
  Recording recording(log_, "DIGEST", request.name, channel.stream());
  auto opened = open(request.name, request.version);
  if (const auto* error = std::get_if<wire::Error>(&opened)) {
    recording.record.status = wire::error_name(error->code);
    channel.send(*error);
    return;
  }
  try {
    channel.send(wait_for_digest(std::get<storage::ServedFile>(std::move(opened)), channel));
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::no_message_available) {
      throw;
    }
    recording.record.status = "file-truncated";
    channel.send(wire::Error{wire::ErrorCode::version_changed, "the file became shorter"});
  }
}

wire::FileDigest FileService::wait_for_digest(storage::ServedFile file,
                                              exchange::MessageChannel& channel) {
  const std::uint64_t version = file.version;
  const std::uint64_t size = file.size;
  const auto job = digests_.digest_of(std::move(file));
  for (;;) {
    if (const auto value = job->wait(kSignOfLife)) {
      return {.version = version, .size = size, .sha256 = *value};
    }
    // Also finds out that the client has left, so that nobody waits for nobody.
    channel.send(wire::Working{.done = std::min(job->done(), size), .total = size});
  }
}

void FileService::answer_list(exchange::MessageChannel& channel) {
  Recording recording(log_, "LIST", "", channel.stream());
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
  channel.send(listing);
}

}  // namespace dlab::serve
