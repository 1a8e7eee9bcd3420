// What it costs the client of part 2 to put packets in order.

#include <benchmark/benchmark.h>

#include <vector>

#include "part2_packets/packet_order.hpp"
#include "part2_packets/reassembler.hpp"

namespace dlab::part2 {
namespace {

constexpr std::uint32_t kPacketBytes = 1400;
constexpr std::uint32_t kWindow = 256;
constexpr std::uint64_t kWindows = 16;

// The sequence numbers of each window, in the order in which its packets come.
std::vector<std::vector<std::uint64_t>> arrivals(wire::PacketOrder order) {
  std::vector<std::vector<std::uint64_t>> windows(kWindows);
  for (std::uint64_t i = 0; i < kWindows; ++i) {
    arrange({i * kWindow, (i + 1) * kWindow}, order, 1, windows[i]);
  }
  return windows;
}

void reassemble(benchmark::State& state, wire::PacketOrder order) {
  const auto windows = arrivals(order);
  const PacketLayout layout{.packet_bytes = kPacketBytes, .end = kWindows * kWindow * kPacketBytes};
  const std::vector<std::byte> payload(kPacketBytes);
  for (auto _ : state) {
    report::PacketCounts counts;
    std::uint64_t released = 0;
    Reassembler reassembler(layout, kWindow, counts,
                            [&](const Piece& piece) { released += piece.payload.size(); });
    reassembler.begin_answer({0, kWindows * kWindow});
    for (std::uint64_t i = 0; i < kWindows; ++i) {
      for (const auto sequence : windows[i]) {
        const wire::PacketHeader header{
            .sequence = sequence, .offset = layout.offset(sequence), .length = kPacketBytes};
        reassembler.insert({.header = header, .payload = payload, .checked = {}}, {});
      }
      reassembler.mark((i + 1) * kWindow, {});
    }
    if (released != layout.end) {
      state.SkipWithError("not every byte was released");
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(layout.end));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kWindows * kWindow));
}
BENCHMARK_CAPTURE(reassemble, in_order, wire::PacketOrder::sequential);
BENCHMARK_CAPTURE(reassemble, reversed, wire::PacketOrder::reversed);
BENCHMARK_CAPTURE(reassemble, shuffled, wire::PacketOrder::shuffled);

}  // namespace
}  // namespace dlab::part2
