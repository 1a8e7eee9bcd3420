#include "part2_packets/packet_download.hpp"

#include <algorithm>
#include <utility>

#include "common/base/errors.hpp"
#include "common/cli/terminal.hpp"
#include "common/storage/digest.hpp"
#include "part2_packets/packet_receiver.hpp"

namespace dlab::part2 {
namespace {

constexpr std::size_t kDefaultBuffer = std::size_t{256} << 10U;
// Early packets wait in memory, up to a window of them.
constexpr std::uint64_t kMaxWindowBytes = std::uint64_t{256} << 20U;

void refuse_nonsense(const cli::ClientOptions& options, const PacketOptions& packets) {
  if (options.verify() && options.sink == cli::SinkKind::discard) {
    throw base::UsageError(
        "--verify needs --sink file: packets that are asked for again come out of order, so only "
        "the finished file can be hashed");
  }
  if (std::uint64_t{packets.packet_bytes} * packets.window_packets > kMaxWindowBytes) {
    throw base::UsageError("--packet-size times --order-window must be at most " +
                           base::format_byte_count(kMaxWindowBytes) +
                           ": so much may have to wait in memory");
  }
}

}  // namespace

PacketDownload::PacketDownload(const cli::ClientOptions& options, const PacketOptions& packets,
                               report::TransferReport& report)
    : options_(options),
      packets_(packets),
      report_(report),
      connection_(report.per_connection.emplace_back()),
      rows_(options.seed),
      output_(options, report.name,
              {.discard = options.sink == cli::SinkKind::discard, .verify = options.verify()}),
      early_end_([this] {
        open_.abort_all();
        output_.stop();
      }) {
  refuse_nonsense(options, packets);
}

void PacketDownload::run() {
  deadline_ = download::watch_deadline(options_, [this](auto why) { stop(std::move(why)); });
  try {
    output_.complete([this](const download::Attempt& attempt) { bring(attempt); });
  } catch (const std::exception&) {
    early_end_.rethrow_if_demanded();
    throw;
  }
  if (!options_.rows.empty()) {
    rows_.write_csv(options_.rows);
  }
}

void PacketDownload::bring(const download::Attempt& attempt) {
  const auto addresses = net::resolve(options_.server, false);
  report_.t0 = base::Clock::now();
  exchange::MessageChannel channel(
      net::TcpStream::connect(addresses, options_.socket, options_.connect_timeout, &open_),
      static_cast<std::size_t>(options_.buffer.value_or(kDefaultBuffer)));
  const net::OpenStreams::Entry entry(open_, channel.stream());
  const wire::GetPackets get{.length = section_bytes(),
                             .seed = options_.seed,
                             .packet_bytes = packets_.packet_bytes,
                             .window_packets = packets_.window_packets,
                             .order = packets_.order,
                             .name = report_.name};
  const wire::File file = ask(channel, get);
  receive_packets(channel, get, file, attempt.sink);
  deadline_.reset();
  note_end();
  if (options_.verify()) {
    verify(channel, file, attempt);
  }
}

// How much to ask for at once. A packet that has to be asked for again comes behind all others,
// and what is written in order waits for it.
std::uint64_t PacketDownload::section_bytes() const {
  const std::uint64_t packet = packets_.packet_bytes;
  return output_.is_stream() ? std::max(options_.window / packet, std::uint64_t{1}) * packet
                             : wire::kToTheEnd;
}

wire::File PacketDownload::ask(exchange::MessageChannel& channel, const wire::GetPackets& get) {
  channel.stream().set_stall_timeout(options_.stall_timeout);
  connection_.local_port = channel.stream().local_port();
  connection_.attempts = 1;
  channel.send(get);
  wire::File file = exchange::receive_file_header(channel, get);
  if (file.length != std::min(file.size, get.length)) {
    throw exchange::ProtocolError(
        exchange::describe_request("get", report_.name, channel.stream().peer()) +
        ": the server offers only a part of the file");
  }
  report_.version = file.version;
  report_.file_bytes = file.size;
  progress_.total = file.size;
  return file;
}

// The heart of part 2: packets from the socket through the reassembler to the sink.
void PacketDownload::receive_packets(exchange::MessageChannel& channel, const wire::GetPackets& get,
                                     const wire::File& file, storage::Sink& sink) {
  const auto display = cli::show_progress(report_.name, progress_, options_.quiet);
  const auto speed = download::watch_speed(
      options_, options_.stall_timeout, [this] { return progress_.have.load(); },
      [this](auto why) { stop(std::move(why)); });
  GatheringSink gathered(sink, static_cast<std::size_t>(options_.buffer.value_or(kDefaultBuffer)));
  PacketReceiver receiver(
      channel, get, file, report_,
      [&](const Piece& piece) {
        gathered.write_at(piece.offset, piece.payload);
        note(piece);
      },
      [&](const Piece& piece) { add_row(piece, std::nullopt); });
  receiver.receive([&] { gathered.flush(); });
  connection_.done_s = report_.since_t0(base::Clock::now());
}

void PacketDownload::note(const Piece& piece) {
  const auto arrived = piece.arrived - report_.t0;
  const double arrived_s = base::to_seconds(arrived);
  connection_.first_byte_s = std::min(connection_.first_byte_s.value_or(arrived_s), arrived_s);
  connection_.timeline.add(arrived, piece.payload.size());
  connection_.bytes += piece.payload.size();
  report_.bytes_received = connection_.bytes;
  progress_.lanes[0].received = connection_.bytes;
  progress_.have = connection_.bytes;
  add_row(piece, report_.since_t0(piece.released));
}

// `done_s`: nothing for a packet that came a second time.
void PacketDownload::add_row(const Piece& piece, std::optional<double> done_s) {
  if (options_.rows.empty()) {
    return;
  }
  // Unsigned, so that a server's nonsense wraps around instead of overflowing.
  const std::uint64_t sent_ns = piece.sent_ns - static_cast<std::uint64_t>(base::to_ns(report_.t0));
  rows_.add({.index = piece.sequence,
             .offset_bytes = piece.offset,
             .bytes = piece.payload.size(),
             .sent_s = static_cast<double>(static_cast<std::int64_t>(sent_ns)) * 1e-9,
             .first_byte_s = report_.since_t0(piece.arrived),
             .done_s = done_s});
}

void PacketDownload::note_end() {
  if (!connection_.first_byte_s) {
    connection_.first_byte_s = connection_.done_s;  // an empty file is all here with its header
  }
}

// Bytes that are hashed on their way must come in the order of the file; with holes they do not, so
// the file is read again.
void PacketDownload::verify(exchange::MessageChannel& channel, const wire::File& file,
                            const download::Attempt& attempt) {
  cli::note_verified(report_, options_.quiet, [&] {
    exchange::verify(channel, file, [&] {
      return attempt.digest(file.size, [this](std::uint64_t) { open_.throw_if_ended(); });
    });
  });
}

}  // namespace dlab::part2
