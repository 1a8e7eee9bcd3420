#include "bench/runner/kernel_needs.hpp"

#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "bench/runner/run_problem.hpp"
#include "common/base/file_descriptor.hpp"
#include "linkem/advice.hpp"

namespace dlab::bench {

void require_io_uring(const Settings& settings) {
  if (setting(settings, "server_model") != "io_uring") {
    return;
  }
  io_uring_params parameters{};
  const base::FileDescriptor ring(static_cast<int>(syscall(SYS_io_uring_setup, 1, &parameters)));
  if (!ring.is_open()) {
    throw RunProblem("unavailable", linkem::no_io_uring(linkem::this_machine(), errno));
  }
}

}  // namespace dlab::bench
