#include "part3_multi/multi_download.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/base/errors.hpp"
#include "common/cli/program.hpp"
#include "common/cli/terminal.hpp"
#include "common/exchange/patience.hpp"
#include "common/storage/digest.hpp"
#include "part3_multi/schedules.hpp"

namespace dlab::part3 {
namespace {

// A receive costs the less per byte the more it brings, up to 1 MiB; many connections share 5 MiB,
// so that the client stays small.
constexpr std::uint64_t kAllBuffers = std::uint64_t{5} << 20U;
constexpr std::uint64_t kSmallestBuffer = std::uint64_t{192} << 10U;
constexpr std::uint64_t kLargestBuffer = std::uint64_t{1} << 20U;

std::size_t buffer_size(const cli::ClientOptions& options, const MultiOptions& multi) {
  const unsigned buffers = multi.client_model == ClientModelKind::epoll ? 1 : multi.connections;
  const std::uint64_t share = std::clamp(kAllBuffers / buffers, kSmallestBuffer, kLargestBuffer);
  return static_cast<std::size_t>(options.buffer.value_or(share));
}

}  // namespace

MultiDownload::MultiDownload(const cli::ClientOptions& options, const MultiOptions& multi,
                             report::TransferReport& report)
    : options_(options),
      multi_(multi),
      report_(report),
      model_(make_client_model(multi.client_model)) {
  const bool discards = options_.sink == cli::SinkKind::discard;
  if (multi_.seconds && !discards) {
    throw base::UsageError("--seconds needs --sink discard: a timed run keeps nothing");
  }
  if (discards && multi_.resume) {
    throw base::UsageError("--resume needs a file: --sink discard keeps nothing");
  }
  if (discards && options_.verify()) {
    throw base::UsageError("--verify needs a file: ranges come in any order and are not kept");
  }
  if (multi_.client_model == ClientModelKind::processes &&
      multi_.writer == storage::WriterKind::locked) {
    throw base::UsageError("--writer locked needs one process: its mutex is in the memory of one");
  }
  report_.connections = multi_.connections;
  report_.schedule = kScheduleNames.at(static_cast<std::size_t>(multi_.schedule));
  if (multi_.seconds) {
    report_.planned_seconds = base::to_seconds(*multi_.seconds);
  }
}

void MultiDownload::cancel() {
  model_->cancel();
  verifying_.abort_all();
}

void MultiDownload::run() {
  addresses_ = net::resolve(options_.server, false);
  if (options_.sink == cli::SinkKind::file) {
    run_to_file();
    return;
  }
  storage::DiscardSink sink;
  storage::Checkpointer received(nullptr);
  transfer(sink, nullptr, received, std::nullopt);
}

void MultiDownload::run_to_file() {
  storage::Resumable file(storage::target_path(options_.output, report_.name), report_.name,
                          multi_.resume);
  file.complete([this](const storage::Attempt& attempt) { bring(attempt); },
                [this](const storage::Outdated& why) {
                  cli::say(report_.program, std::string(why.what()) + ": starting over");
                });
}

// Brings what the record says is missing, or everything.
void MultiDownload::bring(const storage::Attempt& attempt) {
  if (attempt.record && !attempt.record->mirrors.empty()) {
    throw storage::Outdated("what is here has come from many servers");
  }
  const auto sink = storage::make_sink(multi_.writer, attempt.part.fd(), attempt.part.path());
  try {
    transfer(*sink, &attempt.part, attempt.received, attempt.record);
  } catch (const exchange::Refused& refused) {
    if (!attempt.record || refused.code() != wire::ErrorCode::version_changed) {
      throw;
    }
    throw storage::Outdated("the file has changed on the server");
  }
  attempt.received.stop();
  if (options_.verify()) {
    verify(attempt.part);
  }
}

void MultiDownload::transfer(storage::Sink& sink, storage::PartFile* part,
                             storage::Checkpointer& received,
                             const std::optional<storage::ControlRecord>& record) {
  report_.per_connection.assign(multi_.connections, {});
  report::LatencyRows rows(options_.seed);
  report::Progress progress(multi_.connections);
  std::atomic<double> round_trip_s = 0;
  const auto board = make_board(round_trip_s);
  report_.t0 = base::Clock::now();
  const auto until = multi_.seconds ? std::optional(report_.t0 + *multi_.seconds) : std::nullopt;
  Transfer shared{.options = options_,
                  .name = report_.name,
                  .retries = multi_.retries,
                  .buffer_bytes = buffer_size(options_, multi_),
                  .addresses = addresses_,
                  .first_request = first_request(record),
                  .t0 = report_.t0,
                  .until = until,
                  .board = *board,
                  .sink = sink,
                  .received = received,
                  .rows = rows,
                  .progress = progress,
                  .round_trip_s = round_trip_s,
                  .on_header = {}};
  shared.on_header = [&](const wire::File& file) {
    return take_header(file, part, shared, record);
  };
  {
    const auto display = cli::show_progress(report_.name, progress, options_.quiet);
    model_->run(shared, report_.per_connection);
  }
  note(shared, record);
  if (!options_.rows.empty()) {
    rows.write_csv(options_.rows);
  }
  shared.ending.rethrow_error();
}

// The size is known, in the middle of connection 0's first answer: the others may begin.
TaskPtr MultiDownload::take_header(const wire::File& file, storage::PartFile* part,
                                   Transfer& shared,
                                   const std::optional<storage::ControlRecord>& record) {
  file_ = file;
  report_.version = file.version;
  report_.file_bytes = file.size;
  if (multi_.seconds && file.size == 0) {
    throw base::UsageError("--seconds needs a file that is not empty");
  }
  if (part != nullptr) {
    part->resize(file.size);
  }
  shared.received.start(record.value_or(
      storage::ControlRecord{.name = report_.name, .size = file.size, .version = file.version}));
  shared.progress.total = file.size;
  shared.progress.have = shared.received.total();
  shared.version = file.version;
  return shared.board.open(shared.received.missing({0, file.size}), 0,
                           {file.offset, file.offset + file.length});
}

void MultiDownload::note(Transfer& shared, const std::optional<storage::ControlRecord>& record) {
  const std::uint64_t already = record ? total_size(record->received) : 0;
  report_.bytes_received = multi_.seconds ? shared.bytes.load() : shared.received.total() - already;
  report_.duplicate_bytes = multi_.seconds ? 0 : shared.duplicate_bytes.load();
  report_.retries = shared.retried;
  report_.fsync_s = shared.received.fsync_seconds();
}

void MultiDownload::verify(const storage::PartFile& part) {
  try {
    cli::note_verified(report_, options_.quiet, [&] {
      exchange::ask_patiently([&] { compare_digests(part); }, verifying_, options_.stall_timeout);
    });
  } catch (const std::exception&) {
    verifying_.throw_if_ended();
    throw;
  }
}

void MultiDownload::compare_digests(const storage::PartFile& part) {
  exchange::MessageChannel channel(
      net::TcpStream::connect(addresses_, options_.socket, options_.connect_timeout, &verifying_));
  const net::OpenStreams::Entry entry(verifying_, channel.stream());
  channel.stream().set_stall_timeout(options_.stall_timeout);
  exchange::verify(channel, file_, [&] {
    return storage::digest_of_file(part.fd(), file_.size,
                                   [this](std::uint64_t) { verifying_.throw_if_ended(); });
  });
}

std::unique_ptr<WorkBoard> MultiDownload::make_board(
    const std::atomic<double>& round_trip_s) const {
  if (multi_.seconds) {
    return std::make_unique<CircleSchedule>(multi_.connections, multi_.chunk_bytes);
  }
  if (multi_.schedule == ScheduleKind::divided) {
    return std::make_unique<StaticSchedule>(multi_.connections);
  }
  return std::make_unique<DynamicSchedule>(multi_.connections, multi_.chunk_bytes,
                                           [&round_trip_s] { return round_trip_s.load(); });
}

// What connection 0 asks for while nobody knows the size: with the server's help a share of it.
// When a record tells what is missing, the front of that.
wire::Get MultiDownload::first_request(const std::optional<storage::ControlRecord>& record) const {
  const bool divided = multi_.schedule == ScheduleKind::divided && !multi_.seconds;
  wire::Get get{.name = report_.name};
  if (!record) {
    const FirstRange first = first_range(multi_.connections, multi_.chunk_bytes, divided);
    get.length = first.most_bytes;
    get.share = first.share;
    return get;
  }
  const storage::RangeSet received(record->received);
  const auto missing = received.missing({0, record->size});
  get.version = record->version;
  get.length = 0;
  if (!missing.empty()) {
    const std::uint64_t total = total_size(missing);
    const std::uint64_t most = divided ? storage::divide({0, total}, multi_.connections)[0].size()
                                       : chunk_size(total, multi_.connections);
    get.offset = missing.front().begin;
    get.length = std::min(missing.front().size(), most);
  }
  return get;
}

}  // namespace dlab::part3
