#pragma once

#include <sys/types.h>

#include <deque>
#include <optional>

#include "part3_multi/connection_loop.hpp"
#include "part3_multi/process_channel.hpp"
#include "part3_multi/process_notes.hpp"

namespace dlab::part3 {

// A process for each life of a connection. It brings its ranges with calls that block and writes
// them into the file itself; what is to be brought is decided here, in the parent, which asks no
// more of the children than that they tell how far they are. Nobody else's crash can hurt them,
// and theirs nobody else: a child that dies is a connection that was lost.
class ProcessesModel : public ConnectionLoop {
 protected:
  void prepare(std::size_t connections) override { children_.resize(connections); }
  void begin(unsigned number, HeldTask task) override;
  void ready(unsigned number) override;
  void work_is_known(unsigned number) override;
  void late(unsigned /*number*/) override {}  // children keep their deadlines themselves
  void drop(unsigned number) noexcept override;

 private:
  using Channel = ProcessChannel<Order, Note>;

  struct Held {
    HeldTask task;
    std::uint64_t told_end;  // how far the child believes that it is wanted
  };
  struct Child {
    pid_t pid;  // 0: waited for already
    Channel channel;
    std::deque<Held> held = {};
    bool waits_for_work = false;
  };

  // What a note means.
  void take(unsigned number, const note::Connected& note);
  void take(unsigned number, const note::Claim& note);
  void take(unsigned number, const note::ClaimNext& note);
  void take(unsigned number, const note::Header& note);
  void take(unsigned number, const note::Bytes& note);
  void take(unsigned number, const note::Finished& note);
  void take(unsigned number, const note::Closed& note);
  void take(unsigned number, const note::Ended& note);
  void take(unsigned number, const note::Failed& note);

  void answer(unsigned number, TaskPtr task);
  void hold(Child& child, HeldTask task);
  void tell_cuts(Child& child);
  void count_last_bytes(unsigned number);
  Task& task_of(unsigned number, std::uint64_t index);

  std::deque<std::optional<Child>> children_;  // by number; nothing between two lives
};

}  // namespace dlab::part3
