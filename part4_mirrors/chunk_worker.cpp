#include "part4_mirrors/chunk_worker.hpp"

#include <cerrno>

#include "common/base/check.hpp"
#include "part4_mirrors/teller.hpp"

namespace dlab::part4 {
namespace {

using base::Clock;

// How often a worker asks the board whether to go on.
constexpr std::chrono::milliseconds kTick{100};

// The rest of the range is somebody else's; the text says why if it is the mirror's fault.
class Stopped : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

Ending ending_of(const exchange::Refused& refused) {
  if (refused.code() == wire::ErrorCode::busy) {
    return Ending::busy;
  }
  return refused.may_pass() ? Ending::failed : Ending::useless;
}

}  // namespace

ChunkWorker::ChunkWorker(MirrorTransfer& transfer, unsigned number,
                         report::ConnectionReport& report)
    : transfer_(transfer),
      number_(number),
      report_(report),
      buffer_(transfer.buffer_bytes),
      setup_{transfer.options, transfer.open_streams, buffer_, kTick, transfer.cacert},
      inquiry_(transfer.options, transfer.name, transfer.open_streams, transfer.cacert) {
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
}

// Tells the board how it ended. In a stream one decision follows another.
void ChunkWorker::bring(Decision decision) {
  MirrorBoard& board = transfer_.board;
  try {
    receive_range(decision);
    if (decision.kind == Decision::Kind::ask) {
      board.ended(decision.id, Ending::complete, "");
    }
  } catch (const storage::SinkFailed&) {
    throw;
  } catch (const AnotherSize&) {
    throw;
  } catch (const Stopped& stopped) {
    board.ended(decision.id, Ending::stopped, stopped.what());
  } catch (const exchange::Refused& refused) {
    throw_if_beyond_repair(decision, refused);
    board.ended(decision.id, ending_of(refused), refused.what(), refused.wait());
  } catch (const exchange::ProtocolError& error) {
    board.ended(decision.id, Ending::useless, error.what());
  } catch (const std::exception& error) {
    board.ended(decision.id, Ending::failed, error.what());
  }
}

void ChunkWorker::receive_range(Decision& decision) {
  Mirror& mirror = transfer_.mirrors[decision.mirror];
  make_sure_of(mirror, decision);
  const auto source = open(mirror, decision);
  report_.local_port = source->local_port();
  const double sent_s = now_s();
  const FileHead head = patiently(decision, [&] { return source->head(); });
  check(head, decision);
  note(head, mirror);
  if (head.is_whole) {
    receive_stream(*source, decision, sent_s);
  } else {
    receive_body(*source, decision, sent_s);
  }
}

// Is it of the same file, and what was asked for?
void ChunkWorker::check(const FileHead& head, const Decision& decision) const {
  const std::string& mirror = transfer_.mirrors[decision.mirror].address.text;
  const std::string request = exchange::describe_request("get", transfer_.name, mirror);
  if (transfer_.size && !head.size) {
    throw exchange::ProtocolError(request + ": the server does not tell the size of the file");
  }
  const bool has_another_size = transfer_.size && head.size != transfer_.size;
  if (has_another_size && !transfer_.wanted) {
    throw AnotherSize(mirror + (head.origin.empty() ? "" : " -> " + head.origin) + " tells " +
                      std::to_string(*head.size) + " bytes");
  }
  if (has_another_size || (!head.is_whole && head.length != decision.range.size())) {
    throw exchange::ProtocolError(request + ": the answer is for another range or file");
  }
}

// Where it is known which file is meant, a mirror with another one is not asked for bytes. The
// schedule sees to it that one thread alone finds out.
void ChunkWorker::make_sure_of(Mirror& mirror, const Decision& decision) {
  if (transfer_.wanted && !mirror.is_checked && mirror.tells_digests()) {
    inquiry_.check(mirror, transfer_.wanted);
    transfer_.board.heard(decision.id);
  }
}

// A range that begins behind the end of its file is refused: that one is smaller.
void ChunkWorker::throw_if_beyond_repair(const Decision& decision,
                                         const exchange::Refused& refused) const {
  throw_if_outdated(transfer_.mirrors[decision.mirror], refused);
  if (refused.code() == wire::ErrorCode::bad_range && !transfer_.wanted) {
    throw AnotherSize(refused.what());
  }
}

// A server that is busy with another chunk of ours may have a full queue: its silence is no
// failure.
std::unique_ptr<RangeSource> ChunkWorker::open(const Mirror& mirror, const Decision& decision) {
  const base::Duration timeout = transfer_.options.connect_timeout;
  for (;;) {
    auto source = make_source(mirror.address, setup_);
    ++report_.attempts;
    try {
      source->open({transfer_.name, mirror.versions.of(""), decision.range});
      return source;
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::timed_out ||
          !transfer_.board.has_delivered(decision.mirror, timeout)) {
        throw;
      }
    }
  }
}

