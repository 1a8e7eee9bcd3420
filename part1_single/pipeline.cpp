#include "part1_single/pipeline.hpp"

#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include "common/base/bounded_buffer.hpp"
#include "common/base/page_buffer.hpp"

namespace dlab::part1 {
namespace {

struct Block {
  base::PageBuffer bytes;
  std::size_t used = 0;
};

using Blocks = base::BoundedBuffer<Block>;

// Two buffers in a ring: full blocks go to the consumer, empty ones come back, so that no memory
// is allocated on the way and the producer waits when the consumer is behind.
struct Ring {
  Ring(std::size_t blocks, std::size_t buffer_bytes) : full(blocks), empty(blocks) {
    for (std::size_t i = 0; i < blocks; ++i) {
      empty.push(Block{.bytes = base::PageBuffer(buffer_bytes)});
    }
  }
  Blocks full;
  Blocks empty;
};

void produce(Ring& ring, const ReceiveSome& receive) {
  while (auto block = ring.empty.pop()) {
    block->used = receive(block->bytes);
    if (block->used == 0) {
      return;
    }
    ring.full.push(*std::move(block));
  }
}

void consume(Ring& ring, const Process& process) {
  std::uint64_t offset = 0;
  while (auto block = ring.full.pop()) {
    process(offset, std::span(block->bytes).first(block->used));
    offset += block->used;
    ring.empty.push(*std::move(block));
  }
}

}  // namespace

void run_in_turn(std::size_t buffer_bytes, const ReceiveSome& receive, const Process& process) {
  base::PageBuffer buffer(buffer_bytes);
  std::uint64_t offset = 0;
  while (const std::size_t received = receive(buffer)) {
    process(offset, std::span(buffer).first(received));
    offset += received;
  }
}

void run_pipelined(std::size_t blocks, std::size_t buffer_bytes, const ReceiveSome& receive,
                   const Process& process) {
  Ring ring(blocks, buffer_bytes);
  std::exception_ptr consumer_error;
  std::jthread consumer([&] {
    try {
      consume(ring, process);
    } catch (...) {
      consumer_error = std::current_exception();
      ring.empty.fail(consumer_error);  // the producer waits here, or will
    }
  });
  std::exception_ptr producer_error;
  try {
    produce(ring, receive);
    ring.full.close();
  } catch (...) {
    producer_error = std::current_exception();
    ring.full.fail(producer_error);
  }
  consumer.join();
  // Each side may have been ended by the other's error; the consumer's own comes first because the
  // producer then only echoes it.
  if (consumer_error) {
    std::rethrow_exception(consumer_error);
  }
  if (producer_error) {
    std::rethrow_exception(producer_error);
  }
}

}  // namespace dlab::part1
