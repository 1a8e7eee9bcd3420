#pragma once

#include <condition_variable>
#include <mutex>

#include "part3_multi/client_model.hpp"

namespace dlab::part3 {

// A thread for each connection. What they share guards itself (Transfer).
class ThreadsModel : public ClientModel {
 public:
  void run(Transfer& transfer, std::vector<report::ConnectionReport>& reports) override;
  void cancel() override;

 private:
  void wait_for_end(Transfer& transfer);

  std::mutex mutex_;
  std::condition_variable changed_;
  bool cancelled_ = false;  // guarded by mutex_
  unsigned running_ = 0;    // threads; guarded by mutex_
};

}  // namespace dlab::part3
