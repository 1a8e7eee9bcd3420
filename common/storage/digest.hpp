#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

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

// 64 hexadecimal digits, as sha256sum(1) prints them.
std::string to_hex(std::span<const std::byte> bytes);

}  // namespace dlab::storage
