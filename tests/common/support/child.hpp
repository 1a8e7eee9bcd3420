#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

namespace dlab::test {

// Runs `body` in a child process, for what would change this one for good, and returns what it
// returned; -1 when a signal or an exception ended it. To be called while there is one thread.
template <typename Body>
int in_child(Body body) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    int result = 255;
    try {
      result = body();
    } catch (...) {
    }
    std::fflush(nullptr);
    ::_exit(result);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
      WEXITSTATUS(status) == 255) {
    return -1;
  }
  return WEXITSTATUS(status);
}

}  // namespace dlab::test
