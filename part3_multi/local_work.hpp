#pragma once

#include "common/report/transfer_report.hpp"
#include "part3_multi/connection_work.hpp"
#include "part3_multi/transfer.hpp"

namespace dlab::part3 {

// The work of a connection whose download is in this process.
class LocalWork : public ConnectionWork {
 public:
  // `report` is this connection's; whoever uses this object is the only one to write it.
  LocalWork(Transfer& transfer, unsigned number, report::ConnectionReport& report);

  // A life of the connection begins: what it comes with, nothing when there is no work for it. The
  // first life comes with no task, because the size may not be known; later ones wait for it.
  std::optional<HeldTask> begin_life();

  void connected(std::uint16_t local_port, base::Duration handshake) override;
  bool can_claim() override { return transfer_.board.can_claim(number_); }
  void wait_until_claimable() override { transfer_.board.wait_until_claimable(number_); }
  TaskPtr claim() override;
  TaskPtr claim_next(const Task& current) override;
  TaskPtr open(const wire::File& file) override;
  std::uint64_t version() override { return transfer_.version; }
  std::uint64_t wanted(const Task& task) override { return transfer_.board.wanted(task); }
  void take_in(Task& task, std::span<const std::byte> data) override;
  void finish(const Task& task, double sent_s, std::optional<double> first_byte_s) override;
  void close(const TaskPtr& task) override { transfer_.board.close(task); }

  // The next `bytes` of `task` have been written by somebody: they `arrived` and were `done` with
  // so long after t0.
  void account(Task& task, std::uint64_t bytes, base::Duration arrived, base::Duration done);
  // The connection has no more work.
  void end() { lane().finished = true; }

 private:
  TaskPtr assigned(TaskPtr task);
  report::Progress::Lane& lane() { return transfer_.progress.lanes[number_]; }

  Transfer& transfer_;
  unsigned number_;
  report::ConnectionReport& report_;
};

}  // namespace dlab::part3
