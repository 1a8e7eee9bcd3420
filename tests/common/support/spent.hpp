#pragma once

#include <filesystem>
#include <iterator>

namespace dlab::test {

inline int entries_of(const char* folder) {
  using Iterator = std::filesystem::directory_iterator;
  return static_cast<int>(std::distance(Iterator(folder), Iterator()));
}

// What this process holds now; to be compared before and after.
inline int open_descriptors() {
  return entries_of("/proc/self/fd") - 1;  // less the one that looks
}

inline int running_threads() {
  return entries_of("/proc/self/task");
}

}  // namespace dlab::test
