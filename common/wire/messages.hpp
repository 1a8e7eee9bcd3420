#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "common/wire/frame.hpp"

namespace dlab::wire {

// "To the end of the file" as a requested length.
constexpr std::uint64_t kToTheEnd = ~std::uint64_t{0};
// "Whatever the file is now" as a requested version.
constexpr std::uint64_t kAnyVersion = 0;

// Asks for bytes of a file. The server answers with File and those bytes, or with Error.
//
// +---------------------------------------------------------------+
// |                          offset (64)                          |
// |               length (64), all ones: to the end               |
// |                 version (64), 0: whatever it is               |
// +-------------------------------+-------------------------------+
// |          share (16)           |       name length (16)        |
// +-------------------------------+-------------------------------+
// |  name ...
//
// `share` = k asks for no more than a k-th of what lies from `offset` to the end, rounded up: a
// client that will use k connections can start before it knows the size. 1 is no limit.
struct Get {
  static constexpr MessageType kType = MessageType::get;
  std::uint64_t offset = 0;
  std::uint64_t length = kToTheEnd;
  std::uint64_t version = kAnyVersion;
  std::uint16_t share = 1;
  std::string name;
  bool operator==(const Get&) const = default;
};

enum class PacketOrder : std::uint8_t { sequential = 0, reversed = 1, shuffled = 2 };

// Asks for bytes of a file as numbered packets. The server answers with File, then Packets, a Mark
// after each window; the last Mark ends the answer.
//
// +---------------------------------------------------------------+
// |                   as Get, without share and name              |
// |                          seed (64)                            |
// +-------------------------------+-------------------------------+
// |       packet bytes (32)       |      window, packets (32)     |
// +---------------+---------------+---------------+---------------+
// |   order (8)   |       name length (16)        |  name ...
//
// Packet k holds the file's bytes from k * packet bytes; `offset` must be such a multiple. Within
// each window of the range the packets come in the `order` asked for, shuffled by `seed`.
struct GetPackets {
  static constexpr MessageType kType = MessageType::get_packets;
  std::uint64_t offset = 0;
  std::uint64_t length = kToTheEnd;
  std::uint64_t version = kAnyVersion;
  std::uint64_t seed = 0;
  std::uint32_t packet_bytes = 1400;
  std::uint32_t window_packets = 256;
  PacketOrder order = PacketOrder::sequential;
  std::string name;
  bool operator==(const GetPackets&) const = default;
};

// Asks for a file's digest: version (64), name length (16), name.
struct DigestRequest {
  static constexpr MessageType kType = MessageType::digest;
  std::uint64_t version = kAnyVersion;
  std::string name;
  bool operator==(const DigestRequest&) const = default;
};

// Asks what the server offers: an empty body.
struct ListRequest {
  static constexpr MessageType kType = MessageType::list;
  bool operator==(const ListRequest&) const = default;
};

// The header before bytes of a file: size, version, offset and length of what follows, the
// sender's CLOCK_MONOTONIC in ns (64 bits each), name length (16), name. After a Get, exactly
// `length` raw bytes come next, outside any frame.
struct File {
  static constexpr MessageType kType = MessageType::file;
  std::uint64_t size = 0;
  std::uint64_t version = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t sent_ns = 0;
  std::string name;
  bool operator==(const File&) const = default;
};

// The fixed part of a packet; its payload follows within the same frame.
//
// +---------------------------------------------------------------+
// |                     sequence number (64)                      |
// |                          offset (64)                          |
// |         when it was sent, CLOCK_MONOTONIC in ns (64)          |
// +-------------------------------+-------------------------------+
// |          length (32)          |          CRC32C (32)          |
// +-------------------------------+-------------------------------+
// |  payload: `length` bytes ...
//
// The checksum covers the 28 bytes before it and the payload.
struct PacketHeader {
  std::uint64_t sequence = 0;
  std::uint64_t offset = 0;
  std::uint64_t sent_ns = 0;
  std::uint32_t length = 0;
  std::uint32_t crc32c = 0;
  bool operator==(const PacketHeader&) const = default;
};

// Every packet of this answer with a smaller sequence number has been sent: next sequence (64).
struct Mark {
  static constexpr MessageType kType = MessageType::mark;
  std::uint64_t next_sequence = 0;
  bool operator==(const Mark&) const = default;
};

using Sha256Value = std::array<std::byte, 32>;

// A file's digest: version (64), size (64), SHA-256 of the content (32 bytes).
struct FileDigest {
  static constexpr MessageType kType = MessageType::file_digest;
  std::uint64_t version = 0;
  std::uint64_t size = 0;
  Sha256Value sha256{};
  bool operator==(const FileDigest&) const = default;
};

// The answer takes time, but the server lives: bytes done (64), bytes in all (64).
struct Working {
  static constexpr MessageType kType = MessageType::working;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  bool operator==(const Working&) const = default;
};

// What the server offers: complete (8, 1 or 0), count (16), and as many times size (64), name
// length (16), name.
struct Listing {
  static constexpr MessageType kType = MessageType::listing;
  struct Entry {
    std::uint64_t size = 0;
    std::string name;
    bool operator==(const Entry&) const = default;
  };
  bool complete = true;
  std::vector<Entry> entries;
  bool operator==(const Listing&) const = default;
};

enum class ErrorCode : std::uint16_t {
  not_found = 1,
  not_a_file = 2,
  forbidden = 3,
  bad_name = 4,
  bad_range = 5,
  version_changed = 6,
  malformed = 7,
  unknown_type = 8,
  unsupported_version = 9,
  busy = 10,
  timed_out = 11,
  internal = 12,
};

// The code's name as it stands in logs and messages: "not-found".
const char* error_name(ErrorCode code);

// Why a request is refused: code (16), message length (16), message in UTF-8.
struct Error {
  static constexpr MessageType kType = MessageType::error;
  ErrorCode code = ErrorCode::internal;
  std::string message;
  bool operator==(const Error&) const = default;
};

}  // namespace dlab::wire
