#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace dlab::wire {

// CRC32C (Castagnoli) as in RFC 3720 appendix B.4. `before`: the checksum of what precedes `data`,
// 0 at the front, so that crc32c(b, crc32c(a)) is the checksum of a followed by b.
std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t before = 0);

}  // namespace dlab::wire
