#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace dlab::bench {

// A seed for one purpose, so that what one experiment draws does not depend on what was drawn
// before it: the same session seed, name and number give the same seed.
std::uint64_t derive_seed(std::uint64_t session_seed, std::string_view name, std::uint64_t number);

// 0 to count - 1 in the random order of this seed.
std::vector<std::size_t> random_order(std::size_t count, std::uint64_t seed);

}  // namespace dlab::bench
