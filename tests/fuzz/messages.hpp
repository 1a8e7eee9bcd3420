#pragma once

#include <algorithm>
#include <cstdlib>
#include <span>
#include <type_traits>

#include "common/wire/codec.hpp"

namespace dlab::fuzz {

// What must hold whatever the input; a fuzzer takes the abort for a finding.
inline void must(bool holds) {
  if (!holds) {
    std::abort();
  }
}

// A body that can be read as a Message is written back to just these bytes. (An Error's message is
// cut to 1024 bytes when it is written, which is the one exception.)
template <typename Message>
void read_and_write(std::span<const std::byte> body) {
  const auto message = wire::decode<Message>(body);
  if (!message) {
    return;
  }
  const auto frame = wire::encode(*message);
  const auto parsed = wire::parse_frame(frame);
  must(parsed.frame.has_value() && parsed.bytes == frame.size());
  must(parsed.frame->type == Message::kType);
  if constexpr (std::is_same_v<Message, wire::Error>) {
    if (message->message.size() > 1024) {
      return;
    }
  }
  must(wire::decode<Message>(parsed.frame->body) == message);
  must(std::ranges::equal(parsed.frame->body, body));
}

// A packet that is whole and intact gets the same preamble when it is sent again.
inline void read_and_write_packet(std::span<const std::byte> body) {
  const auto packet = wire::decode_packet(body);
  if (!packet) {
    return;
  }
  must(packet->payload.size() + wire::kPacketFieldBytes == body.size());
  const auto preamble = wire::encode_packet_preamble(packet->header, packet->payload);
  const auto fields = std::span(preamble).subspan(wire::kHeaderBytes);
  const bool same = std::ranges::equal(fields, body.first(fields.size()));
  must(same == wire::packet_is_intact(*packet));
}

// Reads `body` as a message of type `type`, as whoever receives it would.
inline void read_as(wire::MessageType type, std::span<const std::byte> body) {
  using enum wire::MessageType;
  switch (type) {
    case get:
      return read_and_write<wire::Get>(body);
    case get_packets:
      return read_and_write<wire::GetPackets>(body);
    case digest:
      return read_and_write<wire::DigestRequest>(body);
    case list:
      return read_and_write<wire::ListRequest>(body);
    case file:
      return read_and_write<wire::File>(body);
    case packet:
      return read_and_write_packet(body);
    case mark:
      return read_and_write<wire::Mark>(body);
    case file_digest:
      return read_and_write<wire::FileDigest>(body);
    case working:
      return read_and_write<wire::Working>(body);
    case listing:
      return read_and_write<wire::Listing>(body);
    case error:
      return read_and_write<wire::Error>(body);
  }
}

}  // namespace dlab::fuzz
