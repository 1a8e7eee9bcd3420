#include "linkem/emulator.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>

#include "common/base/check.hpp"
#include "common/base/child.hpp"
#include "linkem/control.hpp"
#include "linkem/emulator_process.hpp"

namespace dlab::linkem {
namespace {

using base::check;
using base::FileDescriptor;

constexpr int kGraceMs = 2000;
constexpr base::Duration kAnswer = std::chrono::seconds(10);  // at most, on the busiest machine

std::size_t count_hosts(const StarSpec& spec) {
  if (spec.hosts.empty() || spec.hosts.size() > kMostHosts) {
    throw std::invalid_argument("a star has 1 to " + std::to_string(kMostHosts) + " hosts, not " +
                                std::to_string(spec.hosts.size()));
  }
  return spec.hosts.size();
}

}  // namespace

Emulator::Emulator(const StarSpec& spec) : counters_(count_hosts(spec)) {
  auto [ours, theirs] = base::message_sockets("for the emulator");
  control_ = std::move(ours);
  const pid_t parent = getpid();
  pid_ = check(fork(), "fork", "the emulator");
  if (pid_ == 0) {
    run_emulator_process(spec, theirs.get(), counters_, parent);
  }
  theirs.close();
  try {
    receive_hosts();
  } catch (...) {
    end();
    throw;
  }
}

Emulator::~Emulator() {
  end();
}

// It writes the rest of its files first, then closes its end.
void Emulator::end() noexcept {
  shutdown(control_.get(), SHUT_WR);  // close() would tell nothing while a child has a copy
  pollfd closed{control_.get(), 0, 0};
  base::retry_interrupted([&] { return poll(&closed, 1, kGraceMs); });
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// Until packets move.
void Emulator::receive_hosts() {
  while (true) {
    auto [message, fd] = receive_message(control_.get(), kAnswer);
    switch (message.kind) {
      case MessageKind::host:
        networks_.emplace_back(std::move(fd));
        break;
      case MessageKind::ready:
        granted_ = message.granted;
        return;
      case MessageKind::unavailable:
        throw Unavailable(message.text());
      default:
        throw std::runtime_error(message.text());
    }
  }
}

void Emulator::set_rate(std::size_t host, base::BitRate rate) const {
  static_cast<void>(networks_.at(host));
  send_message(control_.get(), {.kind = MessageKind::rate, .host = host, .rate = rate});
  receive_message(control_.get(), kAnswer);
}

Snapshot Emulator::snapshot() const {
  send_message(control_.get(), MessageKind::snapshot);
  Snapshot snapshot;
  snapshot.complaint = receive_message(control_.get(), kAnswer).first.text();
  for (std::size_t host = 0; host < networks_.size(); ++host) {
    snapshot.up.push_back(counters_.up(host));
    snapshot.down.push_back(counters_.down(host));
  }
  snapshot.punctuality = counters_.punctuality();
  return snapshot;
}

}  // namespace dlab::linkem
