#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <optional>
#include <type_traits>
#include <variant>

#include "common/base/clock.hpp"
#include "common/storage/byte_range.hpp"
#include "common/wire/messages.hpp"

namespace dlab::part3 {

// What a connection's process tells the download, and what it asks. It is a copy of the same
// program, so that all this travels as it lies in memory. Tasks go by their index; moments are
// counted from t0, by the clock that all processes share.
namespace note {

struct Connected {
  std::uint16_t local_port;
  base::Duration handshake;
};
struct Claim {};  // answered by an order, as ClaimNext and Header are
struct ClaimNext {
  std::uint64_t current;
};
struct Header {
  std::uint64_t size, version, offset, length;
};
struct Bytes {  // are in the file
  std::uint64_t task;
  std::uint64_t count;
  base::Duration arrived, done;
};
struct Finished {
  std::uint64_t task;
  double sent_s;
  std::optional<double> first_byte_s;
};
struct Closed {
  std::uint64_t task;
};
struct Ended {  // this life, and well
  bool more_work;
};
struct Failed {
  enum class Kind { lost, refused, protocol, sink } kind;
  wire::ErrorCode code;
  std::array<char, 1024> why;  // ends with a zero
};

}  // namespace note

using Note = std::variant<note::Connected, note::Claim, note::ClaimNext, note::Header, note::Bytes,
                          note::Finished, note::Closed, note::Ended, note::Failed>;

// What the download answers: work, or none; and what it may say at any time: that a task ends
// earlier, because another connection took its end over.
namespace order {

struct NoWork {};
struct Work {
  std::uint64_t task;
  storage::ByteRange asked;
  std::uint64_t end;
  std::uint64_t version;
};
struct Cut {
  std::uint64_t task;
  std::uint64_t end;
};

}  // namespace order

using Order = std::variant<order::NoWork, order::Work, order::Cut>;

static_assert(std::is_trivially_copyable_v<Note> && std::is_trivially_copyable_v<Order>);

// An exception on its way to the other process, and what to throw there.
note::Failed describe_failure(const std::exception_ptr& error);
std::exception_ptr failure_of(const note::Failed& failed);

}  // namespace dlab::part3
