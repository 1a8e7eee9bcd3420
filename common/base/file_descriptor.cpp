#include "common/base/file_descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "common/base/check.hpp"

namespace dlab::base {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void FileDescriptor::close() noexcept {
  const int fd = std::exchange(fd_, -1);
  if (fd >= 0) {
    ::close(fd);
  }
}

FileDescriptor FileDescriptor::duplicate() const {
  return FileDescriptor(check(::fcntl(fd_, F_DUPFD_CLOEXEC, 0), "duplicate", "file descriptor"));
}

}  // namespace dlab::base
