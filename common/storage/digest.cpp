#include "common/storage/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "common/base/page_buffer.hpp"
#include "common/storage/file_io.hpp"

namespace dlab::storage {
namespace {

constexpr std::size_t kBlock = std::size_t{256} << 10U;

EVP_MD_CTX* context_of(const auto& pointer) {
  return static_cast<EVP_MD_CTX*>(pointer.get());
}

void check_openssl(int result) {
  if (result != 1) {
    throw std::runtime_error("SHA-256: OpenSSL refused");
  }
}

}  // namespace

void Sha256::Free::operator()(void* context) const {
  ::EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context));
}

Sha256::Sha256() : context_(::EVP_MD_CTX_new()) {
  check_openssl(::EVP_DigestInit_ex(context_of(context_), ::EVP_sha256(), nullptr));
}

void Sha256::update(std::span<const std::byte> data) {
  check_openssl(::EVP_DigestUpdate(context_of(context_), data.data(), data.size()));
}

Sha256Value Sha256::finish() {
  Sha256Value value{};
  check_openssl(::EVP_DigestFinal_ex(context_of(context_),
                                     reinterpret_cast<unsigned char*>(value.data()), nullptr));
  return value;
}

Sha256Value digest_of_file(int fd, std::uint64_t size,
                           const std::function<void(std::uint64_t)>& on_progress) {
  Sha256 sha256;
  base::PageBuffer block(kBlock);
  for (std::uint64_t done = 0; done < size;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, size - done));
    const auto piece = std::span(block).first(wanted);
    read_exactly_at(fd, done, piece);
    sha256.update(piece);
    done += wanted;
    on_progress(done);
  }
  return sha256.finish();
}

std::string to_hex(std::span<const std::byte> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4U];
    text += kDigits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

std::optional<std::vector<std::byte>> from_hex(std::string_view digits) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned value = 0;
    const char* const end = digits.data() + i + 2;
    if (std::from_chars(digits.data() + i, end, value, 16).ptr != end) {
      return std::nullopt;
    }
    bytes.push_back(static_cast<std::byte>(value));
  }
  return digits.size() % 2 == 0 ? std::optional(std::move(bytes)) : std::nullopt;
}

std::optional<Sha256Value> parse_sha256(std::string_view digits) {
  const auto bytes = from_hex(digits);
  Sha256Value value{};
  if (!bytes || bytes->size() != value.size()) {
    return std::nullopt;
  }
  std::ranges::copy(*bytes, value.begin());
  return value;
}

}  // namespace dlab::storage
