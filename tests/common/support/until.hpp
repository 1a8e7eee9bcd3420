#pragma once

#include <sys/ioctl.h>

#include <thread>

namespace dlab::test {

// Waits for `condition` to be true; ctest's deadline bounds it.
template <typename Condition>
void until(Condition condition) {
  while (!condition()) {
    std::this_thread::yield();
  }
}

// Bytes that have arrived at a socket and that nobody has received yet.
inline int waiting_bytes(int fd) {
  int count = 0;
  ::ioctl(fd, FIONREAD, &count);
  return count;
}

}  // namespace dlab::test
