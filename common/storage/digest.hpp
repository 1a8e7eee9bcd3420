#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dlab::storage {

using Sha256Value = std::array<std::byte, 32>;

// SHA-256 (FIPS 180-4) of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  void update(std::span<const std::byte> data);
  // The digest of all that was given; to be called once, last.
  Sha256Value finish();

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

// Digest of the first `size` bytes of an open file. `on_progress` is told the bytes done so far
// and may throw to stop. Throws std::system_error, also when the file is shorter.
Sha256Value digest_of_file(int fd, std::uint64_t size,
                           const std::function<void(std::uint64_t)>& on_progress);

// Two hexadecimal digits a byte, as sha256sum(1) prints them.
std::string to_hex(std::span<const std::byte> bytes);
// The bytes back, large digits or small; nothing for any text that is no such digits.
std::optional<std::vector<std::byte>> from_hex(std::string_view digits);
// The same for a digest: 64 digits.
std::optional<Sha256Value> parse_sha256(std::string_view digits);

}  // namespace dlab::storage
