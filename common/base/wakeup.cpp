#include "common/base/wakeup.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "common/base/check.hpp"

namespace dlab::base {

Wakeup::Wakeup() : event_(check(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd", "")) {}

void Wakeup::call() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event_.get(), &one, sizeof one);
}

}  // namespace dlab::base
