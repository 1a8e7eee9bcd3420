#include "bench/load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace dlab::load {
namespace {

constexpr unsigned kSlotBits = 11;  // below 2^11 every value has a slot of its own
constexpr std::uint64_t kHalf = std::uint64_t{1} << (kSlotBits - 1);

// Above them, each doubling of the value has kHalf slots.
std::size_t slot_of(std::uint64_t value) {
  const auto bits = static_cast<unsigned>(std::bit_width(value));
  const unsigned shift = bits > kSlotBits ? bits - kSlotBits : 0;
  return shift * kHalf + (value >> shift);
}

// The largest value of a slot.
std::uint64_t upper_end(std::size_t slot) {
  const std::size_t shift = slot < 2 * kHalf ? 0 : slot / kHalf - 1;
  return ((slot - shift * kHalf + 1) << shift) - 1;
}

}  // namespace

void Histogram::add(base::Duration duration) {
  const std::int64_t ns = std::max<std::int64_t>(duration.count(), 0);
  const std::size_t slot = slot_of(static_cast<std::uint64_t>(ns));
  if (slot >= slots_.size()) {
    slots_.resize(slot + 1);
  }
  ++slots_[slot];
  ++count_;
  max_ = std::max(max_, ns);
  sum_s_ += static_cast<double>(ns) * 1e-9;
}

void Histogram::merge(const Histogram& other) {
  slots_.resize(std::max(slots_.size(), other.slots_.size()));
  for (std::size_t slot = 0; slot < other.slots_.size(); ++slot) {
    slots_[slot] += other.slots_[slot];
  }
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
  sum_s_ += other.sum_s_;
}

base::Duration Histogram::quantile(double share) const {
  const double wanted = std::ceil(share * static_cast<double>(count_));
  const auto rank = static_cast<std::uint64_t>(std::max(wanted, 1.0));
  std::uint64_t below = 0;
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    below += slots_[slot];
    if (below >= rank) {
      return std::min(base::Duration(static_cast<std::int64_t>(upper_end(slot))), max());
    }
  }
  return max();
}

double Histogram::mean_s() const {
  return count_ == 0 ? 0 : sum_s_ / static_cast<double>(count_);
}

}  // namespace dlab::load
