#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace dlab::part1 {

// Fills the front of a buffer with the next bytes and says how many; 0: there are no more.
using ReceiveSome = std::function<std::size_t(std::span<std::byte>)>;
// Does with received bytes what is to be done, in the order of the file.
using Process = std::function<void(std::uint64_t offset, std::span<const std::byte>)>;

// One thread: receive a buffer, process it, and again. While it processes, the kernel's socket
// buffer goes on receiving: half a pipeline for free.
void run_in_turn(std::size_t buffer_bytes, const ReceiveSome& receive, const Process& process);

// Two threads: this one receives into a bounded buffer of blocks, a second one processes from it.
// At most `blocks` blocks of `buffer_bytes` exist. An error on either side ends both and is
// rethrown here.
void run_pipelined(std::size_t blocks, std::size_t buffer_bytes, const ReceiveSome& receive,
                   const Process& process);

}  // namespace dlab::part1
