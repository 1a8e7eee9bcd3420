#pragma once

#include "common/base/file_descriptor.hpp"

namespace dlab::base {

// Ends the waits of another thread: a descriptor to wait for beside others, readable from the first
// call on, for good (eventfd(2)).
class Wakeup {
 public:
  // Throws std::system_error.
  Wakeup();

  // From any thread.
  void call() noexcept;
  [[nodiscard]] int fd() const { return event_.get(); }

 private:
  FileDescriptor event_;
};

}  // namespace dlab::base
