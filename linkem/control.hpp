#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/clock.hpp"
#include "common/base/file_descriptor.hpp"
#include "common/base/units.hpp"
#include "linkem/processors.hpp"

namespace dlab::linkem {

// What the emulator's process and its parent say to each other, over a SOCK_SEQPACKET pair.
enum class MessageKind : std::uint8_t {
  host,         // to the parent, with a descriptor: the next host's network namespace
  ready,        // to the parent: packets move, with what was granted
  failed,       // to the parent, with a text: the end
  unavailable,  // the same, because the machine does not allow it
  snapshot,     // from the parent: write the counters; and back, with a complaint if there is one
  rate,         // from the parent: a link has another one from now on; and back, when it is so
  ended,        // nobody is there any more
};

struct Message {
  MessageKind kind = MessageKind::ended;
  std::array<char, 512> characters{};
  std::size_t host = 0;  // `rate`: whose link is to have which
  base::BitRate rate;
  Granted granted;  // `ready`

  [[nodiscard]] std::string text() const { return characters.data(); }
};

// `fd`: a descriptor to pass along (unix(7)), -1 for none. A peer that has gone is no error here.
void send_message(int control, MessageKind kind, std::string_view text = {}, int fd = -1);
void send_message(int control, Message message, int fd = -1);

// Waits for the next message. Throws std::runtime_error when the peer has gone, or says nothing in
// `at_most`.
std::pair<Message, base::FileDescriptor> receive_message(int control, base::Duration at_most);

}  // namespace dlab::linkem
