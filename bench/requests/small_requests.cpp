#include "bench/requests/small_requests.hpp"

#include <signal.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <exception>
#include <mutex>
#include <span>
#include <thread>

#include "common/exchange/requests.hpp"
#include "common/net/tcp_stream.hpp"
#include "common/report/latency_rows.hpp"

namespace dlab::requests {
namespace {

// Waits until `due`; true when a signal came meanwhile.
bool told_to_end_before(base::TimePoint due, const sigset_t& signals) {
  const auto left = std::max<base::Duration>(due - base::Clock::now(), base::Duration::zero());
  const timespec time = base::to_timespec(left);
  return sigtimedwait(&signals, nullptr, &time) > 0;
}

// One connection: requests leave when they are due, however long the answers take; a second thread
// takes the answers, which come in the same order.
class Asker {
 public:
  Asker(const cli::ClientOptions& options, const Pace& pace, report::LatencyRows& rows)
      : pace_(pace), rows_(rows), channel_(connect(options)), t0_(base::Clock::now()) {
    get_.name = options.name;
    get_.length = pace.bytes;
    channel_.stream().set_stall_timeout(options.stall_timeout);
    receiver_ = std::jthread([this] { receive_answers(); });
  }
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;
  ~Asker() {
    channel_.stream().abort();
    receiver_.join();
    note_unanswered();
  }

  [[nodiscard]] base::TimePoint due(std::uint64_t index) const {
    return t0_ + static_cast<std::int64_t>(index) * pace_.every;
  }

  // Throws what the answers threw, once they have.
  void ask(std::uint64_t index) {
    {
      const std::lock_guard lock(mutex_);
      if (failure_) {
        std::rethrow_exception(failure_);
      }
      unanswered_.push_back({.index = index,
                             .bytes = pace_.bytes,
                             .intended_s = base::to_seconds(due(index) - t0_),
                             .sent_s = since_t0()});
    }
    channel_.send(get_);
  }

 private:
  static net::TcpStream connect(const cli::ClientOptions& options) {
    return net::TcpStream::connect(net::resolve(options.server, false), options.socket,
                                   options.connect_timeout);
  }
  [[nodiscard]] double since_t0() const { return base::to_seconds(base::Clock::now() - t0_); }

  void receive_answers() {
    try {
      for (;;) {
        const auto file = exchange::receive_file_header(channel_, get_);
        const double first_byte_s = since_t0();
        receive_away(file.length);
        note_answer(first_byte_s);
      }
    } catch (const std::exception&) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
    }
  }

  void receive_away(std::uint64_t length) {
    std::array<std::byte, 4096> scrap;
    while (length > 0) {
      const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(length, scrap.size()));
      const std::size_t count = channel_.receive_raw(std::span(scrap).first(most));
      if (count == 0) {
        throw net::CutShort("get \"" + get_.name + "\": connection closed before the last byte");
      }
      length -= count;
    }
  }

  void note_answer(double first_byte_s) {
    const std::lock_guard lock(mutex_);
    auto row = unanswered_.front();
    unanswered_.pop_front();
    row.first_byte_s = first_byte_s;
    row.done_s = since_t0();
    rows_.add(row);
  }

  // They have taken so long already; to leave them out would be to leave out the slowest.
  void note_unanswered() {
    for (auto& row : unanswered_) {
      row.first_byte_s = since_t0();
      row.done_s = row.first_byte_s;
      rows_.add(row);
    }
  }

  const Pace& pace_;
  report::LatencyRows& rows_;
  exchange::MessageChannel channel_;
  wire::Get get_;
  base::TimePoint t0_;
  std::mutex mutex_;
  std::deque<report::LatencyRow> unanswered_;  // guarded by mutex_
  std::exception_ptr failure_;                 // guarded by mutex_
  std::jthread receiver_;
};

}  // namespace

void ask_until_told(const cli::ClientOptions& options, const Pace& pace) {
  const cli::BlockedSignals blocked;
  report::LatencyRows rows(options.seed);
  const auto write_down = [&] {
    if (!options.rows.empty()) {
      rows.write_csv(options.rows);
    }
  };
  try {
    Asker asker(options, pace, rows);
    for (std::uint64_t index = 0; !told_to_end_before(asker.due(index), blocked.set()); ++index) {
      asker.ask(index);
    }
  } catch (const std::exception&) {
    write_down();
    throw;
  }
  write_down();
}

}  // namespace dlab::requests
