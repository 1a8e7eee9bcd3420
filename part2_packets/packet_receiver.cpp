#include "part2_packets/packet_receiver.hpp"

#include <algorithm>
#include <utility>

#include "common/exchange/requests.hpp"

namespace dlab::part2 {
namespace {

// Rounds of asking in a row that may bring nothing. Where half of the packets are lost, the last
// one fails to come so often in one download of a million.
constexpr int kIdleRounds = 20;
// Requests for holes under way: enough to keep a long path busy, and so few (some 70 bytes each)
// that the server's receive buffer always takes them while it is still sending.
constexpr std::size_t kPipelined = 64;
// Packets that a server may send between two marks, in windows: it may send each twice.
constexpr std::uint64_t kWindowsBetweenMarks = 4;

}  // namespace

PacketReceiver::PacketReceiver(exchange::MessageChannel& channel, const wire::GetPackets& get,
                               const wire::File& file, report::TransferReport& report,
                               Reassembler::Release release, Reassembler::Release duplicate)
    : channel_(channel),
      get_(get),
      file_(file),
      layout_{.packet_bytes = get.packet_bytes, .end = file.size},
      report_(report),
      reassembler_(layout_, get.window_packets, report.packets.emplace(), std::move(release)),
      duplicate_(std::move(duplicate)),
      request_(exchange::describe_request("get", get.name, channel.stream().peer())) {}

void PacketReceiver::receive(const std::function<void()>& on_section) {
  const SequenceRange all = layout_.packets_from(0);
  const std::uint64_t most = get_.length / layout_.packet_bytes;
  SequenceRange section{0, std::min(all.end, most)};
  receive_answer(section);
  fill_holes();
  on_section();
  while (section.end < all.end) {
    section = {section.end, section.end + std::min(all.end - section.end, most)};
    channel_.send(request_for(section));
    receive_packets(section);
    fill_holes();
    on_section();
  }
}

// Until all that was asked for is here.
void PacketReceiver::fill_holes() {
  std::uint64_t missing_before = 0;
  for (int idle_rounds = 0;;) {
    const auto holes = reassembler_.take_holes();
    std::uint64_t missing = 0;
    for (const auto& hole : holes) {
      missing += hole.size();
    }
    if (missing == 0) {
      return;
    }
    idle_rounds = missing == missing_before ? idle_rounds + 1 : 0;
    if (idle_rounds == kIdleRounds) {
      throw net::CutShort(request_ + ": " + std::to_string(missing) +
                          " packets are still missing, and asking again " +
                          std::to_string(kIdleRounds) + " times brought none of them");
    }
    missing_before = missing;
    ask_again(holes);
  }
}

// One answer, behind its header: packets and marks until the last mark.
void PacketReceiver::receive_answer(SequenceRange packets) {
  reassembler_.begin_answer(packets);
  packets_since_mark_ = 0;
  while (!reassembler_.answer_complete()) {
    const auto frame = channel_.receive();
    if (!frame) {
      throw net::CutShort(request_ + ": connection closed before the last packet");
    }
    switch (frame->type) {
      case wire::MessageType::packet:
        take_packet(*frame);
        break;
      case wire::MessageType::mark:
        take_mark(*frame);
        break;
      default:
        throw broken("a message that is neither packet nor mark");
    }
  }
}

void PacketReceiver::take_packet(const wire::Frame& frame) {
  // Packets that bring nothing move no byte to the file: without a bound they could go on forever.
  if (++packets_since_mark_ > kWindowsBetweenMarks * get_.window_packets) {
    throw broken("packet after packet and no mark");
  }
  const auto packet = wire::decode_packet(frame.body);
  if (!packet || !wire::packet_is_intact(*packet)) {
    reassembler_.insert_corrupted();
    return;
  }
  const auto now = base::Clock::now();
  const auto verdict = reassembler_.insert(*packet, now);
  if (verdict == Reassembler::Verdict::outside_window) {
    throw broken("packet " + std::to_string(packet->header.sequence) +
                 " lies outside the window that was asked for");
  }
  if (verdict == Reassembler::Verdict::duplicate) {
    report_.duplicate_bytes += packet->payload.size();
    duplicate_({.sequence = packet->header.sequence,
                .offset = packet->header.offset,
                .payload = packet->payload,
                .sent_ns = packet->header.sent_ns,
                .arrived = now});
  }
}

void PacketReceiver::take_mark(const wire::Frame& frame) {
  const auto mark = wire::decode<wire::Mark>(frame.body);
  if (!mark || !reassembler_.mark(mark->next_sequence, base::Clock::now())) {
    throw broken("a mark that does not fit the packets asked for");
  }
  packets_since_mark_ = 0;
}

// One round: asks for every hole. The next requests travel while an answer comes in, so that no
// round trip passes idly.
void PacketReceiver::ask_again(const std::vector<SequenceRange>& holes) {
  std::size_t asked = 0;
  for (std::size_t answered = 0; answered < holes.size(); ++answered) {
    for (; asked < std::min(answered + kPipelined, holes.size()); ++asked) {
      channel_.send(request_for(holes[asked]));
      report_.packets->repeated += holes[asked].size();
    }
    receive_packets(holes[answered]);
  }
}

// The answer to a request for some of the packets, with its header.
void PacketReceiver::receive_packets(SequenceRange packets) {
  const auto get = request_for(packets);
  const auto header = exchange::receive_file_header(channel_, get);
  if (header.size != file_.size || header.length != get.length) {
    throw broken("the answer is for other packets than were asked for");
  }
  receive_answer(packets);
}

// Exactly the hole's bytes, of the version that the other packets came from.
wire::GetPackets PacketReceiver::request_for(SequenceRange hole) const {
  const auto bytes = layout_.bytes_of(hole);
  auto get = get_;
  get.offset = bytes.begin;
  get.length = bytes.size();
  get.version = file_.version;
  return get;
}

exchange::ProtocolError PacketReceiver::broken(const std::string& what) const {
  return exchange::ProtocolError(request_ + ": the server broke the rules: " + what);
}

}  // namespace dlab::part2
