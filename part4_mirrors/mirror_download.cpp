#include "part4_mirrors/mirror_download.hpp"

#include <algorithm>

#include "common/cli/program.hpp"
#include "common/cli/terminal.hpp"
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
      output_(options, report.name,
              {.discard = options.sink == cli::SinkKind::discard,
               .verify = options.verify(),
               .resume = mirror.resume,
               .writer = mirror.writer}),
      inquiry_(options, report.name, open_, mirror.cacert) {
  refuse_contradictions(options);
  wanted_.sha256 = mirror.digest;
  if (!mirror.trust.empty()) {
    wanted_.trusted = place_of_trusted(mirror.trust, mirrors_);
  }
  mirror_.rules.stall_timeout = options_.stall_timeout;
  mirror_.rules.seed = options_.seed;
  mirror_.rules.patience = options_.deadline.value_or(mirror_.rules.patience);
  mirror_.rules.ask_alone_first = wanted_.sha256 || wanted_.trusted;
  report_.schedule = kSelectNames.at(static_cast<std::size_t>(mirror_.rules.select));
}

void MirrorDownload::stop(std::exception_ptr reason) {
  const std::lock_guard lock(mutex_);
  if (stopped_) {
    return;
  }
  stopped_ = std::move(reason);
  output_.stop();
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
  deadline_ = download::watch_deadline(options_, [this](auto why) { stop(std::move(why)); });
  try {
    output_.complete([this](const download::Attempt& attempt) { bring(attempt); },
                     [this](const download::Outdated& why) {
                       cli::say(report_.program, std::string(why.what()) + ": starting over");
                     });
    if (options_.sink == cli::SinkKind::file) {
      report_.remarks = remarks(mirrors_, report_.verified);
    }
  } catch (const base::IntegrityError&) {
    throw;
  } catch (const download::DeadlinePassed&) {
    throw;  // it may say more than the watch did
  } catch (const std::exception&) {
    rethrow_if_stopped();  // whatever broke off, this is why
    throw;
  }
}

void MirrorDownload::bring(const download::Attempt& attempt) {
  if (attempt.record && attempt.record->mirrors.empty()) {
    throw download::Outdated("what is here has come from one server");
  }
  begin_with(attempt.record, mirrors_);
  ask_what_it_is();
  if (attempt.record && attempt.record->size != size_) {
    throw download::Outdated("the file has another size now");
  }
  attempt.resize(size_.value_or(0));
  transfer(attempt);
  attempt.received.stop();
  deadline_.reset();
  if (options_.verify() && can_be_verified(mirrors_, wanted_)) {
    cli::note_verified(report_, options_.quiet, [&] {
      verify(
          [&] { return attempt.digest(*size_, [this](std::uint64_t) { rethrow_if_stopped(); }); },
          inquiry_, mirrors_, wanted_);
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

void MirrorDownload::transfer(const download::Attempt& attempt) {
  const auto workers =
      static_cast<unsigned>(size_ ? std::min<std::uint64_t>(mirror_.chunks, mirror_.threads) : 1);
  report_.connections = workers;
  report_.per_connection.assign(workers, {});
  if (size_) {  // else there is nothing that a later run could compare
    attempt.received.start(record_to_begin_with(report_.name, *size_, attempt.record, mirrors_));
  }
  report::LatencyRows rows(options_.seed);
  const std::uint64_t already = attempt.received.total();
  ChunkSchedule schedule(
      rules_of(attempt, workers), mirrors_.size(), size_, mirror_.chunks,
      attempt.record ? attempt.record->received : std::vector<storage::ByteRange>());
  tell(schedule);
  MirrorBoard board(schedule);
  if (attempt.stream != nullptr) {
    attempt.stream->tell([&board](std::uint64_t written) { board.written(written); });
  }
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
      .sink = attempt.sink,
      .received = attempt.received,
      .rows = rows};
  run(shared);
  size_ = schedule.size();
  note(schedule, attempt.received, already);
  if (!options_.rows.empty()) {
    rows.write_csv(options_.rows);
  }
  throw_if_incomplete(board, schedule, attempt.part != nullptr && size_);
}

// What is written in order is asked for within a window, so that all workers have something to do
// in it. A file whose size nobody knows comes over one connection.
Rules MirrorDownload::rules_of(const download::Attempt& attempt, unsigned workers) const {
  Rules rules = mirror_.rules;
  if (attempt.stream != nullptr && size_) {
    rules.most_ahead = options_.window;
    rules.most_bytes = std::max<std::uint64_t>(options_.window / workers, 1);
  }
  return rules;
}

void MirrorDownload::run(MirrorTransfer& shared) {
  const auto display = show_mirrors(shared.board);
  const auto speed = download::watch_speed(
      options_, options_.stall_timeout, [&shared] { return shared.board.received_bytes(); },
      [this](auto why) { stop(std::move(why)); });
  set_running(&shared);
  run_workers(shared, report_.per_connection);
  set_running(nullptr);
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

void MirrorDownload::throw_if_incomplete(MirrorBoard& board, const ChunkSchedule& schedule,
                                         bool keeps) {
  const auto names = names_of(mirrors_);
  try {
    board.rethrow_error();
  } catch (const download::DeadlinePassed& passed) {
    throw download::DeadlinePassed(passed.what() + missing_bytes(schedule, names, keeps));
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
