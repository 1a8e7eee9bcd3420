#include "linkem/tool/host_command.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "common/base/check.hpp"
#include "common/cli/program.hpp"

namespace dlab::linkem::tool {
namespace {

using base::check;
using base::FileDescriptor;

constexpr int kCannotExecute = 127;

std::pair<FileDescriptor, FileDescriptor> make_pipe() {
  std::array<int, 2> ends{};
  check(pipe2(ends.data(), O_CLOEXEC), "pipe", "for a process namespace");
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

void default_signals() {
  for (const int signal_number : {SIGPIPE, SIGCHLD}) {
    signal(signal_number, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// The first process of a namespace: takes in orphans, and ends when the lifeline does.
[[noreturn]] void be_init(FileDescriptor lifeline, FileDescriptor other_end) {
  other_end.close();
  setpgid(0, 0);
  signal(SIGCHLD, SIG_IGN);  // ended children are taken in by the kernel
  char nothing = 0;
  base::retry_interrupted([&] { return read(lifeline.get(), &nothing, 1); });
  _exit(0);
}

void replace(int fd, int place) {
  if (fd >= 0) {
    check(dup2(fd, place), "dup2", "for a command");
  }
}

[[noreturn]] void become(const HostCommand& command) {
  try {
    command.network->enter();
    if (command.group != Group::ours) {
      setpgid(0, 0);
    }
    if (command.group == Group::foreground) {
      come_to_foreground();
    }
    replace(command.input, STDIN_FILENO);
    replace(command.output, STDOUT_FILENO);
    default_signals();
    std::vector<char*> arguments;
    for (const auto& argument : command.arguments) {
      arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    const std::string reason = std::strerror(errno);
    cli::say("linkem", "execute " + command.arguments.front() + ": " + reason);
  } catch (const std::exception& error) {
    cli::say("linkem", error.what());
  }
  _exit(kCannotExecute);
}

}  // namespace

ProcessNamespace::ProcessNamespace() {
  check(unshare(CLONE_NEWPID), "unshare", "the process namespace");
  auto [read_end, write_end] = make_pipe();
  lifeline_ = std::move(write_end);
  init_ = check(fork(), "fork", "the first process");
  if (init_ == 0) {
    be_init(std::move(read_end), std::move(lifeline_));
  }
}

ProcessNamespace::~ProcessNamespace() {
  lifeline_.close();
  kill(init_, SIGKILL);
  base::retry_interrupted([&] { return waitpid(init_, nullptr, 0); });
}

pid_t start_on_host(const HostCommand& command) {
  const pid_t pid = check(fork(), "fork", command.arguments.front());
  if (pid == 0) {
    become(command);
  }
  return pid;
}

bool in_foreground() {
  return tcgetpgrp(STDIN_FILENO) == getpgrp();
}

void come_to_foreground() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTTOU);
  sigset_t before;
  sigprocmask(SIG_BLOCK, &stop, &before);
  tcsetpgrp(STDIN_FILENO, getpgrp());
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace dlab::linkem::tool
