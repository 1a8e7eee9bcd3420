#include "part3_multi/epoll_model.hpp"

#include <cerrno>
#include <span>
#include <system_error>
#include <utility>

#include "common/base/check.hpp"
#include "part3_multi/range_connection.hpp"

namespace dlab::part3 {
namespace {

constexpr std::uint32_t kReadable = EPOLLIN;
constexpr std::uint32_t kWritable = EPOLLOUT;

}  // namespace

void EpollModel::prepare(std::size_t connections) {
  buffer_.resize(transfer().buffer_bytes);
  connections_.resize(connections);
}

void EpollModel::begin(unsigned number, HeldTask task) {
  connections_[number].emplace(Connection{
      .conversation =
          RangeConversation(work(number), subject_of(transfer(), number), std::move(task)),
      .began = base::Clock::now()});
  be_late_after(number, transfer().options.connect_timeout);
  connect(number);
}

// Begins to connect to the address whose turn it is, or to one behind it.
void EpollModel::connect(unsigned number) {
  Connection& connection = *connections_[number];
  for (;; ++connection.address) {
    try {
      connection.stream.emplace(net::TcpStream::start_connecting(
          transfer().addresses[connection.address], transfer().options.socket));
      watch(number, kWritable);
      return;
    } catch (const std::system_error&) {
      if (connection.address + 1 == transfer().addresses.size()) {
        throw;  // the last one's failure is the one reported
      }
    }
  }
}

void EpollModel::finish_connecting(unsigned number) {
  Connection& connection = *connections_[number];
  try {
    connection.stream->finish_connecting();
  } catch (const std::system_error&) {
    if (++connection.address == transfer().addresses.size()) {
      throw;
    }
    watch(number, 0);
    connect(number);
    return;
  }
  connection.standing = true;
  work(number).connected(connection.stream->local_port(), base::Clock::now() - connection.began);
  connection.conversation.begin(connection.stream->peer());
  proceed(number);
}

void EpollModel::ready(unsigned number) {
  if (connections_[number]->standing) {
    receive(*connections_[number]);
    proceed(number);
  } else {
    finish_connecting(number);
  }
}

void EpollModel::receive(Connection& connection) {
  const auto place = std::span(buffer_).first(connection.conversation.room(buffer_.size()));
  const auto received = connection.stream->try_receive(place);
  if (received == std::size_t{0}) {
    connection.conversation.closed();
  }
  connection.conversation.received(place.first(received.value_or(0)));
}

// As far as the connection comes without waiting.
void EpollModel::proceed(unsigned number) {
  Connection& connection = *connections_[number];
  switch (connection.conversation.next()) {
    case RangeConversation::Next::exchange:
      if (const auto request = connection.conversation.to_send(); !request.empty()) {
        connection.conversation.sent(connection.stream->try_send(request).value_or(0));
      }
      watch(number, connection.conversation.to_send().empty() ? kReadable : kReadable | kWritable);
      be_late_after(number, transfer().options.stall_timeout);
      break;
    case RangeConversation::Next::wait_for_work:
      connection.waits_for_work = true;
      watch(number, 0);
      be_never_late(number);
      break;
    case RangeConversation::Next::done:
      end(number);
      break;
    case RangeConversation::Next::out_of_step:
      begin_again(number);
      break;
  }
}

void EpollModel::work_is_known(unsigned number) {
  if (std::exchange(connections_[number]->waits_for_work, false)) {
    proceed(number);
  }
}

void EpollModel::late(unsigned number) {
  const Connection& connection = *connections_[number];
  base::throw_system_error(ETIMEDOUT, connection.standing ? "receive from" : "connect",
                           connection.stream->peer());
}

// Nothing to watch for: not watched at all, or a hang-up would be told again and again.
void EpollModel::watch(unsigned number, std::uint32_t events) {
  Connection& connection = *connections_[number];
  if (events == connection.watched) {
    return;
  }
  if (std::exchange(connection.watched, 0) != 0) {
    poller().remove(connection.stream->fd());
  }
  if (events != 0) {
    poller().add(connection.stream->fd(), events, number);
    connection.watched = events;
  }
}

}  // namespace dlab::part3
