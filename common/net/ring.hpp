#pragma once

#include <liburing.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "common/base/clock.hpp"
#include "common/base/page_buffer.hpp"

namespace dlab::net {

// Something that was submitted to a ring has come to its end.
struct Completion {
  std::uint64_t key;  // as it was submitted with
  int result;         // as the system call would have it, or minus an error number
  bool more;          // the operation goes on and will complete again
  std::span<const std::byte> received;  // a receive's bytes, valid until the next call of wait()
};

// Operations that the kernel carries out and tells the end of (io_uring(7)), for sockets and files.
// What an operation uses must stay until it completes. Whoever makes it may hand it to another
// thread, which calls start() and has it for itself from then on.
class Ring {
 public:
  // False where the kernel has no io_uring, forbids it, or knows too little of it (before 6.0).
  static bool is_available();

  // Takes operations and does none before start(). Throws std::system_error.
  Ring();
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring();

  // Before wait(), once. Throws std::system_error.
  void start();

  // Completes with a new socket, again and again.
  void accept(int listener, std::uint64_t key);
  // Into one of the ring's own buffers: a connection that waits for bytes holds none.
  void receive(int socket, std::uint64_t key);
  void send(int socket, std::span<const std::byte> data, std::uint64_t key);
  void read(int file, std::uint64_t offset, std::span<std::byte> into, std::uint64_t key);
  // Completes when there is something to be read from a descriptor.
  void wait_readable(int fd, std::uint64_t key);
  // Completes when the socket can take bytes, or is broken.
  void wait_writable(int socket, std::uint64_t key);
  // Completes when the connection is shut down or broken.
  void wait_broken(int socket, std::uint64_t key);
  // Lets what was submitted with `key` complete with -ECANCELED, if it has not yet.
  void cancel(std::uint64_t key);

  // Submits what was asked for since, and returns what has completed once something has; nothing
  // when it is `until`. One system call for all of it.
  void wait(base::TimePoint until, const std::function<void(const Completion&)>& completed);

 private:
  io_uring_sqe* next_entry();
  void set_up();
  void provide_buffers();
  void give_back(unsigned short buffer);
  void hand_over(const io_uring_cqe& entry,
                 const std::function<void(const Completion&)>& completed);

  io_uring ring_{};
  base::PageBuffer buffers_;       // kBuffers of kBufferBytes each
  base::PageBuffer buffers_ring_;  // which of them the kernel may fill
};

}  // namespace dlab::net
