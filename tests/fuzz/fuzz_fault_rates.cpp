// --fault of part 2's server: what is accepted are probabilities.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "part2_packets/fault_injector.hpp"
#include "tests/fuzz/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlab;
  if (const auto rates = part2::parse_fault_rates({reinterpret_cast<const char*>(data), size})) {
    for (const double rate : {rates->drop, rates->corrupt, rates->duplicate}) {
      fuzz::must(rate >= 0 && rate <= 1);
    }
  }
  return 0;
}
