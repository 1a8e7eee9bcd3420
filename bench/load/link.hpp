#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bench/load/conversation.hpp"
#include "bench/load/poller.hpp"
#include "common/base/file_descriptor.hpp"
#include "common/net/endpoint.hpp"
#include "common/net/socket_options.hpp"

namespace dlab::load {

class Link;

// Who wants to know what becomes of links. Nothing may be asked from within these calls.
class LinkListener {
 public:
  LinkListener() = default;
  LinkListener(const LinkListener&) = delete;
  LinkListener& operator=(const LinkListener&) = delete;
  virtual ~LinkListener() = default;
  virtual void opened(Link& link, base::Duration took) = 0;
  virtual void finished(Link& link, const Outcome& outcome) = 0;
  // Closed by either side. `error`: in a word why it could not be opened; blank when it had been.
  virtual void closed(Link& link, const std::string& error) = 0;
};

// What all links of a run share.
struct LinkSetup {
  net::SocketAddress server;
  net::SocketOptions socket;
  Terms terms;
  base::Duration connect_timeout{};
  base::Duration stall_timeout{};
};

// One of the generator's connections: a socket that does not block, and what is said on it. Opens
// when something is asked and no connection stands, as often as that is so.
class Link {
 public:
  // All must outlive the link.
  Link(unsigned number, const LinkSetup& setup, Poller& poller, LinkListener& listener);

  [[nodiscard]] unsigned number() const { return number_; }
  [[nodiscard]] bool is_closed() const { return !socket_.is_open(); }
  [[nodiscard]] bool is_open() const { return socket_.is_open() && !connecting_; }
  // Whether a request may be asked now.
  [[nodiscard]] bool can_ask() const { return conversation_.can_ask(); }

  // Connects, without a request.
  void open();
  // Takes a request, and opens if that is needed; flush() sends it.
  void ask(const Request& request, const std::string& name, const std::string& host);
  void flush();

  // What the poller told of it.
  void handle(std::uint32_t events);
  // Gives up what has been waiting for too long.
  void check_deadline(base::TimePoint now);
  // Ends the connection; what is under way fails with `error`.
  void close(const std::string& error);

  // A slow reader: takes no more than `most` bytes from now on, until told again.
  void allow(std::uint64_t most);
  [[nodiscard]] std::uint64_t received() const { return received_; }

 private:
  void finish_connecting();
  void receive();
  void watch_for(std::uint32_t events);
  void progress(base::TimePoint now);

  unsigned number_;
  const LinkSetup& setup_;
  Poller& poller_;
  LinkListener& listener_;
  base::FileDescriptor socket_;
  Conversation conversation_;
  bool connecting_ = false;
  std::uint32_t events_ = 0;  // that the poller looks for
  base::TimePoint began_;     // connecting
  base::TimePoint deadline_;
  std::optional<std::uint64_t> allowance_;
  std::uint64_t received_ = 0;
};

}  // namespace dlab::load
