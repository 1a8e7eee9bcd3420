#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/exchange/message_channel.hpp"
#include "common/wire/messages.hpp"
#include "part2_packets/reassembler.hpp"

namespace dlab::part2 {

// Receives a file's packets on one connection, and asks again for those that did not come.
class PacketReceiver {
 public:
  // `get` was sent and `file` is the header that answers it: all of the file, or its front section.
  // What comes is counted in `report`; it and `channel` must outlive the receiver. `duplicate`
  // takes what came a second time, which is never released.
  PacketReceiver(exchange::MessageChannel& channel, const wire::GetPackets& get,
                 const wire::File& file, report::TransferReport& report,
                 Reassembler::Release release, Reassembler::Release duplicate);

  // Returns once every byte of the file was released. Sections are asked for one after another, all
  // of the same length; when one is whole, `on_section` is called before the next. Throws
  // exchange::ProtocolError, Refused and net::CutShort, also when round after round of asking
  // brings nothing.
  void receive(const std::function<void()>& on_section);

 private:
  void fill_holes();
  void receive_answer(SequenceRange packets);
  void take_packet(const wire::Frame& frame);
  void take_mark(const wire::Frame& frame);
  void ask_again(const std::vector<SequenceRange>& holes);
  void receive_packets(SequenceRange packets);
  wire::GetPackets request_for(SequenceRange hole) const;
  exchange::ProtocolError broken(const std::string& what) const;

  exchange::MessageChannel& channel_;
  wire::GetPackets get_;
  wire::File file_;
  PacketLayout layout_;
  report::TransferReport& report_;
  Reassembler reassembler_;
  Reassembler::Release duplicate_;
  std::string request_;  // for errors: get "a.jpg" from 127.0.0.1:9002
  std::uint64_t packets_since_mark_ = 0;
};

}  // namespace dlab::part2
