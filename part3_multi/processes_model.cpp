#include "part3_multi/processes_model.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "common/base/check.hpp"
#include "common/base/child.hpp"
#include "part3_multi/connection_process.hpp"

namespace dlab::part3 {
namespace {

int wait_for(pid_t pid) {
  int status = 0;
  base::check(base::retry_interrupted([&] { return ::waitpid(pid, &status, 0); }), "wait for",
              "a connection's process");
  return status;
}

std::string describe_end(unsigned number, int status) {
  const std::string process = "the process of connection " + std::to_string(number);
  return WIFSIGNALED(status)
             ? process + " was ended by signal " + std::to_string(WTERMSIG(status))
             : process + " ended with " + std::to_string(WEXITSTATUS(status)) + " and no word";
}

}  // namespace

void ProcessesModel::begin(unsigned number, HeldTask task) {
  auto [ours, theirs] = base::message_sockets("for a connection's process");
  const pid_t parent = ::getpid();
  const pid_t pid = base::check(::fork(), "fork", "a connection's process");
  if (pid == 0) {
    be_connection_process(transfer(), number, task.get(), std::move(theirs), parent);
  }
  Child& child = children_[number].emplace(Child{.pid = pid, .channel = Channel(std::move(ours))});
  poller().add(child.channel.fd(), EPOLLIN, number);
  if (task) {
    hold(child, std::move(task));
  }
}

void ProcessesModel::ready(unsigned number) {
  Child& child = *children_[number];
  const auto received = child.channel.receive_now();
  if (received.message) {
    std::visit([&](const auto& note) { take(number, note); }, *received.message);
  } else if (received.closed) {  // without a last word
    const int status = wait_for(std::exchange(child.pid, 0));
    throw std::runtime_error(describe_end(number, status));
  }
}

void ProcessesModel::take(unsigned number, const note::Connected& note) {
  work(number).connected(note.local_port, note.handshake);
}

void ProcessesModel::take(unsigned number, const note::Claim& /*note*/) {
  if (work(number).can_claim()) {
    answer(number, work(number).claim());
  } else {
    children_[number]->waits_for_work = true;
  }
}

void ProcessesModel::work_is_known(unsigned number) {
  if (std::exchange(children_[number]->waits_for_work, false)) {
    answer(number, work(number).claim());
  }
}

void ProcessesModel::take(unsigned number, const note::ClaimNext& note) {
  answer(number, work(number).claim_next(task_of(number, note.current)));
}

void ProcessesModel::take(unsigned number, const note::Header& note) {
  answer(number, work(number).open({.size = note.size,
                                    .version = note.version,
                                    .offset = note.offset,
                                    .length = note.length,
                                    .name = transfer().name}));
}

void ProcessesModel::take(unsigned number, const note::Bytes& note) {
  work(number).account(task_of(number, note.task), note.count, note.arrived, note.done);
}

void ProcessesModel::take(unsigned number, const note::Finished& note) {
  work(number).finish(task_of(number, note.task), note.sent_s, note.first_byte_s);
}

void ProcessesModel::take(unsigned number, const note::Closed& note) {
  std::erase_if(children_[number]->held,
                [&](const Held& held) { return held.task->index == note.task; });
}

void ProcessesModel::take(unsigned number, const note::Ended& note) {
  if (note.more_work) {
    begin_again(number);
  } else {
    end(number);
  }
}

void ProcessesModel::take(unsigned /*number*/, const note::Failed& note) {
  std::rethrow_exception(failure_of(note));
}

void ProcessesModel::answer(unsigned number, TaskPtr task) {
  Child& child = *children_[number];
  if (!task) {
    child.channel.send_now(order::NoWork{});
    return;
  }
  HeldTask held(work(number), std::move(task));
  child.channel.send_now(order::Work{
      .task = held->index, .asked = held->asked, .end = held->end, .version = transfer().version});
  hold(child, std::move(held));
}

// Whoever had no work may have taken it from others, who are to know soon.
void ProcessesModel::hold(Child& child, HeldTask task) {
  const std::uint64_t end = task->end;
  child.held.push_back({std::move(task), end});
  for (auto& other : children_) {
    if (other) {
      tell_cuts(*other);
    }
  }
}

void ProcessesModel::tell_cuts(Child& child) {
  try {
    for (Held& held : child.held) {
      if (held.task->end < held.told_end) {
        held.told_end = held.task->end;
        child.channel.send_now(order::Cut{.task = held.task->index, .end = held.told_end});
      }
    }
  } catch (const std::system_error&) {
    // It has too much unread: it brings a little that nobody needs.
  }
}

Task& ProcessesModel::task_of(unsigned number, std::uint64_t index) {
  auto& held = children_[number]->held;
  const auto found =
      std::ranges::find(held, index, [](const Held& one) { return one.task->index; });
  if (found == held.end()) {
    throw std::logic_error("a connection's process speaks of a task that it does not have");
  }
  return *found->task;
}

// What a child had brought when it was ended counts as well: a later run goes on from it.
void ProcessesModel::count_last_bytes(unsigned number) {
  while (const auto said = children_[number]->channel.receive_now().message) {
    if (const auto* const bytes = std::get_if<note::Bytes>(&*said)) {
      take(number, *bytes);
    }
  }
}

void ProcessesModel::drop(unsigned number) noexcept {
  auto& child = children_[number];
  if (!child) {
    return;
  }
  if (child->pid != 0) {
    ::kill(child->pid, SIGKILL);
    wait_for(child->pid);
    count_last_bytes(number);
  }
  poller().remove(child->channel.fd());
  child.reset();
}

}  // namespace dlab::part3
