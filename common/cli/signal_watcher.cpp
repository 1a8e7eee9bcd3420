#include "common/cli/signal_watcher.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <utility>

#include "common/base/check.hpp"
#include "common/base/signals.hpp"
#include "common/cli/exit_code.hpp"

namespace dlab::cli {

BlockedSignals::BlockedSignals() : set_(base::heard_of({SIGINT, SIGTERM, SIGHUP})) {
  ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
}

BlockedSignals::~BlockedSignals() {
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

SignalWatcher::SignalWatcher(const BlockedSignals& blocked, std::function<void()> on_signal)
    : on_signal_(std::move(on_signal)) {
  signals_ = base::FileDescriptor(base::check(::signalfd(-1, &blocked.set(), SFD_CLOEXEC),
                                              "signalfd", "for SIGINT, SIGTERM and SIGHUP"));
  worker_ = std::jthread([this] { work(); });
  // A server that forks next would otherwise take the locks of a thread about to start along, held
  // for ever in the child (AddressSanitizer's did).
  at_work_.wait();
}

SignalWatcher::~SignalWatcher() {
  end_.call();
  worker_.join();
}

void SignalWatcher::work() {
  at_work_.count_down();
  for (bool already_asked = false;; already_asked = true) {
    std::array<pollfd, 2> entries{{{signals_.get(), POLLIN, 0}, {end_.fd(), POLLIN, 0}}};
    base::retry_interrupted([&] { return ::poll(entries.data(), entries.size(), -1); });
    if (entries[1].revents != 0) {
      return;
    }
    if (already_asked) {
      std::_Exit(kExitFailed);
    }
    signalfd_siginfo info{};
    [[maybe_unused]] const auto received = ::read(signals_.get(), &info, sizeof info);
    on_signal_();
  }
}

}  // namespace dlab::cli
