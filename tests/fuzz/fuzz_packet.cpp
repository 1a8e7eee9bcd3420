// Packets: what was sent is read back, and what the checksum does not fit is told.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/fuzz/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlab;
  const auto input = std::as_bytes(std::span(data, size));
  fuzz::read_and_write_packet(input);
  const wire::PacketHeader header{.sequence = size, .offset = size * size, .sent_ns = 1};
  const auto preamble = wire::encode_packet_preamble(header, input);
  std::vector<std::byte> frame(preamble.begin(), preamble.end());
  frame.insert(frame.end(), input.begin(), input.end());
  const auto parsed = wire::parse_frame(frame);
  fuzz::must(parsed.frame.has_value());
  const auto packet = wire::decode_packet(parsed.frame->body);
  fuzz::must(packet && wire::packet_is_intact(*packet));
  fuzz::must(std::ranges::equal(packet->payload, input));
  return 0;
}
