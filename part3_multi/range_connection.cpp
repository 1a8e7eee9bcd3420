#include "part3_multi/range_connection.hpp"

#include <algorithm>
#include <utility>

namespace dlab::part3 {
namespace {

// The disk, not the network, refused: no other connection will do better.
class SinkFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

bool server_may_change_its_mind(wire::ErrorCode code) {
  return code == wire::ErrorCode::busy || code == wire::ErrorCode::timed_out ||
         code == wire::ErrorCode::internal;
}

}  // namespace

RangeConnection::Asked::Asked(WorkBoard& work_board, const wire::Get& request, TaskPtr claimed,
                              double sent)
    : board(work_board), get(request), task(std::move(claimed)), sent_s(sent) {}

RangeConnection::Asked::~Asked() {
  if (task) {
    board.close(task);
  }
}

RangeConnection::RangeConnection(Transfer& transfer, unsigned number,
                                 report::ConnectionReport& report)
    : transfer_(transfer),
      number_(number),
      report_(report),
      backoff_(transfer.options.seed + number),
      buffer_(transfer.buffer_bytes) {
  report_.connection = number;
}

void RangeConnection::run() {
  if (number_ != 0) {
    transfer_.others_may_connect.wait(false);
  }
  bool more_work = true;
  while (more_work && !transfer_.ending.reached()) {
    try {
      more_work = bring_ranges();
    } catch (const std::exception&) {
      more_work = survive(std::current_exception());
    }
  }
  transfer_.progress.lanes[number_].finished = true;
}

// After a failure: true once it makes sense to try again, false when the transfer is over.
bool RangeConnection::survive(std::exception_ptr error) {
  asked_.clear();
  if (transfer_.ending.reached()) {
    return false;
  }
  // Any byte on any connection counts as progress: behind a server that takes one client at a
  // time the others wait, and that is no failure of theirs.
  const std::uint64_t bytes = transfer_.bytes;
  failures_ = bytes > bytes_at_failure_ ? 1 : failures_ + 1;
  bytes_at_failure_ = bytes;
  if (is_beyond_repair(error) || failures_ > transfer_.retries) {
    transfer_.end(std::move(error));
    return false;
  }
  ++transfer_.retried;
  transfer_.ending.wait_for(backoff_.before_attempt(failures_));
  return !transfer_.ending.reached();
}

bool RangeConnection::is_beyond_repair(const std::exception_ptr& error) const {
  if (number_ == 0 && transfer_.version == wire::kAnyVersion) {
    return true;  // nothing is known of the file yet: say at once why
  }
  try {
    std::rethrow_exception(error);
  } catch (const exchange::Refused& refused) {
    return !server_may_change_its_mind(refused.code());
  } catch (const SinkFailed&) {
    return true;
  } catch (const exchange::ProtocolError&) {
    return true;
  } catch (const std::exception&) {
    return false;  // the connection was lost
  }
}

// What was claimed for a connection that cannot be had goes back: no other would bring it.
exchange::MessageChannel RangeConnection::connect_for(const TaskPtr& task) {
  try {
    return connect();
  } catch (...) {
    if (task) {
      transfer_.board.close(task);
    }
    throw;
  }
}

// One life of the connection. True when there may be more work for another one: this one's stream
// holds bytes that somebody else has taken over.
bool RangeConnection::bring_ranges() {
  // The first time it connects while the size is not known yet; later it needs work to come back.
  const bool first_life = report_.attempts == 0;
  TaskPtr task = first_life ? nullptr : transfer_.board.claim(number_);
  if (!first_life && !task) {
    return false;
  }
  auto channel = connect_for(task);
  const net::OpenStreams::Entry entry(transfer_.open_streams, channel.stream());
  if (number_ == 0) {
    transfer_.let_others_connect();
  }
  bool has_work = start(channel, std::move(task));
  while (has_work) {
    if (!receive_answer(channel)) {
      asked_.clear();
      return true;
    }
    has_work = !asked_.empty() || ask_next(channel);
  }
  return false;
}

// The first request of a connection: for the task it came with; or, as connection 0, the one that
// brings the file's size and its first bytes at once; or for what is left when the size is known.
bool RangeConnection::start(exchange::MessageChannel& channel, TaskPtr task) {
  if (task) {
    const wire::Get get = request_for(*task);
    ask(channel, get, std::move(task));
    return true;
  }
  if (number_ == 0) {
    ask(channel, transfer_.first_request, nullptr);
    return true;
  }
  return ask_next(channel);
}

exchange::MessageChannel RangeConnection::connect() {
  const auto started = base::Clock::now();
  ++report_.attempts;
  exchange::MessageChannel channel(
      net::TcpStream::connect(transfer_.addresses, transfer_.options.socket,
                              transfer_.options.connect_timeout, &transfer_.open_streams));
  const double handshake_s = base::to_seconds(base::Clock::now() - started);
  const double shortest = transfer_.round_trip_s;
  if (shortest == 0 || handshake_s < shortest) {
    transfer_.round_trip_s = handshake_s;
  }
  channel.stream().set_stall_timeout(transfer_.options.stall_timeout);
  report_.local_port = channel.stream().local_port();
  return channel;
}

wire::Get RangeConnection::request_for(const Task& task) const {
  return {.offset = task.asked.begin,
          .length = task.asked.size(),
          .version = transfer_.version,
          .name = transfer_.name};
}

void RangeConnection::ask(exchange::MessageChannel& channel, const wire::Get& get, TaskPtr task) {
  if (task) {
    transfer_.progress.lanes[number_].assigned += task->asked.size();
  }
  asked_.emplace_back(transfer_.board, get, std::move(task),
                      base::to_seconds(base::Clock::now() - transfer_.t0));
  channel.send(get);
}

// Asks for more: to follow the answer that is still coming in, or at once. False: there is none.
bool RangeConnection::ask_next(exchange::MessageChannel& channel) {
  TaskPtr task = asked_.empty() ? transfer_.board.claim(number_)
                                : transfer_.board.claim_next(*asked_.front().task);
  if (!task) {
    return false;
  }
  const wire::Get get = request_for(*task);
  ask(channel, get, std::move(task));
  return true;
}

// Receives the oldest answer. False when the stream cannot be used after it, because the server
// goes on to send bytes that another connection has taken over.
bool RangeConnection::receive_answer(exchange::MessageChannel& channel) {
  Asked& asked = asked_.front();
  const wire::File file = exchange::receive_file_header(channel, asked.get);
  if (!asked.task) {
    asked.task = transfer_.on_header(file);
    transfer_.progress.lanes[number_].assigned += asked.task->asked.size();
  }
  if (file.length != asked.task->asked.size()) {
    throw exchange::ProtocolError("get \"" + transfer_.name + "\" from " + channel.stream().peer() +
                                  ": the answer has another length");
  }
  receive_body(channel, asked);
  note_done(asked);
  const bool in_step = asked.task->position >= asked.task->asked.end;
  asked_.pop_front();
  return in_step;
}

void RangeConnection::receive_body(exchange::MessageChannel& channel, Asked& asked) {
  const storage::ByteRange range = asked.task->asked;
  bool asked_ahead = false;
  while (const std::uint64_t wanted = transfer_.board.wanted(*asked.task)) {
    // Half way through, the next request goes out: its answer then follows without a pause.
    if (!asked_ahead && asked.task->position - range.begin >= range.size() / 2) {
      ask_next(channel);
      asked_ahead = true;
    }
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, buffer_.size()));
    const auto place = std::span(buffer_).first(room);
    const std::size_t received = channel.receive_raw(place);
    if (received == 0) {
      throw net::CutShort("get \"" + transfer_.name + "\" from " + channel.stream().peer() +
                          ": connection closed with " + std::to_string(wanted) +
                          " bytes of a range still to come");
    }
    take_in(asked, place.first(received));
  }
}

