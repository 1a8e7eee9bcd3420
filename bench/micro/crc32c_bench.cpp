#include <benchmark/benchmark.h>

#include <vector>

#include "common/wire/crc32c.hpp"

namespace dlab::wire {
namespace {

void checksum(benchmark::State& state) {
  const std::vector<std::byte> data(static_cast<std::size_t>(state.range(0)), std::byte{0x5a});
  for (auto _ : state) {
    benchmark::DoNotOptimize(crc32c(data));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(checksum)->RangeMultiplier(8)->Range(64, 1 << 20);

}  // namespace
}  // namespace dlab::wire
