#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace dlab::base {

// Memory that begins on a page.
template <typename T>
struct PageAllocator {
  static constexpr std::align_val_t kPage{4096};
  using value_type = T;

  PageAllocator() = default;
  template <typename Other>
  PageAllocator(const PageAllocator<Other>& /*other*/) noexcept {}  // NOLINT: as allocators must

  static T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), kPage));
  }
  static void deallocate(T* memory, std::size_t /*count*/) noexcept {
    ::operator delete(memory, kPage);
  }
  friend bool operator==(const PageAllocator& /*a*/, const PageAllocator& /*b*/) { return true; }
};

// What large system calls read into and write from. The kernel's copy (`rep movsb`) ran twice as
// fast to the beginning of a page as to 16 bytes behind it, where malloc puts large blocks:
// docs/speed.md.
using PageBuffer = std::vector<std::byte, PageAllocator<std::byte>>;

}  // namespace dlab::base
