// One body, its first byte the type: no magic stands between the fuzzer and the fields.

#include <cstddef>
#include <cstdint>

#include "tests/fuzz/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlab;
  if (size > 0 && size - 1 <= wire::kMaxOtherBody) {
    fuzz::read_as(static_cast<wire::MessageType>(data[0]),
                  std::as_bytes(std::span(data + 1, size - 1)));
  }
  return 0;
}
