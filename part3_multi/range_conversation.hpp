#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/wire/frame.hpp"
#include "part3_multi/connection_work.hpp"

namespace dlab::part3 {

// One life of a connection as a conversation with the server, without the socket: what to send,
// how much to receive, and what became of it. Whoever has a socket drives it, blocking or not:
//
//   connect;  begin(peer)
//   while (next() == Next::exchange) {
//     send to_send(), if there is any;  sent(how much)
//     receive up to room();  received(what came), or closed() at the server's end
//   }
//
// Brings one range after another until there is no more work. Asks for the next range half way
// through the current one, so that its answer follows without a pause. Methods throw what the
// server does wrong (exchange::Refused, exchange::ProtocolError) and what ConnectionWork throws.
class RangeConversation {
 public:
  // What the requests are about.
  struct Subject {
    std::string name;
    base::TimePoint t0;
    // What to ask before the size is known; nothing for all connections but one.
    std::optional<wire::Get> first_request;
  };
  enum class Next {
    exchange,       // bytes both ways
    wait_for_work,  // until work.can_claim()
    done,           // there is no more work
    out_of_step,    // the server goes on to send what another connection has taken over: close, and
                    // begin another life
  };

  // `work` must outlive this. `task`: what the connection has come for, or none.
  RangeConversation(ConnectionWork& work, Subject subject, HeldTask task);

  // A connection to `peer`, its name in errors, stands.
  void begin(std::string peer);
  Next next();

  // Not yet sent; valid until the next call of next().
  [[nodiscard]] std::span<const std::byte> to_send() const;
  void sent(std::size_t bytes);

  // How many bytes may be received at once into a buffer of `most`? At least one.
  [[nodiscard]] std::size_t room(std::size_t most) const;
  void received(std::span<const std::byte> data);
  // The server has closed, though there is something to come. Throws net::CutShort.
  [[noreturn]] void closed() const;

 private:
  // A request that was made and not yet answered in full.
  struct Asked {
    wire::Get get;
    HeldTask task;  // empty until the first header tells what the request was for
    double sent_s;
    std::optional<double> first_byte_s;
  };

  bool ask_more();
  bool ask_for(TaskPtr task);
  void ask_held(HeldTask task);
  void ask(const wire::Get& get, HeldTask task);
  std::size_t take_head(std::span<const std::byte> data);
  void begin_answer(const wire::Frame& frame);
  std::size_t take_body(std::span<const std::byte> data);
  void end_answer();
  [[nodiscard]] double seconds_since_t0() const;

  ConnectionWork& work_;
  Subject subject_;
  std::string peer_;
  HeldTask first_;           // until begin()
  std::deque<Asked> asked_;  // in the order of their answers: at most the current and the next
  std::vector<std::byte> out_;
  std::size_t out_sent_ = 0;                     // of out_
  std::vector<std::byte> head_;                  // of an answer, as far as it has come
  std::size_t head_bytes_ = wire::kHeaderBytes;  // what must be there to go on
  bool in_body_ = false;
  bool asked_ahead_ = false;  // during this body
  bool out_of_step_ = false;
  std::uint64_t wanted_ = 0;  // of this body, when next() looked
};

}  // namespace dlab::part3