void RangeConnection::take_in(Asked& asked, std::span<const std::byte> data) {
  const std::uint64_t offset = asked.task->position;
  const auto arrived = base::Clock::now() - transfer_.t0;
  try {
    transfer_.sink.write_at(offset, data);
  } catch (const std::system_error& error) {
    throw SinkFailed(error.what());
  }
  transfer_.board.advance(*asked.task, data.size());
  const std::uint64_t fresh = transfer_.received.add({offset, offset + data.size()});
  transfer_.bytes += data.size();
  transfer_.duplicate_bytes += data.size() - fresh;
  if (!asked.first_byte_s) {
    asked.first_byte_s = base::to_seconds(arrived);
  }
  if (!report_.first_byte_s) {
    report_.first_byte_s = asked.first_byte_s;
  }
  report_.timeline.add(arrived, data.size());
  report_.bytes += data.size();
  report_.done_s = base::to_seconds(base::Clock::now() - transfer_.t0);
  transfer_.progress.lanes[number_].received += data.size();
  transfer_.progress.have += fresh;
}

void RangeConnection::note_done(const Asked& asked) {
  const Task& task = *asked.task;
  const double now_s = base::to_seconds(base::Clock::now() - transfer_.t0);
  if (!report_.done_s) {
    report_.first_byte_s = report_.done_s = now_s;  // an empty range is here with its header
  }
  transfer_.rows.add({.connection = number_,
                      .index = task.index,
                      .offset_bytes = task.asked.begin,
                      .bytes = task.position - task.asked.begin,
                      .sent_s = asked.sent_s,
                      .first_byte_s = asked.first_byte_s.value_or(now_s),
                      .done_s = *report_.done_s});
}

}  // namespace dlab::part3
