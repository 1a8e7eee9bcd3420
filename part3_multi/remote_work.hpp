#pragma once

#include <vector>

#include "common/storage/sink.hpp"
#include "part3_multi/connection_work.hpp"
#include "part3_multi/process_channel.hpp"
#include "part3_multi/process_notes.hpp"

namespace dlab::part3 {

// The work of a connection that has a process of its own: asks the download's process for tasks,
// puts their bytes into the file itself, and tells how far it is. When the other process is gone,
// methods throw.
class RemoteWork : public ConnectionWork {
 public:
  using Channel = ProcessChannel<Note, Order>;

  // `task`: what the connection has come for, or null. `version`: as far as it is known.
  RemoteWork(Channel& channel, storage::Sink& sink, base::TimePoint t0, std::uint64_t version)
      : channel_(channel), sink_(sink), t0_(t0), version_(version) {}

  // The task with which the process was made.
  HeldTask hold(const TaskPtr& task);

  void connected(std::uint16_t local_port, base::Duration handshake) override;
  bool can_claim() override { return true; }
  void wait_until_claimable() override {}  // to claim is to wait
  TaskPtr claim() override;
  TaskPtr claim_next(const Task& current) override;
  TaskPtr open(const wire::File& file) override;
  std::uint64_t version() override { return version_; }
  std::uint64_t wanted(const Task& task) override;
  void take_in(Task& task, std::span<const std::byte> data) override;
  void finish(const Task& task, double sent_s, std::optional<double> first_byte_s) override;
  void close(const TaskPtr& task) override;

 private:
  TaskPtr wait_for_work();
  TaskPtr keep(TaskPtr task);
  void cut(const order::Cut& cut);

  Channel& channel_;
  storage::Sink& sink_;
  base::TimePoint t0_;
  std::uint64_t version_;
  std::vector<TaskPtr> tasks_;  // under way
};

}  // namespace dlab::part3
