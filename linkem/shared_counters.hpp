#pragma once

#include <cstddef>

#include "linkem/counters.hpp"

namespace dlab::linkem {

// Memory that the emulator's process writes its counters to and its parent reads them from, mapped
// before they part. Who reads asks over the control channel first, so nothing is read half written.
class SharedCounters {
 public:
  // For `hosts` hosts. Throws std::system_error.
  explicit SharedCounters(std::size_t hosts);
  SharedCounters(const SharedCounters&) = delete;
  SharedCounters& operator=(const SharedCounters&) = delete;
  ~SharedCounters();

  [[nodiscard]] DirectionCounters& up(std::size_t host) const { return directions_[2 * host]; }
  [[nodiscard]] DirectionCounters& down(std::size_t host) const {
    return directions_[2 * host + 1];
  }
  [[nodiscard]] Punctuality& punctuality() const { return *punctuality_; }

 private:
  std::size_t bytes_;
  void* memory_;
  Punctuality* punctuality_;
  DirectionCounters* directions_;
};

}  // namespace dlab::linkem
