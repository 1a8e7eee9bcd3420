#include <benchmark/benchmark.h>

#include <numeric>
#include <vector>

#include "common/base/random.hpp"
#include "common/storage/byte_range.hpp"

namespace dlab::storage {
namespace {

constexpr std::uint64_t kPiece = 65'536;

// A file of that many pieces arrives, each once.
void add_all(benchmark::State& state, bool shuffled) {
  std::vector<std::uint64_t> order(static_cast<std::size_t>(state.range(0)));
  std::iota(order.begin(), order.end(), 0);
  if (shuffled) {
    base::SplitMix64 random(1);
    base::shuffle(std::span(order), random);
  }
  for (auto _ : state) {
    RangeSet set;
    for (const auto piece : order) {
      set.add({piece * kPiece, (piece + 1) * kPiece});
    }
    benchmark::DoNotOptimize(set.total());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK_CAPTURE(add_all, in_order, false)->Arg(1000)->Arg(10'000);
BENCHMARK_CAPTURE(add_all, shuffled, true)->Arg(1000)->Arg(10'000);

// What is missing when every other piece is there.
void find_missing(benchmark::State& state) {
  RangeSet set;
  for (std::uint64_t piece = 0; piece < static_cast<std::uint64_t>(state.range(0)); piece += 2) {
    set.add({piece * kPiece, (piece + 1) * kPiece});
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(set.missing({0, static_cast<std::uint64_t>(state.range(0)) * kPiece}));
  }
}
BENCHMARK(find_missing)->Arg(1000);

}  // namespace
}  // namespace dlab::storage
