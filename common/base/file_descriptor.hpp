#pragma once

#include <utility>

namespace dlab::base {

// The one owner of a file descriptor in the whole tree: move-only, closes once.
// Sharing is spelt duplicate(). Not thread-safe; the kernel object behind it may be.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  // Takes ownership of `fd`; -1 owns nothing.
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() { close(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }

  // Closes now. Marks itself closed first and never retries: after EINTR the number may already
  // belong to somebody else (close(2)).
  void close() noexcept;

  // A second descriptor for the same open file. Throws std::system_error (dup(2)).
  [[nodiscard]] FileDescriptor duplicate() const;

 private:
  int fd_ = -1;
};

}  // namespace dlab::base
