#pragma once

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iterator>
#include <string>
#include <thread>

namespace dlab::test {

inline int entries_of(const char* folder) {
  using Iterator = std::filesystem::directory_iterator;
  return static_cast<int>(std::distance(Iterator(folder), Iterator()));
}

// What this process holds now; to be compared before and after.
inline int open_descriptors() {
  return entries_of("/proc/self/fd") - 1;  // less the one that looks
}

// The first thread makes ThreadSanitizer start one of its own, so one is started before counting;
// the kernel's list forgets it a moment after the join.
inline int running_threads() {
  std::string first;
  std::jthread([&] { first = "/proc/self/task/" + std::to_string(::gettid()); }).join();
  while (std::filesystem::exists(first)) {
    std::this_thread::yield();
  }
  return entries_of("/proc/self/task");
}

// How many threads are left, once those that were joined are off the list: waits for that as long
// as there are more than `expected`.
inline int threads_left(int expected) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  int left = running_threads();
  while (left > expected && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::yield();
    left = running_threads();
  }
  return left;
}

}  // namespace dlab::test
