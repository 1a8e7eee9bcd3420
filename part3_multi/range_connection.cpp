#include "part3_multi/range_connection.hpp"

#include <span>
#include <utility>

#include "common/net/open_streams.hpp"

namespace dlab::part3 {
namespace {

net::TcpStream connect(Transfer& transfer, ConnectionWork& work) {
  const auto started = base::Clock::now();
  auto stream = net::TcpStream::connect(transfer.addresses, transfer.options.socket,
                                        transfer.options.connect_timeout, &transfer.open_streams);
  const auto handshake = base::Clock::now() - started;
  stream.set_stall_timeout(transfer.options.stall_timeout);
  work.connected(stream.local_port(), handshake);
  return stream;
}

void exchange_bytes(net::TcpStream& stream, RangeConversation& conversation,
                    base::PageBuffer& buffer) {
  if (const auto request = conversation.to_send(); !request.empty()) {
    stream.send_all(request);
    conversation.sent(request.size());
  }
  const auto place = std::span(buffer).first(conversation.room(buffer.size()));
  const std::size_t received = stream.receive_some(place);
  if (received == 0) {
    conversation.closed();
  }
  conversation.received(place.first(received));
}

}  // namespace

RangeConversation::Subject subject_of(const Transfer& transfer, unsigned number) {
  const bool asks_first = number == 0 && transfer.version == wire::kAnyVersion;
  return {.name = transfer.name,
          .t0 = transfer.t0,
          .first_request = asks_first ? std::optional(transfer.first_request) : std::nullopt};
}

bool live(Transfer& transfer, ConnectionWork& work, RangeConversation& conversation,
          base::PageBuffer& buffer) {
  auto stream = connect(transfer, work);
  const net::OpenStreams::Entry entry(transfer.open_streams, stream);
  conversation.begin(stream.peer());
  for (;;) {
    switch (conversation.next()) {
      case RangeConversation::Next::exchange:
        exchange_bytes(stream, conversation, buffer);
        break;
      case RangeConversation::Next::wait_for_work:
        work.wait_until_claimable();
        break;
      case RangeConversation::Next::done:
        return false;
      case RangeConversation::Next::out_of_step:
        return true;
    }
  }
}

RangeConnection::RangeConnection(Transfer& transfer, unsigned number,
                                 report::ConnectionReport& report)
    : transfer_(transfer),
      number_(number),
      work_(transfer, number, report),
      comebacks_(transfer, number),
      buffer_(transfer.buffer_bytes) {}

void RangeConnection::run() {
  if (number_ != 0) {
    transfer_.others_may_connect.wait(false);
  }
  bool more_work = true;
  while (more_work && !transfer_.ending.reached()) {
    try {
      more_work = bring_ranges();
    } catch (const std::exception&) {
      const auto pause = comebacks_.after(std::current_exception());
      more_work = pause.has_value();
      transfer_.ending.wait_for(pause.value_or(base::Duration::zero()));
    }
  }
  work_.end();
}

bool RangeConnection::bring_ranges() {
  auto task = work_.begin_life();
  if (!task) {
    return false;
  }
  RangeConversation conversation(work_, subject_of(transfer_, number_), std::move(*task));
  return live(transfer_, work_, conversation, buffer_);
}

}  // namespace dlab::part3
