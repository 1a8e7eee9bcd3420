#include "common/serve/reception.hpp"

#include <sys/eventfd.h>

#include <array>
#include <system_error>
#include <utility>

#include "common/base/poll.hpp"

namespace dlab::serve {
namespace {

// So many clients can be told at the same time that there is no descriptor left.
constexpr std::size_t kReserve = 4;
constexpr std::chrono::milliseconds kRetry{100};

}  // namespace

Reception::Reception(Host& host, net::TcpListener& listener, ChildProcesses* others)
    : host_(host), listener_(listener), others_(others) {
  reserve_size_ = fill_reserve(2 * kReserve) ? kReserve : 0;
  reserve_.resize(reserve_size_);
}

std::unique_ptr<Connection> Reception::next_client() {
  for (;;) {
    wait_for_somebody();
    try {
      auto accepted = listener_.accept();
      if (!accepted) {
        break;
      }
      if (auto client = admit(*std::move(accepted))) {
        return client;
      }
    } catch (const std::system_error& error) {
      if (!net::is_out_of_descriptors(error)) {
        throw;
      }
      // accept4 asks for a descriptor before it looks whether the listener was stopped.
      if (host_.open().are_ended()) {
        break;
      }
      if (!make_room()) {
        host_.open().wait_for_an_end(kRetry);
      }
    }
  }
  refusals_.end_all();
  return nullptr;
}

// accept(2) waits as well, but for nobody else.
void Reception::wait_for_somebody() {
  while (others_ != nullptr || !refusals_.empty()) {
    std::array<pollfd, 3> entries{{{listener_.fd(), POLLIN, 0},
                                   {refusals_.fd(), POLLIN, 0},
                                   {others_ != nullptr ? others_->ends() : -1, POLLIN, 0}}};
    base::poll_until(entries, refusals_.wake());
    if (entries[2].revents != 0) {
      others_->reap();
    }
    refusals_.serve();
    if (entries[0].revents != 0) {
      return;
    }
  }
}

std::unique_ptr<Connection> Reception::admit(net::TcpStream accepted) {
  auto client =
      host_.welcome(std::move(accepted), others_ != nullptr ? others_->count() : std::size_t{0});
  if (!fill_reserve(reserve_size_)) {
    client->refuse("this server has no file descriptor left for another connection");
  }
  if (client->session.is_refused()) {
    refusals_.add(std::move(client));
    return nullptr;
  }
  return client;
}

bool Reception::fill_reserve(std::size_t size) {
  while (reserve_.size() < size) {
    base::FileDescriptor spare(::eventfd(0, EFD_CLOEXEC));
    if (!spare.is_open()) {
      return false;
    }
    reserve_.push_back(std::move(spare));
  }
  return true;
}

bool Reception::make_room() {
  if (!base::poll_until(listener_.fd(), POLLIN, base::TimePoint{})) {
    return false;
  }
  if (reserve_.empty()) {
    return refusals_.end_first();
  }
  reserve_.pop_back();
  return true;
}

void Reception::refuse(std::shared_ptr<Connection> client, std::string why) {
  client->refuse(std::move(why));
  refusals_.add(std::move(client));
}

void Reception::abandon() noexcept {
  listener_.abandon();
  refusals_.abandon();
}

}  // namespace dlab::serve
