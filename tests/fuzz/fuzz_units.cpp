// Sizes, rates, times and probabilities: what is accepted lies within its bounds. Any text has a
// form that can be shown, in as many columns as are wanted.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/terminal_text.hpp"
#include "common/base/units.hpp"
#include "tests/fuzz/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlab;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto bytes = base::parse_byte_count(text)) {
    fuzz::must(*bytes <= std::uint64_t{1} << 63U);
    fuzz::must(base::parse_byte_count(std::to_string(*bytes)) == bytes);
    fuzz::must(base::format_byte_count(*bytes).size() < 32);
  }
  if (const auto rate = base::parse_bit_rate(text)) {
    fuzz::must(rate->bits_per_second > 0 && std::isfinite(rate->bits_per_second));
  }
  if (const auto time = base::parse_duration(text)) {
    fuzz::must(time->count() >= 0);
  }
  if (const auto probability = base::parse_probability(text)) {
    fuzz::must(*probability >= 0 && *probability <= 1);
  }
  const auto shown = base::printable(text);
  fuzz::must(base::printable(shown) == shown);
  fuzz::must(base::columns_of(shown) == base::columns_of(text));
  fuzz::must(base::columns_of(base::padded(shown, 9)) == 9);
  return 0;
}
