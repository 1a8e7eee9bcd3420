#include "bench/load/link.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <span>

#include "common/base/check.hpp"
#include "common/base/page_buffer.hpp"

namespace dlab::load {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{128} << 10U;

// All links receive into the same memory: one thread, and nothing is kept.
std::span<std::byte> scrap() {
  static base::PageBuffer buffer(kBufferBytes);
  return buffer;
}

std::string word_for(int error_number) {
  switch (error_number) {
    case ECONNREFUSED:
      return "refused";
    case ECONNRESET:
    case EPIPE:
      return "reset";
    case ETIMEDOUT:
      return "timeout";
    case EADDRNOTAVAIL:
      return "no-free-port";
    case EMFILE:
    case ENFILE:
      return "no-free-descriptor";
    default:
      return "errno-" + std::to_string(error_number);
  }
}

}  // namespace

Link::Link(unsigned number, const LinkSetup& setup, Poller& poller, LinkListener& listener)
    : number_(number),
      setup_(setup),
      poller_(poller),
      listener_(listener),
      conversation_(setup.terms) {}

void Link::open() {
  began_ = base::Clock::now();
  deadline_ = began_ + setup_.connect_timeout;
  connecting_ = true;
  socket_ = base::FileDescriptor(
      ::socket(setup_.server.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket_.is_open()) {
    return close(word_for(errno));
  }
  net::apply(setup_.socket, socket_.get(), "a connection of the generator");
  if (::connect(socket_.get(), setup_.server.get(), setup_.server.length()) < 0 &&
      errno != EINPROGRESS) {
    return close(word_for(errno));
  }
  events_ = EPOLLIN | EPOLLOUT;
  poller_.watch(socket_.get(), events_, this);
}

void Link::ask(const Request& request, const std::string& name, const std::string& host) {
  if (conversation_.under_way() == 0) {
    progress(request.sent);
  }
  conversation_.ask(request,
                    request_for(setup_.terms.protocol, name, host, conversation_.next_is_last()));
  if (is_closed()) {
    open();
  }
}

void Link::flush() {
  while (is_open() && !conversation_.output().empty()) {
    const auto data = conversation_.output();
    const auto sent = base::retry_interrupted(
        [&] { return ::send(socket_.get(), data.data(), data.size(), MSG_NOSIGNAL); });
    if (sent < 0 && errno == EAGAIN) {
      return watch_for(events_ | EPOLLOUT);
    }
    if (sent < 0) {
      return close(word_for(errno));
    }
    conversation_.sent(static_cast<std::size_t>(sent));
  }
  if (is_open()) {
    watch_for(events_ & ~static_cast<std::uint32_t>(EPOLLOUT));
  }
}

void Link::handle(std::uint32_t events) {
  if (connecting_) {
    finish_connecting();
  }
  if (is_open() && (events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
    receive();
  }
  flush();
}

void Link::finish_connecting() {
  if (const int error = net::pending_error(socket_.get())) {
    return close(word_for(error));
  }
  connecting_ = false;
  const auto now = base::Clock::now();
  progress(now);
  listener_.opened(*this, now - began_);
}

void Link::receive() {
  const auto most = std::min<std::uint64_t>(allowance_.value_or(kBufferBytes), kBufferBytes);
  if (most == 0) {
    return watch_for(events_ & ~static_cast<std::uint32_t>(EPOLLIN));
  }
  const auto buffer = scrap().first(static_cast<std::size_t>(most));
  const auto count = base::retry_interrupted(
      [&] { return ::recv(socket_.get(), buffer.data(), buffer.size(), 0); });
  if (count <= 0) {
    if (count == 0 || errno != EAGAIN) {
      close(count == 0 ? "cut" : word_for(errno));
    }
    return;
  }
  const auto bytes = static_cast<std::size_t>(count);
  const auto now = base::Clock::now();
  progress(now);
  received_ += bytes;
  if (allowance_) {
    *allowance_ -= bytes;
  }
  conversation_.receive(buffer.first(bytes), now,
                        [this](const Outcome& outcome) { listener_.finished(*this, outcome); });
  if (conversation_.over()) {
    close("cut");
  }
}

void Link::check_deadline(base::TimePoint now) {
  const bool waits = connecting_ || conversation_.under_way() > 0;
  if (!is_closed() && waits && deadline_ < now) {
    close("timeout");
  }
}

void Link::close(const std::string& error) {
  const bool was_open = is_open();
  socket_.close();
  connecting_ = false;
  conversation_.end(base::Clock::now(), error,
                    [this](const Outcome& outcome) { listener_.finished(*this, outcome); });
  conversation_ = Conversation(setup_.terms);
  listener_.closed(*this, was_open ? "" : error);
}

void Link::allow(std::uint64_t most) {
  allowance_ = most;
  if (most > 0 && is_open()) {
    watch_for(events_ | EPOLLIN);
  }
}

void Link::watch_for(std::uint32_t events) {
  if (events != events_) {
    events_ = events;
    poller_.change(socket_.get(), events_, this);
  }
}

void Link::progress(base::TimePoint now) {
  deadline_ = now + setup_.stall_timeout;
}

}  // namespace dlab::load
