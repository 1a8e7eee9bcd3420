#pragma once

#include <cstddef>
#include <span>

#include "common/base/clock.hpp"
#include "common/storage/byte_range.hpp"

namespace dlab::serve {

// What whoever holds the socket is to do next.
struct Step {
  enum class Kind {
    receive,      // wait for bytes, until `until` at the latest, and hand them to received()
    send,         // send the front of `head` and then of `range` of `file`; until `until`
    wait,         // nothing before `until`
    end_sending,  // shut_down_sending(): the client may read what was sent, and is not reset
    close,
  };
  Kind kind = Kind::close;
  base::TimePoint until{};
  std::span<const std::byte> head{};  // valid until the session is told what was sent
  int file = -1;                      // none when `range` is empty
  storage::ByteRange range{};
};

}  // namespace dlab::serve
