#include "part4_mirrors/mirror_download.hpp"

#include <algorithm>
#include <thread>

#include "common/base/errors.hpp"
#include "common/cli/terminal.hpp"
#include "common/storage/digest.hpp"
#include "part4_mirrors/chunk_worker.hpp"
#include "part4_mirrors/complaints.hpp"

namespace dlab::part4 {
namespace {

constexpr std::size_t kDefaultBuffer = std::size_t{256} << 10U;

std::vector<std::string> names_of(const std::deque<Mirror>& mirrors) {
  std::vector<std::string> names;
  names.reserve(mirrors.size());
  for (const auto& mirror : mirrors) {
    names.push_back(mirror.address.text);
  }
  return names;
}

// Something came from it, and it is no web server.
bool tells_digest(const Mirror& mirror) {
  return mirror.address.endpoint && mirror.version != wire::kAnyVersion;
}

}  // namespace

MirrorDownload::MirrorDownload(const cli::ClientOptions& options, const MirrorOptions& mirror,
                               const std::vector<MirrorAddress>& addresses,
                               report::TransferReport& report)
    : options_(options), mirror_(mirror), report_(report) {
  for (const auto& address : addresses) {
    mirrors_.emplace_back(address);
  }
  if (options_.sink == cli::SinkKind::discard && options_.verify()) {
    throw base::UsageError("--verify needs a file: chunks come in any order and are not kept");
  }
  mirror_.rules.stall_timeout = options_.stall_timeout;
  report_.schedule = kSelectNames.at(static_cast<std::size_t>(mirror_.rules.select));
}

void MirrorDownload::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  open_.abort_all();
  if (running_ != nullptr) {
    running_->end(std::make_exception_ptr(base::Interrupted()));
  }
}

void MirrorDownload::run() {
  try {
    report_.t0 = base::Clock::now();
    ask_size();
    if (options_.sink == cli::SinkKind::file) {
      run_to_file();
    } else {
      storage::DiscardSink sink;
      transfer(sink);
    }
  } catch (const base::IntegrityError&) {
    throw;
  } catch (const std::exception&) {
    open_.throw_if_ended();
    throw;
  }
}

// The servers in turn, until one answers.
void MirrorDownload::ask_size() {
  std::vector<Failure> failures;
  for (std::size_t i = 0; i < mirrors_.size(); ++i) {
    try {
      ask_size_of(mirrors_[i]);
      return;
    } catch (const std::exception& error) {
      open_.throw_if_ended();
      failures.push_back({i, error.what()});
    }
  }
  throw std::runtime_error(cannot_transfer(failures, names_of(mirrors_)));
}

void MirrorDownload::ask_size_of(Mirror& mirror) {
  const auto source = make_source(mirror.address, {options_, open_, std::span<std::byte>(),
                                                   options_.stall_timeout, mirror_.cacert});
  source->open({.name = report_.name, .range = {}});
  const FileHead head = source->head();
  mirror.version = head.version;
  size_ = head.size;
  report_.version = head.version;
  report_.file_bytes = head.size;
}

exchange::MessageChannel MirrorDownload::connect(const Mirror& mirror) {
  return exchange::MessageChannel(
      net::TcpStream::connect(net::resolve(*mirror.address.endpoint, false), options_.socket,
                              options_.connect_timeout, &open_));
}

void MirrorDownload::run_to_file() {
  storage::PartFile part(storage::target_path(options_.output, report_.name),
                         storage::PartFile::Leftovers::discard);
  part.resize(size_);
  transfer(*storage::make_sink(mirror_.writer, part.fd(), part.path()));
  if (options_.verify()) {
    verify(part);
  }
  part.commit();
}

void MirrorDownload::transfer(storage::Sink& sink) {
  const auto workers =
      static_cast<unsigned>(std::min<std::uint64_t>(mirror_.chunks, mirror_.threads));
  report_.connections = workers;
  report_.per_connection.assign(workers, {});
  report::LatencyRows rows(options_.seed);
  report::Progress progress(workers);
  progress.total = size_;
  ChunkSchedule schedule(mirror_.rules, mirrors_.size(), size_, mirror_.chunks, {});
  MirrorBoard board(schedule);
  MirrorTransfer shared{
      .options = options_,
      .cacert = mirror_.cacert,
      .name = report_.name,
      .size = size_,
      .buffer_bytes = static_cast<std::size_t>(options_.buffer.value_or(kDefaultBuffer)),
      .t0 = report_.t0,
      .mirrors = mirrors_,
      .board = board,
      .sink = sink,
      .rows = rows,
      .progress = progress};
  {
    const auto display = cli::show_progress(report_.name, progress, options_.quiet);
    run_workers(shared);
  }
  report_.bytes_received = schedule.received_bytes();
  report_.duplicate_bytes = schedule.duplicate_bytes();
  report_.retries = schedule.failures();
  if (!options_.rows.empty()) {
    rows.write_csv(options_.rows);
  }
  board.rethrow_error();
  if (!schedule.lost().empty()) {
    throw std::runtime_error(not_all_chunks(schedule, names_of(mirrors_)));
  }
}

void MirrorDownload::run_workers(MirrorTransfer& shared) {
  {
    const std::lock_guard lock(mutex_);
    if (cancelled_) {
      throw base::Interrupted();
    }
    running_ = &shared;
  }
  {
    std::vector<std::jthread> threads;
    try {
      for (unsigned number = 0; number < report_.connections; ++number) {
        threads.emplace_back([this, &shared, number] {
          ChunkWorker(shared, number, report_.per_connection[number]).run();
        });
      }
    } catch (const std::exception&) {
      shared.end(std::current_exception());  // no thread left
    }
  }
  const std::lock_guard lock(mutex_);
  running_ = nullptr;
}

// Does nothing when no mirror could tell a digest.
void MirrorDownload::verify(const storage::PartFile& part) {
  if (std::ranges::any_of(mirrors_, tells_digest)) {
    report_.note_verified([&] { compare_digests(part); });
  }
}

// With the first mirror that can be asked.
void MirrorDownload::compare_digests(const storage::PartFile& part) {
  const auto digest =
      storage::digest_of_file(part.fd(), size_, [this](std::uint64_t) { open_.throw_if_ended(); });
  std::exception_ptr last;
  for (const Mirror& mirror : mirrors_) {
    if (!tells_digest(mirror)) {
      continue;
    }
    try {
      auto channel = connect(mirror);
      const net::OpenStreams::Entry entry(open_, channel.stream());
      channel.stream().set_stall_timeout(options_.stall_timeout);
      const wire::File file{.size = size_, .version = mirror.version, .name = report_.name};
      exchange::verify(channel, file, [&] { return digest; });
      return;
    } catch (const base::IntegrityError&) {
      throw;
    } catch (const std::exception&) {
      open_.throw_if_ended();
      last = std::current_exception();
    }
  }
  std::rethrow_exception(last);
}

}  // namespace dlab::part4
