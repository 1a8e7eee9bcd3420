#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/file_descriptor.hpp"
#include "common/base/wakeup.hpp"
#include "common/download/target.hpp"

namespace dlab::download {

// A target that is no plain file, open for writing: a pipe, a device, standard output. For one
// thread, but for stop().
class OutputStream {
 public:
  // `target` is no plain file.
  explicit OutputStream(Target target);

  // Opens it; a FIFO that nobody reads yet is waited for. Throws std::system_error.
  void open();
  // Writes all of `data`, behind what it has written before. Throws std::system_error; EPIPE when
  // the reader has left, and SIGPIPE is ignored.
  void write(std::span<const std::byte> data);
  // Whatever waits, and all that comes later, throws base::Interrupted. From any thread.
  void stop() noexcept;

  [[nodiscard]] const std::string& name() const { return target_.path; }

 private:
  void take_over(int descriptor);
  void wait(int events, base::TimePoint until) const;

  Target target_;
  base::FileDescriptor file_;
  base::Wakeup stop_;
  std::size_t at_once_ = 0;  // bytes that a write can take without waiting, once it is writable
};

}  // namespace dlab::download
