// A web server's Content-Range: what is accepted lies within the file, and is accepted again in the
// words that our servers would use.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/wire/http_head.hpp"
#include "common/wire/http_range.hpp"
#include "tests/fuzz/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlab;
  const auto range =
      wire::parse_content_range(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!range) {
    return 0;
  }
  if (range->begin == range->end) {
    fuzz::must(range->begin == 0 && range->size.has_value());
    return 0;
  }
  fuzz::must(range->begin < range->end && range->end <= range->size.value_or(~std::uint64_t{0}));
  if (range->size) {
    const auto words = wire::content_range(range->begin, range->end, *range->size);
    fuzz::must(wire::parse_content_range(words) == range);
  }
  return 0;
}