// Whatever is to be remembered of it, before its first byte.
void ChunkWorker::note(const FileHead& head, Mirror& mirror) {
  note_version(mirror, head.origin, head.version);
  if (head.version != wire::kAnyVersion) {
    transfer_.received.note_mirror(recorded_name(mirror, head.origin), head.version);
  }
  mirror.unsure_answers += head.has_sure_version ? 0 : 1;
  mirror.labels_as_encoded = mirror.labels_as_encoded || head.is_labelled_encoded;
}

// The whole file comes, from its front: of that is taken what nobody else brings.
void ChunkWorker::receive_stream(RangeSource& source, Decision& decision, double sent_s) {
  std::uint64_t position = 0;
  decision = transfer_.board.begin_stream(decision.id);
  while (decision.kind == Decision::Kind::ask) {
    position += skip(source, decision, decision.range.begin - position);
    position += receive_body(source, decision, sent_s);
    decision = transfer_.board.next_of_stream(decision.id);
  }
}

// Returns how many bytes of the stream have passed: all, unless the range is no longer wanted.
std::uint64_t ChunkWorker::skip(RangeSource& source, const Decision& decision,
                                std::uint64_t bytes) {
  std::uint64_t skipped = 0;
  const auto drop = [&skipped](std::span<const std::byte> data) {
    skipped += data.size();
  };
  while (skipped < bytes && transfer_.board.wanted(decision.id) > 0) {
    if (!patiently(decision, [&] { return source.receive(bytes - skipped, drop); })) {
      throw_cut_short(decision, bytes - skipped);
    }
    transfer_.board.heard(decision.id);
  }
  return skipped;
}

// Returns how many bytes have come.
std::uint64_t ChunkWorker::receive_body(RangeSource& source, const Decision& decision,
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
    receive_bytes(source, decision, row);
  } catch (...) {
    tell();  // what came counts, whoever brings the rest
    throw;
  }
  tell();
  return row.bytes;
}

void ChunkWorker::receive_bytes(RangeSource& source, const Decision& decision,
                                report::LatencyRow& row) {
  const auto take = [&](std::span<const std::byte> data) {
    row.first_byte_s = row.bytes == 0 ? now_s() : row.first_byte_s;
    take_in(decision, row.offset_bytes + row.bytes, data);
    row.bytes += data.size();
    row.done_s = now_s();
  };
  while (const std::uint64_t wanted = transfer_.board.wanted(decision.id)) {
    if (const auto now = Clock::now(); now - judged_at_ >= kTick) {
      judged_at_ = now;
      obey(decision);
    }
    if (!patiently(decision, [&] { return source.receive(wanted, take); })) {
      if (transfer_.size) {
        throw_cut_short(decision, wanted);
      }
      transfer_.board.file_ends(decision.id);
    }
  }
}

void ChunkWorker::throw_cut_short(const Decision& decision, std::uint64_t left) const {
  throw net::CutShort(exchange::describe_request("get", transfer_.name,
                                                 transfer_.mirrors[decision.mirror].address.text) +
                      ": connection closed with " + std::to_string(left) +
                      " bytes of a range still to come");
}

void ChunkWorker::take_in(const Decision& decision, std::uint64_t offset,
                          std::span<const std::byte> data) {
  const auto arrived = Clock::now() - transfer_.t0;
  storage::keep(transfer_.sink, offset, data);
  transfer_.mirrors[decision.mirror].has_brought = true;
  transfer_.received.add({offset, offset + data.size()});
  transfer_.board.received(decision.id, data.size());
  if (!report_.first_byte_s) {
    report_.first_byte_s = base::to_seconds(arrived);
  }
  report_.timeline.add(arrived, data.size());
  report_.bytes += data.size();
  report_.done_s = now_s();
}

// Receives; for as long as nothing comes, asks the board now and then whether to go on.
template <typename Receive>
std::invoke_result_t<Receive> ChunkWorker::patiently(const Decision& decision, Receive receive) {
  for (;;) {
    try {
      return receive();
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::timed_out) {
        throw;
      }
    }
    obey(decision);
  }
}

void ChunkWorker::obey(const Decision& decision) {
  const std::string& mirror = transfer_.mirrors[decision.mirror].address.text;
  switch (transfer_.board.judge(decision.id)) {
    case Verdict::go_on:
      return;
    case Verdict::not_wanted:
      throw Stopped("");
    case Verdict::too_slow:
      throw Stopped("receive from " + mirror + ": too slow");
    case Verdict::stalled:
      base::throw_system_error(ETIMEDOUT, "receive from", mirror);
  }
}

double ChunkWorker::now_s() const {
  return base::to_seconds(Clock::now() - transfer_.t0);
}

}  // namespace dlab::part4
