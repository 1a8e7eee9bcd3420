#pragma once

#include <sys/types.h>

#include <csignal>
#include <functional>
#include <set>

#include "common/base/clock.hpp"
#include "common/base/file_descriptor.hpp"

namespace dlab::serve {

// The processes that a server has forked. They die with their parent, however that dies. Of one
// thread, which must be the process's first: a child is killed when the thread that made it ends.
class ChildProcesses {
 public:
  // Blocks SIGCHLD for this thread and those that it will start; a thread that is there already
  // would swallow the signals.
  ChildProcesses();
  ChildProcesses(const ChildProcesses&) = delete;
  ChildProcesses& operator=(const ChildProcesses&) = delete;
  // Kills those left.
  ~ChildProcesses();

  // Runs `body`, which must not throw, in a new process that ends with it, without destructors:
  // what the parent holds is the parent's to end. Throws std::system_error when there is none to be
  // had.
  void start(const std::function<void()>& body);

  // Readable when some have ended since the last reap().
  [[nodiscard]] int ends() const { return ends_.get(); }
  // Forgets those that have ended.
  void reap();
  [[nodiscard]] std::size_t count() const { return children_.size(); }

  // Lets all finish what they have been asked, cuts off after `grace` those that have not, and
  // kills what is left after `warning` more.
  void end_all(base::Duration grace, base::Duration warning = kWarning);

  // In a child: the connection that it serves from now on, -1: none; a parent's end_all() reaches
  // it there.
  static void serves(int socket);

 private:
  static constexpr std::chrono::seconds kWarning{2};

  void tell(int signal) const;
  void wait_until_none(base::Duration at_most);

  base::FileDescriptor ends_;
  std::set<pid_t> children_;
};

}  // namespace dlab::serve
