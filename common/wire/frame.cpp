#include "common/wire/frame.hpp"

#include "common/wire/byte_order.hpp"

namespace dlab::wire {

ParsedFrame parse_frame(std::span<const std::byte> input) {
  if (input.size() < kHeaderBytes) {
    // A wrong first byte is known at once: garbage must not wait for twelve bytes of itself.
    const bool could_be_ours =
        input.empty() || std::to_integer<std::uint32_t>(input.front()) == kMagic >> 24U;
    return {.frame = {},
            .bytes = kHeaderBytes,
            .error = could_be_ours ? FrameError::none : FrameError::bad_magic};
  }
  Reader reader(input);
  if (reader.integer<std::uint32_t>() != kMagic) {
    return {.frame = {}, .bytes = 0, .error = FrameError::bad_magic};
  }
  if (reader.integer<std::uint8_t>() != kProtocolVersion) {
    return {.frame = {}, .bytes = 0, .error = FrameError::bad_version};
  }
  const auto type = static_cast<MessageType>(reader.integer<std::uint8_t>());
  reader.integer<std::uint16_t>();  // reserved
  const auto body_bytes = reader.integer<std::uint32_t>();
  if (body_bytes > max_body(type)) {
    return {.frame = {}, .bytes = 0, .error = FrameError::too_long};
  }
  const std::size_t total = kHeaderBytes + body_bytes;
  if (input.size() < total) {
    return {.frame = {}, .bytes = total, .error = FrameError::none};
  }
  return {.frame = Frame{type, input.subspan(kHeaderBytes, body_bytes)},
          .bytes = total,
          .error = FrameError::none};
}

void write_header(MessageType type, std::size_t body_bytes, std::span<std::byte> out) {
  store(out, kMagic);
  store(out, kProtocolVersion);
  store(out, static_cast<std::uint8_t>(type));
  store(out, std::uint16_t{0});
  store(out, static_cast<std::uint32_t>(body_bytes));
}

}  // namespace dlab::wire
