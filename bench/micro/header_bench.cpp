// What it costs to write and read the messages that travel with every request and every packet.

#include <benchmark/benchmark.h>

#include <vector>

#include "common/wire/codec.hpp"

namespace dlab::wire {
namespace {

const Get kGet{.offset = 1 << 20, .length = 1 << 20, .version = 1, .name = "Data.jpg"};
const File kFile{.size = 1 << 30, .version = 1, .length = 1 << 20, .name = "Data.jpg"};

template <typename Message>
void encode_message(benchmark::State& state, const Message& message) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(encode(message));
  }
}

template <typename Message>
void parse_message(benchmark::State& state, const Message& message) {
  const auto bytes = encode(message);
  for (auto _ : state) {
    const auto parsed = parse_frame(bytes);
    benchmark::DoNotOptimize(decode<Message>(parsed.frame->body));
  }
}

BENCHMARK_CAPTURE(encode_message, get, kGet);
BENCHMARK_CAPTURE(encode_message, file, kFile);
BENCHMARK_CAPTURE(parse_message, get, kGet);
BENCHMARK_CAPTURE(parse_message, file, kFile);

// A packet's preamble and its check, checksum included.
void encode_packet(benchmark::State& state) {
  const std::vector<std::byte> payload(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(encode_packet_preamble({.sequence = 1, .offset = 1400}, payload));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(encode_packet)->Arg(100)->Arg(1400)->Arg(65'536);

void check_packet(benchmark::State& state) {
  const std::vector<std::byte> payload(static_cast<std::size_t>(state.range(0)));
  const auto preamble = encode_packet_preamble({.sequence = 1, .offset = 1400}, payload);
  std::vector<std::byte> frame(preamble.begin(), preamble.end());
  frame.resize(preamble.size() + payload.size());
  for (auto _ : state) {
    const auto packet = decode_packet(parse_frame(frame).frame->body);
    benchmark::DoNotOptimize(packet_is_intact(*packet));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(check_packet)->Arg(100)->Arg(1400)->Arg(65'536);

}  // namespace
}  // namespace dlab::wire
