#include "part3_multi/transfer.hpp"

#include <utility>

namespace dlab::part3 {

void Ending::reach(std::exception_ptr error) {
  const std::lock_guard lock(mutex_);
  if (!reached_) {
    error_ = std::move(error);
    reached_ = true;
    changed_.notify_all();
  }
}

void Ending::wait_for(base::Duration time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [this] { return reached(); });
}

void Ending::rethrow_error() {
  const std::lock_guard lock(mutex_);
  if (error_) {
    std::rethrow_exception(error_);
  }
}

void Transfer::let_others_connect() {
  others_may_connect = true;
  others_may_connect.notify_all();
}

void Transfer::end(std::exception_ptr error) {
  ending.reach(std::move(error));
  let_others_connect();  // which see that it has ended
  board.end();
  open_streams.abort_all();
}

}  // namespace dlab::part3
