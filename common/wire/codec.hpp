#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "common/wire/messages.hpp"

namespace dlab::wire {

// The whole frame of a message, ready to be sent. Names and texts over 65,535 bytes are cut.
template <typename Message>
std::vector<std::byte> encode(const Message& message);

// The message in a frame's body; nothing when a field is cut off, left over or out of range.
// The content of names is not judged here.
template <typename Message>
std::optional<Message> decode(std::span<const std::byte> body);

struct Packet {
  PacketHeader header;
  std::span<const std::byte> payload;  // points into the parsed frame
  std::span<const std::byte> checked;  // the fields that the checksum covers beside it
};

// The fields and payload of a packet's frame; nothing when `length` is not the payload's.
// The checksum is left to packet_is_intact().
std::optional<Packet> decode_packet(std::span<const std::byte> body);

// Frame header and fields of a packet before its payload; length and checksum are filled in.
constexpr std::size_t kPacketPreambleBytes = kHeaderBytes + kPacketFieldBytes;
std::array<std::byte, kPacketPreambleBytes> encode_packet_preamble(
    const PacketHeader& header, std::span<const std::byte> payload);

// Does the checksum fit what arrived?
bool packet_is_intact(const Packet& packet);

}  // namespace dlab::wire
