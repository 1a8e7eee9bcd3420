#include "linkem/shared_counters.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <memory>
#include <new>

#include "common/base/check.hpp"

namespace dlab::linkem {

SharedCounters::SharedCounters(std::size_t hosts)
    : bytes_(sizeof(Punctuality) + 2 * hosts * sizeof(DirectionCounters)),
      memory_(mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
  if (memory_ == MAP_FAILED) {
    base::throw_system_error(errno, "mmap", "the emulator's counters");
  }
  punctuality_ = new (memory_) Punctuality{};
  auto* place = static_cast<std::byte*>(memory_) + sizeof(Punctuality);
  directions_ = reinterpret_cast<DirectionCounters*>(place);
  std::uninitialized_value_construct_n(directions_, 2 * hosts);
}

SharedCounters::~SharedCounters() {
  munmap(memory_, bytes_);
}

}  // namespace dlab::linkem
