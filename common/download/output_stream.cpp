#include "common/download/output_stream.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <limits>
#include <utility>

#include "common/base/check.hpp"
#include "common/base/errors.hpp"
#include "common/base/poll.hpp"

namespace dlab::download {
namespace {

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
// For a FIFO's reader: nothing tells of one that comes.
constexpr std::chrono::milliseconds kLookAgain{20};

// Leaves errno as it is.
bool is_fifo(const std::string& path) {
  struct stat status {};
  const int error = errno;
  const bool is_there = ::stat(path.c_str(), &status) == 0;
  errno = error;
  return is_there && S_ISFIFO(status.st_mode);
}

}  // namespace

OutputStream::OutputStream(Target target) : target_(std::move(target)) {}

void OutputStream::open() {
  if (target_.descriptor) {
    take_over(*target_.descriptor);
    return;
  }
  constexpr int kFlags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  int fd = -1;
  while ((fd = ::open(target_.path.c_str(), kFlags)) < 0 && errno == ENXIO &&
         is_fifo(target_.path)) {
    wait(0, base::Clock::now() + kLookAgain);
  }
  file_ = base::FileDescriptor(base::check(fd, "open", target_.path));
  at_once_ = kAll;
}

// What others may use as well stays as it is: where it blocks, a pipe that poll(2) calls writable
// takes PIPE_BUF bytes at least.
void OutputStream::take_over(int descriptor) {
  const int flags = base::check(::fcntl(descriptor, F_GETFL), "write to", target_.path);
  if ((flags & O_ACCMODE) == O_RDONLY) {
    base::throw_system_error(EBADF, "write to", target_.path);
  }
  file_ = base::FileDescriptor(
      base::check(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0), "write to", target_.path));
  struct stat status {};
  base::check(::fstat(file_.get(), &status), "stat", target_.path);
  const bool never_waits = S_ISREG(status.st_mode) || (flags & O_NONBLOCK) != 0;
  at_once_ = never_waits ? kAll : PIPE_BUF;
}

void OutputStream::write(std::span<const std::byte> data) {
  while (!data.empty()) {
    wait(POLLOUT, base::TimePoint::max());
    const auto count = ::write(file_.get(), data.data(), std::min(data.size(), at_once_));
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
      continue;
    }
    data = data.subspan(static_cast<std::size_t>(base::check(count, "write", target_.path)));
  }
}

void OutputStream::stop() noexcept {
  stop_.call();
}

// For `events` of the file, or until it is `until`.
void OutputStream::wait(int events, base::TimePoint until) const {
  std::array<pollfd, 2> entries{
      {{stop_.fd(), POLLIN, 0}, {events == 0 ? -1 : file_.get(), static_cast<short>(events), 0}}};
  base::poll_until(entries, until);
  if (entries[0].revents != 0) {
    throw base::Interrupted();
  }
}

}  // namespace dlab::download
