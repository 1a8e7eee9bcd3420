#include "linkem/tool/session.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>

#include "common/base/check.hpp"
#include "common/base/signals.hpp"

namespace dlab::linkem::tool {
namespace {

using namespace std::chrono_literals;
using base::check;
using base::Deadline;
using base::FileDescriptor;

constexpr base::Duration kGrace = 2s;
constexpr base::Duration kLookAgain = 5ms;  // at what tells nobody that it changes
constexpr std::size_t kServerHost = 0;
constexpr std::size_t kClientHost = 1;

FileDescriptor block_signals(sigset_t& before) {
  sigset_t handled = base::heard_of({SIGINT, SIGTERM, SIGHUP});
  sigaddset(&handled, SIGCHLD);
  sigprocmask(SIG_BLOCK, &handled, &before);
  return FileDescriptor(
      check(signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd", "for linkem"));
}

std::string how(int wait_status) {
  return WIFSIGNALED(wait_status) ? "by signal " + std::to_string(WTERMSIG(wait_status))
                                  : "with exit code " + std::to_string(WEXITSTATUS(wait_status));
}

FileDescriptor open_null() {
  return FileDescriptor(check(open("/dev/null", O_RDONLY | O_CLOEXEC), "open", "/dev/null"));
}

// The foreground of the terminal, taken back when its time is over.
class LentForeground {
 public:
  explicit LentForeground(bool lent) : lent_(lent) {}
  LentForeground(const LentForeground&) = delete;
  LentForeground& operator=(const LentForeground&) = delete;
  ~LentForeground() {
    if (lent_) {
      come_to_foreground();
    }
  }

 private:
  bool lent_;
};

}  // namespace

Session::Session(const Options& options, const Emulator& star)
    : options_(options), star_(star), signals_(block_signals(before_)) {}

Session::~Session() {
  end(client_, client_ended_);
  end(server_, server_ended_);
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

// The first process of their namespace cannot end before we have taken in our children there.
void Session::end(pid_t pid, const std::optional<int>& ended) {
  if (pid > 0 && !ended) {
    kill(pid, SIGKILL);
    base::retry_interrupted([&] { return waitpid(pid, nullptr, 0); });
  }
}

void Session::start_server() {
  std::array<int, 2> ends{};
  check(pipe2(ends.data(), O_CLOEXEC), "pipe", "for the server");
  output_.emplace(FileDescriptor(ends[0]));
  const FileDescriptor theirs(ends[1]);
  check(fcntl(ends[0], F_SETFL, O_NONBLOCK), "fcntl", "O_NONBLOCK");
  const FileDescriptor nothing = open_null();
  server_ = start_on_host({{"sh", "-c", options_.server},
                           &star_.network(kServerHost),
                           nothing.get(),
                           theirs.get(),
                           Group::own});
  await_ready();
}

void Session::await_ready() {
  const auto deadline = Deadline::after(options_.ready_timeout);
  const bool by_port = options_.ready_port != 0;
  while (by_port ? !listens(server_, options_.ready_port) : !output_ || !output_->port()) {
    if (server_ended_) {
      hear_last_words();
      throw std::runtime_error("the server ended " + how(*server_ended_) + " before it was ready");
    }
    if (deadline.passed()) {
      throw std::runtime_error(
          by_port ? "the server does not listen on port " + std::to_string(options_.ready_port)
                  : "the server has not said \"listening on\"; give --ready-port PORT for one "
                    "that does not");
    }
    wait_a_little(by_port ? kLookAgain : deadline.left());
  }
}

int Session::run_client() {
  const bool has_jobs = options_.action == Action::shell && in_foreground();
  const LentForeground foreground(has_jobs);
  HostCommand command{{}, &star_.network(kClientHost)};
  command.group = has_jobs ? Group::foreground : Group::ours;
  for (const auto& argument : options_.command) {
    command.arguments.push_back(fill_in(argument));
  }
  const auto started = base::Clock::now();
  client_ = start_on_host(command);
  wait_for_client(options_.timeout.value_or(24h * 365));
  client_ran_ = base::Clock::now() - started;
  if (!client_ended_) {
    kill(client_, SIGTERM);  // so that it can leave its files in order
    wait_for_client(kGrace);
    throw std::runtime_error("the client did not end within its --timeout");
  }
  return client_status();
}

void Session::wait_for_client(base::Duration at_most) {
  const auto deadline = Deadline::after(at_most);
  while (!client_ended_ && !deadline.passed()) {
    wait_a_little(deadline.left());
  }
}

std::uint16_t Session::port() const {
  return options_.ready_port != 0 || !output_ ? options_.ready_port : output_->port().value_or(0);
}

int Session::client_status() const {
  const int status = *client_ended_;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void Session::stop_server() {
  if (server_ <= 0) {
    return;
  }
  kill(-server_, SIGTERM);  // the shell and what it started, which may take longer than the shell
  const auto deadline = Deadline::after(kGrace);
  while (kill(-server_, 0) == 0 && !deadline.passed()) {
    wait_a_little(server_ended_ ? kLookAgain : deadline.left());
  }
  hear_last_words();
}

void Session::hear_last_words() {
  if (output_) {
    output_->read();
  }
}

// Waits for the server's words, a child's end or a signal.
void Session::wait_a_little(base::Duration most) {
  std::array<pollfd, 2> ready{{{signals_.get(), POLLIN, 0}, {-1, POLLIN, 0}}};
  ready[1].fd = output_ ? output_->fd() : -1;
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(most).count();
  const int count = poll(ready.data(), ready.size(), static_cast<int>(std::min<long>(ms, 60'000)));
  if (count <= 0) {
    return;
  }
  if (ready[1].revents != 0 && !output_->read()) {
    output_.reset();  // the server closed it: it says no more
  }
  signalfd_siginfo info{};
  while (read(signals_.get(), &info, sizeof info) == sizeof info) {
    const int signal_number = static_cast<int>(info.ssi_signo);
    if (signal_number == SIGCHLD) {
      take_in_children();
    } else if (client_ <= 0) {
      throw std::runtime_error("interrupted");
    } else if (signal_number != SIGINT && !client_ended_) {
      kill(client_, signal_number);
    }
  }
}

// Only our own: the emulator's process belongs to the star.
void Session::take_in_children() {
  int status = 0;
  if (server_ > 0 && !server_ended_ && waitpid(server_, &status, WNOHANG) > 0) {
    server_ended_ = status;
  }
  if (client_ > 0 && !client_ended_ && waitpid(client_, &status, WNOHANG) > 0) {
    client_ended_ = status;
  }
  siginfo_t hub{};
  waitid(P_PID, static_cast<id_t>(star_.pid()), &hub, WEXITED | WNOHANG | WNOWAIT);
  if (hub.si_pid != 0) {
    throw std::runtime_error("the emulator's process has ended");
  }
}

std::string Session::fill_in(std::string argument) const {
  for (const auto& [name, value] : {std::pair{std::string("{server}"), host_address(kServerHost)},
                                    std::pair{std::string("{port}"), std::to_string(port())}}) {
    for (auto at = argument.find(name); at != argument.npos; at = argument.find(name)) {
      argument.replace(at, name.size(), value);
    }
  }
  return argument;
}

}  // namespace dlab::linkem::tool
