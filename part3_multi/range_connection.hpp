#pragma once

#include <deque>
#include <optional>

#include "common/base/page_buffer.hpp"
#include "common/exchange/requests.hpp"
#include "common/report/transfer_report.hpp"
#include "part3_multi/backoff.hpp"
#include "part3_multi/transfer.hpp"

namespace dlab::part3 {

// One of the N connections, on a thread of its own: brings one range after another until the board
// has no more, comes back after failures, closes as soon as it has no work.
class RangeConnection {
 public:
  // `report` is this connection's and no other thread's until run() has returned.
  RangeConnection(Transfer& transfer, unsigned number, report::ConnectionReport& report);

  // The thread's body. Never throws: what cannot be mended ends the whole transfer.
  void run();

 private:
  // A request that was sent and not yet answered in full. What it leaves undone goes back.
  struct Asked {
    Asked(WorkBoard& work_board, const wire::Get& request, TaskPtr claimed, double sent);
    Asked(const Asked&) = delete;
    Asked& operator=(const Asked&) = delete;
    ~Asked();

    WorkBoard& board;
    wire::Get get;
    TaskPtr task;  // null until the first header tells what the request was for
    double sent_s;
    std::optional<double> first_byte_s;
  };

  bool survive(std::exception_ptr error);
  bool is_beyond_repair(const std::exception_ptr& error) const;

  bool bring_ranges();
  exchange::MessageChannel connect();
  exchange::MessageChannel connect_for(const TaskPtr& task);
  bool start(exchange::MessageChannel& channel, TaskPtr task);
  [[nodiscard]] wire::Get request_for(const Task& task) const;
  void ask(exchange::MessageChannel& channel, const wire::Get& get, TaskPtr task);
  bool ask_next(exchange::MessageChannel& channel);
  bool receive_answer(exchange::MessageChannel& channel);
  void receive_body(exchange::MessageChannel& channel, Asked& asked);
  void take_in(Asked& asked, std::span<const std::byte> data);
  void note_done(const Asked& asked);

  Transfer& transfer_;
  unsigned number_;
  report::ConnectionReport& report_;
  Backoff backoff_;
  unsigned failures_ = 0;
  std::uint64_t bytes_at_failure_ = 0;
  base::PageBuffer buffer_;
  std::deque<Asked> asked_;  // in the order of their answers: at most the current and the next
};

}  // namespace dlab::part3
