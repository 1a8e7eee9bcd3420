#include "part3_multi/threads_model.hpp"

#include <thread>

#include "common/base/errors.hpp"
#include "part3_multi/range_connection.hpp"

namespace dlab::part3 {

void ThreadsModel::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  changed_.notify_all();
}

void ThreadsModel::run(Transfer& transfer, std::vector<report::ConnectionReport>& reports) {
  std::vector<std::jthread> threads;
  for (unsigned number = 0; number < reports.size(); ++number) {
    try {
      const std::lock_guard lock(mutex_);
      threads.emplace_back([this, &transfer, &reports, number] {
        RangeConnection(transfer, number, reports[number]).run();
        const std::lock_guard ended(mutex_);
        --running_;
        changed_.notify_all();
      });
      ++running_;
    } catch (const std::exception&) {
      transfer.end(std::current_exception());  // no thread left
      break;
    }
  }
  wait_for_end(transfer);
}

// Until every connection has run out of work, the planned time is up, or somebody cancels.
void ThreadsModel::wait_for_end(Transfer& transfer) {
  std::unique_lock lock(mutex_);
  const auto over = [this] {
    return cancelled_ || running_ == 0;
  };
  if (transfer.until) {
    changed_.wait_until(lock, *transfer.until, over);
  } else {
    changed_.wait(lock, over);
  }
  const bool cancelled = cancelled_;
  lock.unlock();
  transfer.end(cancelled ? std::make_exception_ptr(base::Interrupted()) : nullptr);
}

}  // namespace dlab::part3
