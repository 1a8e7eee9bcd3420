#include <benchmark/benchmark.h>

#include <cstdint>
#include <thread>

#include "common/base/bounded_buffer.hpp"

namespace dlab::base {
namespace {

// From one thread to another, item by item: what the two-thread pipeline pays for each block.
void hand_over(benchmark::State& state) {
  BoundedBuffer<std::uint64_t> buffer(static_cast<std::size_t>(state.range(0)));
  std::jthread consumer([&] {
    while (const auto item = buffer.pop()) {
      benchmark::DoNotOptimize(*item);
    }
  });
  std::uint64_t item = 0;
  for (auto _ : state) {
    buffer.push(++item);
  }
  buffer.close();
  consumer.join();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hand_over)->Arg(1)->Arg(2)->Arg(16)->Arg(256)->UseRealTime();

// The same within one thread: lock and condition without anybody waiting.
void push_and_pop(benchmark::State& state) {
  BoundedBuffer<std::uint64_t> buffer(1);
  for (auto _ : state) {
    buffer.push(1);
    benchmark::DoNotOptimize(buffer.pop());
  }
}
BENCHMARK(push_and_pop);

}  // namespace
}  // namespace dlab::base
