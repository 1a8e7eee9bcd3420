#include "part4_mirrors/mirror_download.hpp"

#include <algorithm>

#include "common/cli/program.hpp"
#include "common/cli/terminal.hpp"
#include "part4_mirrors/alarm.hpp"
#include "part4_mirrors/complaints.hpp"
#include "part4_mirrors/mirrors_picture.hpp"
#include "part4_mirrors/preparations.hpp"
#include "part4_mirrors/verification.hpp"
#include "part4_mirrors/worker_threads.hpp"

namespace dlab::part4 {
namespace {

constexpr std::size_t kDefaultBuffer = std::size_t{256} << 10U;

}  // namespace

MirrorDownload::MirrorDownload(const cli::ClientOptions& options, const MirrorOptions& mirror,
                               const std::vector<MirrorAddress>& addresses,
                               report::TransferReport& report)
    : options_(options),
      mirror_(mirror),
      report_(report),
      mirrors_(addresses.begin(), addresses.end()),
      inquiry_(options, report.name, open_, mirror.cacert) {
  refuse_contradictions(options, mirror);
  wanted_.sha256 = mirror.digest;
  if (!mirror.trust.empty()) {
    wanted_.trusted = place_of_trusted(mirror.trust, mirrors_);
  }
  mirror_.rules.stall_timeout = options_.stall_timeout;
  mirror_.rules.seed = options_.seed;
  mirror_.rules.patience = mirror_.deadline.value_or(mirror_.rules.patience);
  mirror_.rules.ask_alone_first = wanted_.sha256 || wanted_.trusted;
  report_.schedule = kSelectNames.at(static_cast<std::size_t>(mirror_.rules.select));
}

void MirrorDownload::stop(std::exception_ptr reason) {
  const std::lock_guard lock(mutex_);
  if (stopped_) {
    return;
  }
  stopped_ = std::move(reason);
  open_.abort_all();
  if (running_ != nullptr) {
    running_->end(stopped_);
  }
}

void MirrorDownload::rethrow_if_stopped() {
  const std::lock_guard lock(mutex_);
  if (stopped_) {
    std::rethrow_exception(stopped_);
  }
}

void MirrorDownload::run() {
  std::optional<Alarm> alarm;
  if (mirror_.deadline) {
    alarm.emplace(base::Clock::now() + *mirror_.deadline, [this] {
      stop(std::make_exception_ptr(DeadlinePassed(deadline_has_passed(*mirror_.deadline))));
    });
  }
  try {
    run_to_the_end();
  } catch (const base::IntegrityError&) {
    throw;
  } catch (const DeadlinePassed&) {
    throw;  // it may say more than the alarm did
  } catch (const std::exception&) {
    rethrow_if_stopped();  // whatever broke off, this is why
    throw;
  }
}

void MirrorDownload::run_to_the_end() {
  if (options_.sink == cli::SinkKind::discard) {
    storage::DiscardSink sink;
    storage::Checkpointer received(nullptr);
    ask_what_it_is();
    return transfer(sink, received, std::nullopt);
  }
  storage::Resumable file(storage::target_path(options_.output, report_.name), report_.name,
                          mirror_.resume);
  file.complete([this](const storage::Attempt& attempt) { bring(attempt); },
                [this](const storage::Outdated& why) {
                  cli::say(report_.program, std::string(why.what()) + ": starting over");
                });
  report_.remarks = remarks(mirrors_, report_.verified);
}

void MirrorDownload::bring(const storage::Attempt& attempt) {
  if (attempt.record && attempt.record->mirrors.empty()) {
    throw storage::Outdated("what is here has come from one server");
  }
  begin_with(attempt.record, mirrors_);
  ask_what_it_is();
  if (attempt.record && attempt.record->size != size_) {
    throw storage::Outdated("the file has another size now");
  }
  attempt.part.resize(size_.value_or(0));
  const auto sink = storage::make_sink(mirror_.writer, attempt.part.fd(), attempt.part.path());
  transfer(*sink, attempt.received, attempt.record);
  attempt.received.stop();
  if (options_.verify() && can_be_verified(mirrors_, wanted_)) {
    cli::note_verified(report_, options_.quiet, [&] {
      verify(attempt.part, *size_, inquiry_, mirrors_, wanted_, [this] { rethrow_if_stopped(); });
    });
  }
}

void MirrorDownload::ask_what_it_is() {
  report_.t0 = base::Clock::now();
  busy_.clear();
  for (std::size_t mirror = 0; mirror < mirrors_.size(); ++mirror) {
    busy_.emplace_back(mirror_.rules, mirror);
  }
  Teller teller(inquiry_, mirrors_, wanted_, busy_);
  auto head = teller.ask();
  for (; !head; head = teller.ask()) {
    wait_for_the_busy(teller.ask_again_at());
  }
  size_ = head->size;
  teller_ = teller.mirror();
  teller_knows_ranges_ = !head->is_whole;
  report_.version = head->version;
  report_.file_bytes = head->size;
}

void MirrorDownload::wait_for_the_busy(base::TimePoint until) {
  const auto display = cli::show_picture(
      [this, names = names_of(mirrors_)](double seconds, report::Window window) {
        return picture(view_of(busy_, base::Clock::now()), report_.name, names, seconds, window);
      },
      options_.quiet);
  for (auto now = base::Clock::now(); now < until; now = base::Clock::now()) {
    open_.wait_for_an_end(until - now);
    open_.throw_if_ended();
  }
}

void MirrorDownload::transfer(storage::Sink& sink, storage::Checkpointer& received,
                              const std::optional<storage::ControlRecord>& record) {
  const auto workers =
      static_cast<unsigned>(size_ ? std::min<std::uint64_t>(mirror_.chunks, mirror_.threads) : 1);
  report_.connections = workers;
  report_.per_connection.assign(workers, {});
  if (size_) {  // else there is nothing that a later run could compare
    received.start(record_to_begin_with(report_.name, *size_, record, mirrors_));
  }
  report::LatencyRows rows(options_.seed);
  const std::uint64_t already = received.total();
  ChunkSchedule schedule(mirror_.rules, mirrors_.size(), size_, mirror_.chunks,
                         record ? record->received : std::vector<storage::ByteRange>());
  tell(schedule);
  MirrorBoard board(schedule);
  MirrorTransfer shared{
      .options = options_,
      .cacert = mirror_.cacert,
      .name = report_.name,
      .size = size_,
      .buffer_bytes = static_cast<std::size_t>(options_.buffer.value_or(kDefaultBuffer)),
      .wanted = wanted_.sha256,
      .t0 = report_.t0,
      .mirrors = mirrors_,
      .board = board,
      .sink = sink,
      .received = received,
      .rows = rows};
  {
    const auto display = show_mirrors(board);
    set_running(&shared);
    run_workers(shared, report_.per_connection);
    set_running(nullptr);
  }
  size_ = schedule.size();
  note(schedule, received, already);
  if (!options_.rows.empty()) {
    rows.write_csv(options_.rows);
  }
  throw_if_incomplete(board, schedule);
}

// What the first questions have told. Bytes of a file whose size nobody knows come from one mirror:
// nothing would tell that those of another one belong to another file.
void MirrorDownload::tell(ChunkSchedule& schedule) const {
  if (!teller_knows_ranges_) {
    schedule.knows_no_ranges(teller_);
  }
  for (std::size_t mirror = 0; mirror < mirrors_.size(); ++mirror) {
    if (busy_[mirror].lasts()) {
      schedule.leave_alone(mirror, busy_[mirror]);
    }
    if (!size_ && mirror != teller_) {
      schedule.give_up(mirror, "tells no size: the file comes from one mirror");
    }
  }
}

std::unique_ptr<report::ProgressDisplay> MirrorDownload::show_mirrors(MirrorBoard& board) const {
  return cli::show_picture(
      [&board, name = report_.name, names = names_of(mirrors_)](double seconds,
                                                                report::Window window) {
        return picture(board.look(), name, names, seconds, window);
      },
      options_.quiet);
}

// Who stops the download from now on must stop the workers of this, too; null: there are none.
void MirrorDownload::set_running(MirrorTransfer* transfer) {
  const std::lock_guard lock(mutex_);
  if (transfer != nullptr && stopped_) {
    std::rethrow_exception(stopped_);
  }
  running_ = transfer;
}

void MirrorDownload::note(const ChunkSchedule& schedule, storage::Checkpointer& received,
                          std::uint64_t already) {
  report_.file_bytes = size_;
  report_.bytes_received = schedule.received_bytes() - already;
  report_.duplicate_bytes = schedule.duplicate_bytes();
  report_.retries = schedule.failures();
  report_.fsync_s = received.fsync_seconds();
}

void MirrorDownload::throw_if_incomplete(MirrorBoard& board, const ChunkSchedule& schedule) {
  const bool keeps = options_.sink == cli::SinkKind::file && size_;
  const auto names = names_of(mirrors_);
  try {
    board.rethrow_error();
  } catch (const DeadlinePassed& passed) {
    throw DeadlinePassed(passed.what() + missing_bytes(schedule, names, keeps));
  } catch (const AnotherSize& other) {
    const auto told = inquiry_.survey_all(mirrors_);
    const bool is_seen = group(told).size() > 1;
    throw std::runtime_error(different_contents(told, names) +
                             (is_seen ? "" : std::string("\n  ") + other.what()));
  }
  if (!schedule.lost().empty()) {
    throw std::runtime_error("not all chunks are downloaded" +
                             missing_bytes(schedule, names, keeps));
  }
}

}  // namespace dlab::part4
