#include "bench/runner/order.hpp"

#include <numeric>
#include <span>

#include "common/base/random.hpp"

namespace dlab::bench {

std::uint64_t derive_seed(std::uint64_t session_seed, std::string_view name, std::uint64_t number) {
  // FNV-1a (Fowler, Noll, Vo), 64 bits: std::hash promises no fixed values.
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  }
  base::SplitMix64 random(session_seed ^ hash ^ (number * 0x9E3779B97F4A7C15U));
  // Programs take their --seed as a number; 48 bits survive any tool that reads it as a double.
  return random.next() >> 16U;
}

std::vector<std::size_t> random_order(std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  base::SplitMix64 random(seed);
  base::shuffle(std::span<std::size_t>(order), random);
  return order;
}

}  // namespace dlab::bench
