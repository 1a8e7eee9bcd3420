#include "part1_single/single_download.hpp"

#include <algorithm>
#include <utility>

#include "common/cli/terminal.hpp"
#include "part1_single/pipeline.hpp"

namespace dlab::part1 {
namespace {

constexpr std::size_t kDefaultBuffer = std::size_t{1} << 20U;
constexpr std::size_t kPipelineBytes = std::size_t{4} << 20U;  // in all blocks together

}  // namespace

SingleDownload::SingleDownload(const cli::ClientOptions& options, const SingleOptions& single,
                               report::TransferReport& report)
    : options_(options),
      single_(single),
      report_(report),
      connection_(report.per_connection.emplace_back()),
      rows_(options.seed),
      output_(options, report.name, {.discard = options.sink == cli::SinkKind::discard}),
      early_end_([this] {
        open_.abort_all();
        output_.stop();
      }) {}

void SingleDownload::run() {
  deadline_ = download::watch_deadline(options_, [this](auto why) { stop(std::move(why)); });
  try {
    output_.complete([this](const download::Attempt& attempt) { bring(attempt.sink); });
  } catch (const std::exception&) {
    early_end_.rethrow_if_demanded();
    throw;
  }
  if (!options_.rows.empty()) {
    rows_.write_csv(options_.rows);
  }
}

void SingleDownload::bring(storage::Sink& sink) {
  const auto addresses = net::resolve(options_.server, false);
  report_.t0 = base::Clock::now();
  exchange::MessageChannel channel(
      net::TcpStream::connect(addresses, options_.socket, options_.connect_timeout, &open_));
  const net::OpenStreams::Entry entry(open_, channel.stream());
  const double sent_s = report_.since_t0(base::Clock::now());
  const wire::File file = ask(channel);
  const auto digest = receive_body(channel, file, sink);
  deadline_.reset();
  note_times(file, sent_s);
  if (digest) {
    verify(channel, file, *digest);
  }
}

wire::File SingleDownload::ask(exchange::MessageChannel& channel) {
  channel.stream().set_stall_timeout(options_.stall_timeout);
  connection_.local_port = channel.stream().local_port();
  connection_.attempts = 1;
  const wire::Get get{.name = report_.name};
  channel.send(get);
  wire::File file = exchange::receive_file_header(channel, get);
  report_.version = file.version;
  report_.file_bytes = file.size;
  progress_.total = file.size;
  return file;
}

// The heart of part 1: bytes from the socket to the processor, by one thread or by two.
std::optional<storage::Sha256Value> SingleDownload::receive_body(exchange::MessageChannel& channel,
                                                                 const wire::File& file,
                                                                 storage::Sink& sink) {
  const auto display = cli::show_progress(report_.name, progress_, options_.quiet);
  const auto speed = download::watch_speed(
      options_, options_.stall_timeout, [this] { return progress_.have.load(); },
      [this](auto why) { stop(std::move(why)); });
  const auto buffer_bytes = static_cast<std::size_t>(options_.buffer.value_or(kDefaultBuffer));
  BlockProcessor processor(sink, options_.verify(), single_.work);
  std::uint64_t missing = file.length;
  const ReceiveSome receive = [&](std::span<std::byte> buffer) {
    const std::size_t received = receive_some(channel, buffer, missing);
    missing -= received;
    return received;
  };
  const Process process = [&](std::uint64_t offset, std::span<const std::byte> data) {
    processor.process(offset, data);
  };
  if (single_.pipeline) {
    const std::size_t blocks = std::clamp<std::size_t>(kPipelineBytes / buffer_bytes, 2, 64);
    run_pipelined(blocks, buffer_bytes, receive, process);
  } else {
    run_in_turn(buffer_bytes, receive, process);
  }
  connection_.done_s = report_.since_t0(base::Clock::now());
  return processor.finish();
}

// The next bytes of the body, at most `missing` of them; 0 once all are here.
std::size_t SingleDownload::receive_some(exchange::MessageChannel& channel,
                                         std::span<std::byte> buffer, std::uint64_t missing) {
  if (missing == 0) {
    return 0;
  }
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), missing));
  const std::size_t received = channel.receive_raw(buffer.first(wanted));
  if (received == 0) {
    throw net::CutShort(exchange::describe_request("get", report_.name, channel.stream().peer()) +
                        ": connection closed with " + std::to_string(missing) +
                        " bytes still to come");
  }
  const auto now = base::Clock::now() - report_.t0;
  if (!connection_.first_byte_s) {
    connection_.first_byte_s = base::to_seconds(now);
  }
  connection_.timeline.add(now, received);
  connection_.bytes += received;
  report_.bytes_received = connection_.bytes;
  progress_.lanes[0].received = connection_.bytes;
  progress_.have = connection_.bytes;
  return received;
}

void SingleDownload::note_times(const wire::File& file, double sent_s) {
  if (!connection_.first_byte_s) {
    connection_.first_byte_s = connection_.done_s;  // an empty file is all here with its header
  }
  rows_.add({.offset_bytes = file.offset,
             .bytes = file.length,
             .sent_s = sent_s,
             .first_byte_s = *connection_.first_byte_s,
             .done_s = *connection_.done_s});
}

void SingleDownload::verify(exchange::MessageChannel& channel, const wire::File& file,
                            const storage::Sha256Value& digest) {
  cli::note_verified(report_, options_.quiet,
                     [&] { exchange::verify(channel, file, [&] { return digest; }); });
}

}  // namespace dlab::part1
