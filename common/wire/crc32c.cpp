#include "common/wire/crc32c.hpp"

#include <isa-l/crc.h>

#include <algorithm>

namespace dlab::wire {

std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t before) {
  // ISA-L takes and returns the register without the inversions at both ends.
  std::uint32_t state = ~before;
  while (!data.empty()) {
    const auto part = data.first(std::min<std::size_t>(data.size(), std::size_t{1} << 30U));
    // The library's prototype lacks the const that its code keeps.
    auto* const bytes =
        const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(part.data()));
    state = ::crc32_iscsi(bytes, static_cast<int>(part.size()), state);
    data = data.subspan(part.size());
  }
  return ~state;
}

}  // namespace dlab::wire
