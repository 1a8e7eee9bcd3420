#include "part2_packets/packet_sender.hpp"

#include <algorithm>

#include "common/storage/file_io.hpp"
#include "part2_packets/packet_order.hpp"

namespace dlab::part2 {
namespace {

void read_exactly(int file, std::uint64_t offset, std::span<std::byte> data) {
  while (!data.empty()) {
    const std::size_t count = storage::read_some_at(file, offset, data);
    if (count == 0) {
      throw serve::FileTruncated();
    }
    offset += count;
    data = data.subspan(count);
  }
}

}  // namespace

struct PacketSender::Window {
  int file;
  PacketLayout layout;
  SequenceRange packets;
};

PacketSender::PacketSender(net::TcpStream& stream, const BatchLimits& limits, FaultInjector& faults)
    : stream_(stream), limits_(limits), faults_(faults) {}

void PacketSender::send(const storage::ServedFile& file, storage::ByteRange range,
                        const wire::GetPackets& get, serve::Delivery& delivery) {
  const PacketLayout layout{.packet_bytes = get.packet_bytes, .end = range.end};
  const SequenceRange all = layout.packets_from(range.begin);
  std::uint64_t begin = all.begin;
  do {  // an empty range is one empty window: its mark ends the answer
    const std::uint64_t end = std::min(begin + get.window_packets, all.end);
    const SequenceRange packets{begin, end};
    arrange(packets, get.order, get.seed, order_);
    send_window({file.fd.get(), layout, packets}, delivery);
    begin = end;
  } while (begin < all.end);
}

void PacketSender::send_window(const Window& window, serve::Delivery& delivery) {
  const std::size_t most =
      std::clamp<std::size_t>(limits_.bytes / window.layout.packet_bytes, 1, limits_.packets);
  const auto mark = wire::encode(wire::Mark{.next_sequence = window.packets.end});
  std::span<const std::uint64_t> rest(order_);
  do {
    const auto batch = rest.first(std::min(rest.size(), most));
    rest = rest.subspan(batch.size());
    pieces_.clear();
    const std::uint64_t bytes = add_packets(window, batch);
    if (rest.empty()) {
      add(mark);
    }
    if (delivery.sent == 0) {
      delivery.first = base::Clock::now();
    }
    stream_.send_pieces(pieces_);
    delivery.last = base::Clock::now();
    delivery.sent += bytes;
  } while (!rest.empty());
}

// Puts the packets of a batch into the message and returns how many bytes of payload they carry.
std::uint64_t PacketSender::add_packets(const Window& window,
                                        std::span<const std::uint64_t> batch) {
  read_payloads(window, batch);
  preambles_.resize(batch.size());
  std::uint64_t bytes = 0;
  // They leave together, so they carry the same moment.
  const auto sent_ns = static_cast<std::uint64_t>(base::to_ns(base::Clock::now()));
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto fate = faults_.next_fate();
    if (fate.dropped) {
      continue;
    }
    preambles_[i] = wire::encode_packet_preamble(
        {.sequence = batch[i], .offset = window.layout.offset(batch[i]), .sent_ns = sent_ns},
        payloads_[i]);
    if (fate.corrupted) {
      corrupt(payloads_[i], fate.dice);
    }
    for (int copy = 0; copy < (fate.duplicated ? 2 : 1); ++copy) {
      add(preambles_[i]);
      add(payloads_[i]);
      bytes += payloads_[i].size();
    }
  }
  return bytes;
}

// Reads the batch's bytes: at once where they are neighbours in the file, in whatever order, else
// packet by packet.
void PacketSender::read_payloads(const Window& window, std::span<const std::uint64_t> batch) {
  payloads_.resize(batch.size());
  if (batch.empty()) {
    return;
  }
  const auto& layout = window.layout;
  payload_.resize(std::max(payload_.size(), batch.size() * layout.packet_bytes));
  const auto [least, most] = std::ranges::minmax(batch);
  const bool neighbours = most - least == batch.size() - 1;
  if (neighbours) {
    const auto bytes = layout.bytes_of({least, most + 1});
    read_exactly(window.file, bytes.begin,
                 std::span(payload_).first(static_cast<std::size_t>(bytes.size())));
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::size_t place = neighbours ? static_cast<std::size_t>(batch[i] - least) : i;
    payloads_[i] =
        std::span(payload_).subspan(place * layout.packet_bytes, layout.length(batch[i]));
    if (!neighbours) {
      read_exactly(window.file, layout.offset(batch[i]), payloads_[i]);
    }
  }
}

void PacketSender::add(std::span<const std::byte> piece) {
  pieces_.push_back({const_cast<std::byte*>(piece.data()), piece.size()});
}

}  // namespace dlab::part2
