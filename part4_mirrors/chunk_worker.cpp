#include "part4_mirrors/chunk_worker.hpp"

#include <algorithm>
#include <cerrno>

#include "common/base/check.hpp"

namespace dlab::part4 {
namespace {

using base::Clock;

// How often a worker asks the board whether to go on.
constexpr std::chrono::milliseconds kTick{100};

// The disk, not a mirror, refused: no other mirror will do better.
class SinkFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The rest of the range is somebody else's; the text says why if it is the mirror's fault.
class Stopped : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

bool server_may_change_its_mind(wire::ErrorCode code) {
  return code == wire::ErrorCode::busy || code == wire::ErrorCode::timed_out ||
         code == wire::ErrorCode::internal;
}

}  // namespace

ChunkWorker::ChunkWorker(MirrorTransfer& transfer, unsigned number,
                         report::ConnectionReport& report)
    : transfer_(transfer),
      number_(number),
      report_(report),
      lane_(transfer.progress.lanes[number]),
      buffer_(transfer.buffer_bytes) {
  report_.connection = number;
}

void ChunkWorker::run() {
  try {
    while (const auto decision = transfer_.board.claim()) {
      bring(*decision);
    }
    transfer_.end(nullptr);  // for those, too, who wait for what came from elsewhere
  } catch (const std::exception&) {
    transfer_.end(std::current_exception());
  }
  lane_.finished = true;
}

// Tells the board how it ended.
void ChunkWorker::bring(const Decision& decision) {
  MirrorBoard& board = transfer_.board;
  lane_.assigned += decision.range.size();
  try {
    receive_range(decision);
    board.ended(decision.id, Ending::complete, "");
  } catch (const SinkFailed&) {
    throw;
  } catch (const Stopped& stopped) {
    board.ended(decision.id, Ending::stopped, stopped.what());
  } catch (const exchange::Refused& refused) {
    const bool passes = server_may_change_its_mind(refused.code());
    board.ended(decision.id, passes ? Ending::failed : Ending::useless, refused.what());
  } catch (const exchange::ProtocolError& error) {
    board.ended(decision.id, Ending::useless, error.what());
  } catch (const std::exception& error) {
    board.ended(decision.id, Ending::failed, error.what());
  }
}

void ChunkWorker::receive_range(const Decision& decision) {
  auto channel = connect(decision);
  const net::OpenStreams::Entry entry(transfer_.open_streams, channel.stream());
  report_.local_port = channel.stream().local_port();
  channel.stream().set_stall_timeout(transfer_.options.stall_timeout);
  const double sent_s = now_s();
  const wire::File file = ask(channel, decision);
  if (file.size != transfer_.size || file.length != decision.range.size()) {
    throw exchange::ProtocolError("get \"" + transfer_.name + "\" from " + channel.stream().peer() +
                                  ": the file has another size there");
  }
  transfer_.mirrors[decision.mirror].version = file.version;
  receive_body(channel, decision, sent_s);
}

// A server that is busy with another chunk of ours may have a full queue: its silence is no
// failure.
exchange::MessageChannel ChunkWorker::connect(const Decision& decision) {
  const cli::ClientOptions& options = transfer_.options;
  const auto addresses = net::resolve(*transfer_.mirrors[decision.mirror].address.endpoint, false);
  for (;;) {
    ++report_.attempts;
    try {
      return exchange::MessageChannel(net::TcpStream::connect(
          addresses, options.socket, options.connect_timeout, &transfer_.open_streams));
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::timed_out ||
          !transfer_.board.has_delivered(decision.mirror, options.connect_timeout)) {
        throw;
      }
    }
  }
}

wire::File ChunkWorker::ask(exchange::MessageChannel& channel, const Decision& decision) {
  const wire::Get get{.offset = decision.range.begin,
                      .length = decision.range.size(),
                      .version = transfer_.mirrors[decision.mirror].version,
                      .name = transfer_.name};
  channel.send(get);
  channel.stream().set_receive_timeout(kTick);
  return patiently(decision.id, channel.stream().peer(),
                   [&] { return exchange::receive_file_header(channel, get); });
}

void ChunkWorker::receive_body(exchange::MessageChannel& channel, const Decision& decision,
                               double sent_s) {
  report::LatencyRow row{.connection = number_,
                         .index = decision.id,
                         .offset_bytes = decision.range.begin,
                         .sent_s = sent_s,
                         .mirror = decision.mirror};
  const auto tell = [&] {
    if (row.bytes > 0) {
      transfer_.rows.add(row);
    }
  };
  try {
    receive_bytes(channel, decision, row);
  } catch (...) {
    tell();  // what came counts, whoever brings the rest
    throw;
  }
  tell();
}

void ChunkWorker::receive_bytes(exchange::MessageChannel& channel, const Decision& decision,
                                report::LatencyRow& row) {
  const std::string& peer = channel.stream().peer();
  while (const std::uint64_t wanted = transfer_.board.wanted(decision.id)) {
    if (const auto now = Clock::now(); now - judged_at_ >= kTick) {
      judged_at_ = now;
      obey(transfer_.board.judge(decision.id), peer);
    }
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, buffer_.size()));
    const auto place = std::span(buffer_).first(room);
    const std::size_t count =
        patiently(decision.id, peer, [&] { return channel.receive_raw(place); });
    if (count == 0) {
      throw net::CutShort("get \"" + transfer_.name + "\" from " + peer +
                          ": connection closed with " + std::to_string(wanted) +
                          " bytes of a range still to come");
    }
    row.first_byte_s = row.bytes == 0 ? now_s() : row.first_byte_s;
    take_in(decision.id, row.offset_bytes + row.bytes, place.first(count));
    row.bytes += count;
    row.done_s = now_s();
  }
}

void ChunkWorker::take_in(AskId id, std::uint64_t offset, std::span<const std::byte> data) {
  const auto arrived = Clock::now() - transfer_.t0;
  try {
    transfer_.sink.write_at(offset, data);
  } catch (const std::system_error& error) {
    throw SinkFailed(error.what());
  }
  transfer_.progress.have += transfer_.board.received(id, data.size());
  lane_.received += data.size();
  if (!report_.first_byte_s) {
    report_.first_byte_s = base::to_seconds(arrived);
  }
  report_.timeline.add(arrived, data.size());
  report_.bytes += data.size();
  report_.done_s = now_s();
}

// Receives; for as long as nothing comes, asks the board now and then whether to go on.
template <typename Receive>
std::invoke_result_t<Receive> ChunkWorker::patiently(AskId id, const std::string& peer,
                                                     Receive receive) {
  for (;;) {
    try {
      return receive();
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::timed_out) {
        throw;
      }
    }
    obey(transfer_.board.judge(id), peer);
  }
}

void ChunkWorker::obey(Verdict verdict, const std::string& peer) {
  switch (verdict) {
    case Verdict::go_on:
      return;
    case Verdict::not_wanted:
      throw Stopped("");
    case Verdict::too_slow:
      throw Stopped("receive from " + peer + ": too slow");
    case Verdict::stalled:
      base::throw_system_error(ETIMEDOUT, "receive from", peer);
  }
}

double ChunkWorker::now_s() const {
  return base::to_seconds(Clock::now() - transfer_.t0);
}

}  // namespace dlab::part4
