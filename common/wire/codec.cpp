#include "common/wire/codec.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

#include "common/wire/byte_order.hpp"
#include "common/wire/crc32c.hpp"

namespace dlab::wire {
namespace {

constexpr std::size_t kCheckedBytes = kPacketFieldBytes - sizeof(std::uint32_t);
constexpr std::size_t kMaxText = std::numeric_limits<std::uint16_t>::max();

void put_text(Writer& out, std::string_view text) {
  out.text(text.substr(0, kMaxText));
}

void write_body(Writer& out, const Get& get) {
  out.integer(get.offset);
  out.integer(get.length);
  out.integer(get.version);
  out.integer(get.share);
  put_text(out, get.name);
}

bool read_body(Reader& in, Get& get) {
  get.offset = in.integer<std::uint64_t>();
  get.length = in.integer<std::uint64_t>();
  get.version = in.integer<std::uint64_t>();
  get.share = in.integer<std::uint16_t>();
  get.name = in.text();
  return get.share >= 1;
}

void write_body(Writer& out, const GetPackets& get) {
  out.integer(get.offset);
  out.integer(get.length);
  out.integer(get.version);
  out.integer(get.seed);
  out.integer(get.packet_bytes);
  out.integer(get.window_packets);
  out.integer(static_cast<std::uint8_t>(get.order));
  put_text(out, get.name);
}

bool read_body(Reader& in, GetPackets& get) {
  get.offset = in.integer<std::uint64_t>();
  get.length = in.integer<std::uint64_t>();
  get.version = in.integer<std::uint64_t>();
  get.seed = in.integer<std::uint64_t>();
  get.packet_bytes = in.integer<std::uint32_t>();
  get.window_packets = in.integer<std::uint32_t>();
  const auto order = in.integer<std::uint8_t>();
  get.order = static_cast<PacketOrder>(order);
  get.name = in.text();
  return get.packet_bytes >= 1 && get.packet_bytes <= kMaxPacketBytes && get.window_packets >= 1 &&
         get.window_packets <= kMaxWindowPackets &&
         order <= static_cast<std::uint8_t>(PacketOrder::shuffled) &&
         get.offset % get.packet_bytes == 0;
}

void write_body(Writer& out, const DigestRequest& request) {
  out.integer(request.version);
  put_text(out, request.name);
}

bool read_body(Reader& in, DigestRequest& request) {
  request.version = in.integer<std::uint64_t>();
  request.name = in.text();
  return true;
}

void write_body(Writer&, const ListRequest&) {}

bool read_body(Reader&, ListRequest&) {
  return true;
}

void write_body(Writer& out, const File& file) {
  out.integer(file.size);
  out.integer(file.version);
  out.integer(file.offset);
  out.integer(file.length);
  out.integer(file.sent_ns);
  put_text(out, file.name);
}

bool read_body(Reader& in, File& file) {
  file.size = in.integer<std::uint64_t>();
  file.version = in.integer<std::uint64_t>();
  file.offset = in.integer<std::uint64_t>();
  file.length = in.integer<std::uint64_t>();
  file.sent_ns = in.integer<std::uint64_t>();
  file.name = in.text();
  // Written so that no sum can wrap around.
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
  return file.size <= kLargest && file.offset <= file.size &&
         file.length <= file.size - file.offset;
}

void write_body(Writer& out, const Mark& mark) {
  out.integer(mark.next_sequence);
}

bool read_body(Reader& in, Mark& mark) {
  mark.next_sequence = in.integer<std::uint64_t>();
  return true;
}

void write_body(Writer& out, const FileDigest& digest) {
  out.integer(digest.version);
  out.integer(digest.size);
  out.raw(digest.sha256);
}

bool read_body(Reader& in, FileDigest& digest) {
  digest.version = in.integer<std::uint64_t>();
  digest.size = in.integer<std::uint64_t>();
  std::ranges::copy(in.raw(digest.sha256.size()), digest.sha256.begin());
  return true;
}

void write_body(Writer& out, const Working& working) {
  out.integer(working.done);
  out.integer(working.total);
}

bool read_body(Reader& in, Working& working) {
  working.done = in.integer<std::uint64_t>();
  working.total = in.integer<std::uint64_t>();
  return working.done <= working.total;
}

void write_body(Writer& out, const Listing& listing) {
  out.integer(static_cast<std::uint8_t>(listing.complete ? 1 : 0));
  out.integer(static_cast<std::uint16_t>(std::min(listing.entries.size(), kMaxText)));
  for (std::size_t i = 0; i < std::min(listing.entries.size(), kMaxText); ++i) {
    out.integer(listing.entries[i].size);
    put_text(out, listing.entries[i].name);
  }
}

bool read_body(Reader& in, Listing& listing) {
  const auto complete = in.integer<std::uint8_t>();
  listing.complete = complete == 1;
  // The count is not trusted for an allocation: entries are added as they are found.
  for (auto left = in.integer<std::uint16_t>(); left > 0 && in.ok(); --left) {
    Listing::Entry entry;
    entry.size = in.integer<std::uint64_t>();
    entry.name = in.text();
    listing.entries.push_back(std::move(entry));
  }
  return complete <= 1;
}

void write_body(Writer& out, const Error& error) {
  out.integer(static_cast<std::uint16_t>(error.code));
  // The message leaves room for the fields before it within the bound of a body.
  put_text(out, std::string_view(error.message).substr(0, 1024));
}

bool read_body(Reader& in, Error& error) {
  error.code = static_cast<ErrorCode>(in.integer<std::uint16_t>());
  error.message = in.text();
  return true;
}

PacketHeader read_packet_header(Reader& in) {
  PacketHeader header;
  header.sequence = in.integer<std::uint64_t>();
  header.offset = in.integer<std::uint64_t>();
  header.sent_ns = in.integer<std::uint64_t>();
  header.length = in.integer<std::uint32_t>();
  header.crc32c = in.integer<std::uint32_t>();
  return header;
}

}  // namespace

template <typename Message>
std::vector<std::byte> encode(const Message& message) {
  Writer out;
  out.bytes().resize(kHeaderBytes);
  write_body(out, message);
  write_header(Message::kType, out.bytes().size() - kHeaderBytes, out.bytes());
  return std::move(out.bytes());
}

template <typename Message>
std::optional<Message> decode(std::span<const std::byte> body) {
  Reader in(body);
  Message message;
  const bool fields_allowed = read_body(in, message);
  if (!in.complete() || !fields_allowed) {
    return std::nullopt;
  }
  return message;
}

#define DLAB_CODEC(Message)                                        \
  template std::vector<std::byte> encode<Message>(const Message&); \
  template std::optional<Message> decode<Message>(std::span<const std::byte>);
DLAB_CODEC(Get)
DLAB_CODEC(GetPackets)
DLAB_CODEC(DigestRequest)
DLAB_CODEC(ListRequest)
DLAB_CODEC(File)
DLAB_CODEC(Mark)
DLAB_CODEC(FileDigest)
DLAB_CODEC(Working)
DLAB_CODEC(Listing)
DLAB_CODEC(Error)
#undef DLAB_CODEC

std::optional<Packet> decode_packet(std::span<const std::byte> body) {
  Reader in(body);
  const PacketHeader header = read_packet_header(in);
  const auto payload = in.take_rest();
  if (!in.ok() || payload.size() != header.length) {
    return std::nullopt;
  }
  return Packet{header, payload, body.first(kCheckedBytes)};
}

std::array<std::byte, kPacketPreambleBytes> encode_packet_preamble(
    const PacketHeader& header, std::span<const std::byte> payload) {
  std::array<std::byte, kPacketPreambleBytes> bytes{};
  write_header(MessageType::packet, kPacketFieldBytes + payload.size(), bytes);
  const auto fields = std::span(bytes).subspan(kHeaderBytes);
  auto rest = fields;
  store(rest, header.sequence);
  store(rest, header.offset);
  store(rest, header.sent_ns);
  store(rest, static_cast<std::uint32_t>(payload.size()));
  store(rest, crc32c(payload, crc32c(fields.first(kCheckedBytes))));
  return bytes;
}

bool packet_is_intact(const Packet& packet) {
  return crc32c(packet.payload, crc32c(packet.checked)) == packet.header.crc32c;
}

const char* error_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_found:
      return "not-found";
    case ErrorCode::not_a_file:
      return "not-a-file";
    case ErrorCode::forbidden:
      return "forbidden";
    case ErrorCode::bad_name:
      return "bad-name";
    case ErrorCode::bad_range:
      return "bad-range";
    case ErrorCode::version_changed:
      return "version-changed";
    case ErrorCode::malformed:
      return "malformed";
    case ErrorCode::unknown_type:
      return "unknown-type";
    case ErrorCode::unsupported_version:
      return "unsupported-version";
    case ErrorCode::busy:
      return "busy";
    case ErrorCode::timed_out:
      return "timed-out";
    case ErrorCode::internal:
      return "internal";
  }
  return "unknown-error";
}

}  // namespace dlab::wire
