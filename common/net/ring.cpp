#include "common/net/ring.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "common/base/check.hpp"

namespace dlab::net {
namespace {

constexpr unsigned kEntries = 1024;
constexpr unsigned short kBuffers = 256;  // a power of two
constexpr std::size_t kBufferBytes = 4096;
constexpr unsigned short kGroup = 0;
constexpr std::uint64_t kNobody = 0;  // completions that nobody waits for

// liburing returns minus the error number.
int check_uring(int result, std::string_view operation) {
  if (result < 0) {
    base::throw_system_error(-result, operation, "io_uring");
  }
  return result;
}

io_uring_buf_ring* as_ring(base::PageBuffer& memory) {
  return reinterpret_cast<io_uring_buf_ring*>(memory.data());
}

}  // namespace

bool Ring::is_available() {
  try {
    const Ring ring;
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

Ring::Ring() {
  set_up();
  try {
    provide_buffers();
  } catch (...) {
    ::io_uring_queue_exit(&ring_);
    throw;
  }
}

Ring::~Ring() {
  ::io_uring_queue_exit(&ring_);
}

// With IORING_SETUP_DEFER_TASKRUN (Linux 6.1) completions are worked out when they are asked for,
// not whenever the kernel happens to interrupt this thread. With IORING_SETUP_R_DISABLED the single
// issuer is not the thread that makes the ring but the one that enables it (io_uring_setup(2)).
void Ring::set_up() {
  io_uring_params wished{};
  wished.flags = IORING_SETUP_R_DISABLED | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
  if (::io_uring_queue_init_params(kEntries, &ring_, &wished) < 0) {
    io_uring_params plain{};
    plain.flags = IORING_SETUP_R_DISABLED;
    check_uring(::io_uring_queue_init_params(kEntries, &ring_, &plain), "set up");
  }
}

// io_uring_enable_rings(3) by hand: the shared library of liburing 2.3 does not have it.
void Ring::start() {
  const auto fd = static_cast<unsigned>(ring_.ring_fd);
  check_uring(::io_uring_register(fd, IORING_REGISTER_ENABLE_RINGS, nullptr, 0), "enable");
}

void Ring::provide_buffers() {
  buffers_.resize(kBuffers * kBufferBytes);
  buffers_ring_.resize(kBuffers * sizeof(io_uring_buf));
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uint64_t>(buffers_ring_.data());
  registration.ring_entries = kBuffers;
  registration.bgid = kGroup;
  check_uring(::io_uring_register_buf_ring(&ring_, &registration, 0), "register buffers of");
  ::io_uring_buf_ring_init(as_ring(buffers_ring_));
  for (unsigned short buffer = 0; buffer < kBuffers; ++buffer) {
    give_back(buffer);
  }
}

void Ring::give_back(unsigned short buffer) {
  auto* const ring = as_ring(buffers_ring_);
  ::io_uring_buf_ring_add(ring, buffers_.data() + buffer * kBufferBytes, kBufferBytes, buffer,
                          ::io_uring_buf_ring_mask(kBuffers), 0);
  ::io_uring_buf_ring_advance(ring, 1);
}

io_uring_sqe* Ring::next_entry() {
  auto* entry = ::io_uring_get_sqe(&ring_);
  if (entry == nullptr) {  // full: let the kernel have them
    check_uring(::io_uring_submit(&ring_), "submit to");
    entry = ::io_uring_get_sqe(&ring_);
  }
  return entry;
}

void Ring::accept(int listener, std::uint64_t key) {
  auto* const entry = next_entry();
  ::io_uring_prep_multishot_accept(entry, listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  entry->user_data = key;
}

void Ring::receive(int socket, std::uint64_t key) {
  auto* const entry = next_entry();
  ::io_uring_prep_recv(entry, socket, nullptr, kBufferBytes, 0);
  entry->flags |= IOSQE_BUFFER_SELECT;
  entry->buf_group = kGroup;
  entry->user_data = key;
}

void Ring::send(int socket, std::span<const std::byte> data, std::uint64_t key) {
  auto* const entry = next_entry();
  ::io_uring_prep_send(entry, socket, data.data(), data.size(), MSG_NOSIGNAL | MSG_WAITALL);
  entry->user_data = key;
}

void Ring::read(int file, std::uint64_t offset, std::span<std::byte> into, std::uint64_t key) {
  auto* const entry = next_entry();
  ::io_uring_prep_read(entry, file, into.data(), static_cast<unsigned>(into.size()), offset);
  entry->user_data = key;
}

void Ring::wait_readable(int fd, std::uint64_t key) {
  auto* const entry = next_entry();
  ::io_uring_prep_poll_add(entry, fd, POLLIN);
  entry->user_data = key;
}

void Ring::wait_writable(int socket, std::uint64_t key) {
  auto* const entry = next_entry();
  ::io_uring_prep_poll_add(entry, socket, POLLOUT);
  entry->user_data = key;
}

void Ring::wait_broken(int socket, std::uint64_t key) {
  auto* const entry = next_entry();
  ::io_uring_prep_poll_add(entry, socket, 0);  // an end is told without being asked for
  entry->user_data = key;
}

void Ring::cancel(std::uint64_t key) {
  auto* const entry = next_entry();
  ::io_uring_prep_cancel64(entry, key, 0);
  entry->user_data = kNobody;
}

void Ring::wait(base::TimePoint until, const std::function<void(const Completion&)>& completed) {
  constexpr std::chrono::hours kLong{1};  // the kernel adds the time to its clock
  const base::Duration left = until - base::Clock::now();
  const auto time = base::to_timespec(std::clamp<base::Duration>(left, {}, kLong));
  __kernel_timespec timeout{.tv_sec = time.tv_sec, .tv_nsec = time.tv_nsec};
  io_uring_cqe* first = nullptr;
  const int result = ::io_uring_submit_and_wait_timeout(&ring_, &first, 1, &timeout, nullptr);
  if (result < 0 && result != -ETIME && result != -EINTR) {
    check_uring(result, "wait for");
  }
  std::array<io_uring_cqe*, 256> entries{};
  const unsigned count = ::io_uring_peek_batch_cqe(&ring_, entries.data(), entries.size());
  for (unsigned i = 0; i < count; ++i) {
    hand_over(*entries.at(i), completed);
  }
  ::io_uring_cq_advance(&ring_, count);
}

void Ring::hand_over(const io_uring_cqe& entry,
                     const std::function<void(const Completion&)>& completed) {
  const bool has_buffer = (entry.flags & IORING_CQE_F_BUFFER) != 0;
  const auto buffer = static_cast<unsigned short>(entry.flags >> IORING_CQE_BUFFER_SHIFT);
  Completion completion{.key = entry.user_data,
                        .result = entry.res,
                        .more = (entry.flags & IORING_CQE_F_MORE) != 0,
                        .received = {}};
  if (has_buffer && entry.res > 0) {
    completion.received =
        std::span(buffers_).subspan(buffer * kBufferBytes, static_cast<std::size_t>(entry.res));
  }
  if (entry.user_data != kNobody) {
    completed(completion);
  }
  if (has_buffer) {
    give_back(buffer);
  }
}

}  // namespace dlab::net
