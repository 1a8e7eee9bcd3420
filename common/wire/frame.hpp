#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace dlab::wire {

// Every message is a frame: 12 bytes of header and a body. All integers are big-endian.
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +---------------+---------------+---------------+---------------+
// |     0xD1      |      'L'      |      'A'      |      'B'      |
// +---------------+---------------+---------------+---------------+
// |  version = 1  |     type      |         reserved = 0          |
// +---------------+---------------+---------------+---------------+
// |                          body length                          |
// +---------------------------------------------------------------+
// |  body ...
constexpr std::size_t kHeaderBytes = 12;
constexpr std::uint32_t kMagic = 0xD14C4142;  // first byte no ASCII letter, so no HTTP method
constexpr std::uint8_t kProtocolVersion = 1;

enum class MessageType : std::uint8_t {
  get = 0x01,
  get_packets = 0x02,
  digest = 0x03,
  list = 0x04,
  file = 0x81,
  packet = 0x82,
  mark = 0x83,
  file_digest = 0x84,
  working = 0x85,
  listing = 0x86,
  error = 0xFF,
};

// Bounds, checked before a byte of the body is waited for or room for it is made.
constexpr std::size_t kMaxPacketBytes = std::size_t{1} << 20U;
constexpr std::size_t kPacketFieldBytes = 32;
constexpr std::uint32_t kMaxWindowPackets = std::uint32_t{1} << 16U;
constexpr std::size_t kMaxListingBytes = std::size_t{1} << 20U;
constexpr std::size_t kMaxOtherBody = std::size_t{1} << 16U;
constexpr std::size_t kMaxNameBytes = 4096;

// The longest body allowed for a type; unknown types have the bound of small messages.
constexpr std::size_t max_body(MessageType type) {
  switch (type) {
    case MessageType::packet:
      return kMaxPacketBytes + kPacketFieldBytes;
    case MessageType::listing:
      return kMaxListingBytes;
    default:
      return kMaxOtherBody;
  }
}

struct Frame {
  MessageType type{};
  std::span<const std::byte> body;  // points into the parsed input
};

enum class FrameError { none, bad_magic, bad_version, too_long };

// What the front of a byte stream holds.
struct ParsedFrame {
  std::optional<Frame> frame;           // a whole frame
  std::size_t bytes = 0;                // its length, or what must be there to go on
  FrameError error = FrameError::none;  // the stream cannot be understood from here on
};

// Looks at the front of `input`, which may end anywhere. Pure.
ParsedFrame parse_frame(std::span<const std::byte> input);

// Writes a header into the first kHeaderBytes of `out`.
void write_header(MessageType type, std::size_t body_bytes, std::span<std::byte> out);

}  // namespace dlab::wire
