#include "linkem/control.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "common/base/check.hpp"
#include "common/base/poll.hpp"

namespace dlab::linkem {
namespace {

// Room for one descriptor beside a message, aligned as cmsg(3) wants it.
struct Ancillary {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> bytes{};
};

msghdr header_for(iovec& piece, Ancillary& ancillary) {
  msghdr header{};
  header.msg_iov = &piece;
  header.msg_iovlen = 1;
  header.msg_control = ancillary.bytes.data();
  header.msg_controllen = ancillary.bytes.size();
  return header;
}

base::FileDescriptor descriptor_in(msghdr& header) {
  const cmsghdr* control = CMSG_FIRSTHDR(&header);
  int fd = -1;
  if (control != nullptr && control->cmsg_type == SCM_RIGHTS) {
    std::memcpy(&fd, CMSG_DATA(control), sizeof fd);
  }
  return base::FileDescriptor(fd);
}

}  // namespace

void send_message(int control, MessageKind kind, std::string_view text, int fd) {
  Message message{.kind = kind};
  text.copy(message.characters.data(), message.characters.size() - 1);
  send_message(control, message, fd);
}

void send_message(int control, Message message, int fd) {
  iovec piece{&message, sizeof message};
  Ancillary ancillary;
  msghdr header = header_for(piece, ancillary);
  if (fd < 0) {
    header.msg_control = nullptr;
    header.msg_controllen = 0;
  } else {
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(rights), &fd, sizeof fd);
  }
  base::retry_interrupted([&] { return sendmsg(control, &header, MSG_NOSIGNAL); });
}

std::pair<Message, base::FileDescriptor> receive_message(int control, base::Duration at_most) {
  if (!base::poll_until(control, POLLIN, base::Clock::now() + at_most)) {
    throw std::runtime_error("the emulator's process does not answer");
  }
  Message message;
  iovec piece{&message, sizeof message};
  Ancillary ancillary;
  msghdr header = header_for(piece, ancillary);
  const auto length =
      base::retry_interrupted([&] { return recvmsg(control, &header, MSG_CMSG_CLOEXEC); });
  if (length != sizeof message) {
    throw std::runtime_error("the emulator's process has ended");
  }
  return {message, descriptor_in(header)};
}

}  // namespace dlab::linkem
