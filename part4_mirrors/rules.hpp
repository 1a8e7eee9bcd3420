#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

#include "common/base/clock.hpp"

namespace dlab::part4 {

// Which mirror is asked next. `rotate`: chunk i begins at mirror i mod M, and goes round from
// there; nothing measured counts. The others probe each mirror with one chunk first: `fastest` then
// asks whoever has the highest goodput, `adaptive` whoever is going to be done first with what it
// has been asked already and this chunk (list scheduling: Graham 1966).
enum class Select { rotate, fastest, adaptive };
constexpr std::array<std::string_view, 3> kSelectNames{"rotate", "fastest", "adaptive"};

// The rules of a download from many mirrors, each to be switched by itself, and their numbers.
struct Rules {
  Select select = Select::rotate;
  bool steal = false;    // who has no work takes over a part of what another will be late with
  bool race = false;     // and at the end asks for the same bytes: at most two ask for any byte
  bool replace = false;  // a connection that has gone slow gives its bytes to another mirror

  // Goodput is measured over so long.
  base::Duration window = std::chrono::seconds(1);
  // A mirror that failed is left alone by all chunks: first so long, twice as long after each
  // further failure up to the longest; after `failures_allowed` in a row for good.
  base::Duration first_rest = std::chrono::milliseconds(500);
  base::Duration longest_rest = std::chrono::seconds(30);
  unsigned failures_allowed = 5;
  // One that says it is busy is waited for, so long in all without a byte of it.
  base::Duration patience = std::chrono::minutes(5);
  // Each of these times is made a random 1/2 to 1 of what it says, so that who failed together is
  // not asked again together, nor by clients of different seeds at once.
  std::uint64_t seed = 1;
  // Until the first byte of a mirror has come, one thread alone asks it, as after a failure.
  bool ask_alone_first = false;
  // How soon a worker without work looks again whether somebody could do with help, or a mirror in
  // doubt has sent something.
  base::Duration look_again = std::chrono::milliseconds(100);
  // What is written in order: no more than so many bytes behind those that are written may be asked
  // for, and so many at once.
  std::uint64_t most_ahead = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t most_bytes = std::numeric_limits<std::uint64_t>::max();
  // The longest wait for a byte.
  base::Duration stall_timeout = std::chrono::seconds(30);
  // Taking over must save so much time.
  base::Duration least_gain = std::chrono::milliseconds(200);
  // A connection is slow when for so long it has brought less than this share of what those to the
  // other mirrors do, in the median, and would need as long again.
  base::Duration slow_after = std::chrono::seconds(3);
  double slow_share = 0.25;
};

}  // namespace dlab::part4
