#pragma once

#include <sys/socket.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "common/base/check.hpp"
#include "common/base/file_descriptor.hpp"

namespace dlab::part3 {

// One end of a pair of sockets between two processes of this program, which keeps messages apart
// (unix(7), SOCK_SEQPACKET). Methods throw std::system_error.
template <typename Outgoing, typename Incoming>
class ProcessChannel {
 public:
  explicit ProcessChannel(base::FileDescriptor socket) : socket_(std::move(socket)) {}

  // Waits while the other side has too much unread; throws EPIPE or ECONNRESET when it has ended.
  void send(const Outgoing& message) { check_sent(put(message, 0)); }
  // Does not wait: throws EAGAIN then. What is said to a process that has ended is lost without a
  // word: to receive tells of its end, after all that it has said itself.
  void send_now(const Outgoing& message) {
    const ssize_t sent = put(message, MSG_DONTWAIT);
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) {
      return;
    }
    check_sent(sent);
  }

  // What came of looking for a message.
  struct Received {
    std::optional<Incoming> message;
    bool closed = false;  // the other process has ended
  };
  Received receive() { return receive_with(0); }
  Received receive_now() { return receive_with(MSG_DONTWAIT); }

  [[nodiscard]] int fd() const { return socket_.get(); }

 private:
  ssize_t put(const Outgoing& message, int flags) {
    return base::retry_interrupted(
        [&] { return ::send(fd(), &message, sizeof message, flags | MSG_NOSIGNAL); });
  }
  static void check_sent(ssize_t sent) { base::check(sent, "send to", "another process"); }

  Received receive_with(int flags) {
    Incoming message;
    ssize_t count = 0;
    do {  // a process that ends with something unread says so first, before what it has sent
      count =
          base::retry_interrupted([&] { return ::recv(fd(), &message, sizeof message, flags); });
    } while (count < 0 && errno == ECONNRESET);
    if (count < 0 && errno == EAGAIN) {
      return {};
    }
    const bool whole = base::check(count, "receive from", "another process") ==
                       static_cast<ssize_t>(sizeof message);
    return whole ? Received{.message = message} : Received{.message = {}, .closed = true};
  }

  base::FileDescriptor socket_;
};

}  // namespace dlab::part3
