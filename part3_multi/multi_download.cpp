#include "part3_multi/multi_download.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/cli/program.hpp"
#include "common/cli/terminal.hpp"
#include "common/exchange/patience.hpp"
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
      model_(make_client_model(multi.client_model)),
      output_(options, report.name,
              {.discard = options.sink == cli::SinkKind::discard,
               .verify = options.verify(),
               .resume = multi.resume,
               .writer = multi.writer}),
      early_end_([this] {
        output_.stop();
        model_->cancel();
        verifying_.abort_all();
      }) {
  refuse_contradictions();
  report_.connections = multi_.connections;
  report_.schedule = kScheduleNames.at(static_cast<std::size_t>(multi_.schedule));
  if (multi_.seconds) {
    report_.planned_seconds = base::to_seconds(*multi_.seconds);
  }
}

void MultiDownload::refuse_contradictions() const {
  const bool discards = options_.sink == cli::SinkKind::discard;
  if (multi_.seconds && !discards) {
    throw base::UsageError("--seconds needs --sink discard: a timed run keeps nothing");
  }
  if (discards && options_.verify()) {
    throw base::UsageError("--verify needs a file: ranges come in any order and are not kept");
  }
  const bool forks = multi_.client_model == ClientModelKind::processes;
  if (forks && multi_.writer == storage::WriterKind::locked) {
    throw base::UsageError("--writer locked needs one process: its mutex is in the memory of one");
  }
  if (forks && output_.is_stream()) {
    throw base::UsageError(
        "--client-model processes needs a plain file: what is none is written in order, by one "
        "writer, and here each process writes its own");
  }
}

void MultiDownload::run() {
  deadline_ = download::watch_deadline(options_, [this](auto why) { stop(std::move(why)); });
  try {
    addresses_ = net::resolve(options_.server, false);
    output_.complete([this](const download::Attempt& attempt) { bring(attempt); },
                     [this](const download::Outdated& why) {
                       cli::say(report_.program, std::string(why.what()) + ": starting over");
                     });
  } catch (const std::exception&) {
    early_end_.rethrow_if_demanded();
    throw;
  }
}

// Brings what the record says is missing, or everything.
void MultiDownload::bring(const download::Attempt& attempt) {
  if (attempt.record && !attempt.record->mirrors.empty()) {
    throw download::Outdated("what is here has come from many servers");
  }
  try {
    transfer(attempt);
  } catch (const exchange::Refused& refused) {
    if (!attempt.record || refused.code() != wire::ErrorCode::version_changed) {
      throw;
    }
    throw download::Outdated("the file has changed on the server");
  }
  attempt.received.stop();
  deadline_.reset();
  if (options_.verify()) {
    verify(attempt);
  }
}

void MultiDownload::transfer(const download::Attempt& attempt) {
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
                  .first_request = first_request(attempt.record),
                  .t0 = report_.t0,
                  .until = until,
                  .board = *board,
                  .sink = attempt.sink,
                  .received = attempt.received,
                  .rows = rows,
                  .progress = progress,
                  .round_trip_s = round_trip_s,
                  .on_header = {}};
  shared.on_header = [&](const wire::File& file) {
    return take_header(file, attempt, shared);
  };
  if (attempt.stream != nullptr) {
    board->allow_up_to(options_.window);
    attempt.stream->tell(
        [&](std::uint64_t written) { board->allow_up_to(written + options_.window); });
  }
  run_model(shared, progress);
  note(shared, attempt.record);
  if (!options_.rows.empty()) {
    rows.write_csv(options_.rows);
  }
  shared.ending.rethrow_error();
}

void MultiDownload::run_model(Transfer& shared, const report::Progress& progress) {
  const auto display = cli::show_progress(report_.name, progress, options_.quiet);
  const auto speed = download::watch_speed(
      options_, options_.stall_timeout, [&shared] { return shared.bytes.load(); },
      [this](auto why) { stop(std::move(why)); });
  model_->run(shared, report_.per_connection);
}

// The size is known, in the middle of connection 0's first answer: the others may begin.
TaskPtr MultiDownload::take_header(const wire::File& file, const download::Attempt& attempt,
                                   Transfer& shared) {
  file_ = file;
  report_.version = file.version;
  report_.file_bytes = file.size;
  if (multi_.seconds && file.size == 0) {
    throw base::UsageError("--seconds needs a file that is not empty");
  }
  attempt.resize(file.size);
  shared.received.start(attempt.record.value_or(
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

void MultiDownload::verify(const download::Attempt& attempt) {
  cli::note_verified(report_, options_.quiet, [&] {
    exchange::ask_patiently([&] { compare_digests(attempt); }, verifying_, options_.stall_timeout);
  });
}

void MultiDownload::compare_digests(const download::Attempt& attempt) {
  exchange::MessageChannel channel(
      net::TcpStream::connect(addresses_, options_.socket, options_.connect_timeout, &verifying_));
  const net::OpenStreams::Entry entry(verifying_, channel.stream());
  channel.stream().set_stall_timeout(options_.stall_timeout);
  exchange::verify(channel, file_, [&] {
    return attempt.digest(file_.size, [this](std::uint64_t) { verifying_.throw_if_ended(); });
  });
}

// What must not be asked for at once, so that all connections have work within the window.
std::uint64_t MultiDownload::most_bytes() const {
  return output_.is_stream() ? most_bytes_within(options_.window, multi_.connections) : kNoLimit;
}

std::unique_ptr<WorkBoard> MultiDownload::make_board(
    const std::atomic<double>& round_trip_s) const {
  if (multi_.seconds) {
    return std::make_unique<CircleSchedule>(multi_.connections, multi_.chunk_bytes);
  }
  if (multi_.schedule == ScheduleKind::divided) {
    return std::make_unique<StaticSchedule>(multi_.connections, most_bytes());
  }
  return std::make_unique<DynamicSchedule>(
      multi_.connections, multi_.chunk_bytes, [&round_trip_s] { return round_trip_s.load(); },
      most_bytes());
}

// What connection 0 asks for while nobody knows the size: with the server's help a share of it.
// When a record tells what is missing, the front of that.
wire::Get MultiDownload::first_request(const std::optional<storage::ControlRecord>& record) const {
  const bool divided = multi_.schedule == ScheduleKind::divided && !multi_.seconds;
  wire::Get get{.name = report_.name};
  if (!record) {
    const FirstRange first = first_range(multi_.connections, multi_.chunk_bytes, divided);
    get.length = std::min(first.most_bytes, most_bytes());
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
