#pragma once

#include <atomic>
#include <cstdint>
#include <deque>

#include "common/base/wakeup.hpp"
#include "common/net/poller.hpp"
#include "part3_multi/client_model.hpp"
#include "part3_multi/comebacks.hpp"
#include "part3_multi/local_work.hpp"

namespace dlab::part3 {

// One thread's loop over all connections: which may begin, which is late, which has something to
// do. What a connection is made of is left to the model that derives from this.
class ConnectionLoop : public ClientModel {
 public:
  ConnectionLoop();
  void run(Transfer& transfer, std::vector<report::ConnectionReport>& reports) final;
  void cancel() final;

 protected:
  // What these throw ends this life of connection `number`, which comes back later if that makes
  // sense; prepare() and drop() do not throw.
  virtual void prepare(std::size_t connections) = 0;
  // A life begins, with a task or none.
  virtual void begin(unsigned number, HeldTask task) = 0;
  // Something has happened that was watched for.
  virtual void ready(unsigned number) = 0;
  // The file is known, or more may be asked for: a connection that waits for work can look again.
  virtual void work_is_known(unsigned number) = 0;
  // The time set by be_late_after() has passed: throws what is the matter.
  virtual void late(unsigned number) = 0;
  // A life is over: nothing of it is to remain.
  virtual void drop(unsigned number) noexcept = 0;

  // For those: how a life goes on or ends.
  void be_late_after(unsigned number, base::Duration time);
  void be_never_late(unsigned number) { lanes_[number].due = base::TimePoint::max(); }
  void end(unsigned number);          // there is no more work for it
  void begin_again(unsigned number);  // there may be work for another life, at once

  Transfer& transfer() { return *transfer_; }
  LocalWork& work(unsigned number) { return lanes_[number].work; }
  net::Poller& poller() { return poller_; }

 private:
  struct Lane {
    Lane(Transfer& transfer, unsigned number, report::ConnectionReport& report)
        : work(transfer, number, report), comebacks(transfer, number) {}

    LocalWork work;
    Comebacks comebacks;
    enum class State { resting, alive, over } state = State::resting;
    base::TimePoint due;  // resting: to begin; alive: late
    bool has_lived = false;
  };

  void turn();
  void look_at_the_clock();
  void announce_work();
  [[nodiscard]] bool may_begin(unsigned number) const;
  void begin_life(unsigned number);
  template <typename Step>
  void attend(unsigned number, Step step);
  void rest(unsigned number, base::Duration time);
  [[nodiscard]] base::TimePoint next_due() const;
  [[nodiscard]] bool is_over() const;

  Transfer* transfer_ = nullptr;
  std::deque<Lane> lanes_;  // by number
  std::size_t over_ = 0;    // lanes
  bool work_known_ = false;
  std::uint64_t changes_ = 0;  // of the board, as far as they were announced
  net::Poller poller_;
  base::Wakeup wakeup_;  // called by cancel()
  std::atomic<bool> cancelled_ = false;
};

}  // namespace dlab::part3
