#pragma once

#include <deque>
#include <optional>

#include "common/base/page_buffer.hpp"
#include "common/net/tcp_stream.hpp"
#include "part3_multi/connection_loop.hpp"
#include "part3_multi/range_conversation.hpp"

namespace dlab::part3 {

// All connections in one thread: no call on a socket waits, the loop does, for all of them at once.
// What comes is done with before the next call, so one buffer serves all.
class EpollModel : public ConnectionLoop {
 protected:
  void prepare(std::size_t connections) override;
  void begin(unsigned number, HeldTask task) override;
  void ready(unsigned number) override;
  void work_is_known(unsigned number) override;
  void late(unsigned number) override;
  void drop(unsigned number) noexcept override { connections_[number].reset(); }

 private:
  struct Connection {  // one life of it
    RangeConversation conversation;
    base::TimePoint began;
    std::size_t address = 0;  // of the server's: the one that is being tried
    std::optional<net::TcpStream> stream = {};
    bool standing = false;  // else it connects
    bool waits_for_work = false;
    std::uint32_t watched = 0;  // events; 0: not watched
  };

  void connect(unsigned number);
  void finish_connecting(unsigned number);
  void receive(Connection& connection);
  void proceed(unsigned number);
  void watch(unsigned number, std::uint32_t events);

  base::PageBuffer buffer_;
  std::deque<std::optional<Connection>> connections_;  // by number; nothing between two lives
};

}  // namespace dlab::part3
