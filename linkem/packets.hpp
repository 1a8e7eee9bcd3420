#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"

namespace dlab::linkem {

// The largest IP packet that a host may send: Ethernet's usual 1500 bytes.
constexpr std::size_t kMtu = 1500;

struct Packet {
  Packet* next = nullptr;    // in the list that holds it
  base::TimePoint arrived;   // at the queue
  base::TimePoint due;       // at the other end of the wire
  std::uint32_t length = 0;  // IP bytes
  std::array<std::byte, kMtu> bytes;

  [[nodiscard]] std::span<const std::byte> data() const { return {bytes.data(), length}; }
};

// First in, first out; links the packets themselves, so it never allocates.
class PacketList {
 public:
  [[nodiscard]] bool empty() const { return first_ == nullptr; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  // Only when it is not empty.
  [[nodiscard]] const Packet& front() const { return *first_; }

  void push(Packet* packet) {
    packet->next = nullptr;
    (first_ == nullptr ? first_ : last_->next) = packet;
    last_ = packet;
    ++size_;
    bytes_ += packet->length;
  }
  Packet* pop() {
    Packet* packet = first_;
    first_ = packet->next;
    --size_;
    bytes_ -= packet->length;
    return packet;
  }

 private:
  Packet* first_ = nullptr;
  Packet* last_ = nullptr;  // meaningful unless empty
  std::size_t size_ = 0;
  std::uint64_t bytes_ = 0;
};

// Owns all packets of a star. Grows by slabs while the links fill up; then packets only circulate.
class PacketPool {
 public:
  Packet* take() {
    if (free_.empty()) {
      grow();
    }
    return free_.pop();
  }
  void give_back(Packet* packet) {
    packet->length = 0;
    free_.push(packet);
  }
  // Packets made so far.
  [[nodiscard]] std::size_t made() const { return slabs_.size() * kSlab; }

 private:
  static constexpr std::size_t kSlab = 256;

  void grow() {
    slabs_.push_back(std::make_unique<Packet[]>(kSlab));
    for (std::size_t i = 0; i < kSlab; ++i) {
      free_.push(&slabs_.back()[i]);
    }
  }

  std::vector<std::unique_ptr<Packet[]>> slabs_;
  PacketList free_;
};

}  // namespace dlab::linkem
