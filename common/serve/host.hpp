#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "common/base/units.hpp"
#include "common/net/open_streams.hpp"
#include "common/net/service_options.hpp"
#include "common/net/tcp_listener.hpp"
#include "common/serve/file_service.hpp"
#include "common/serve/outlet.hpp"
#include "common/serve/session.hpp"

namespace dlab::serve {

struct HostOptions : net::ServiceOptions {
  std::ostream* log = nullptr;
  IoPath io = IoPath::sendfile;
  // Caps on the connections, in order of arrival; after the last comes the first again.
  std::vector<base::BitRate> rate_limits;
  std::size_t max_connections = 0;  // 0: no bound
  // How long stop() lets what was asked be answered before it cuts it off.
  base::Duration grace{0};
  // Keeps an eye on a socket for as long as what it returns lives. May be empty.
  std::function<std::shared_ptr<void>(int fd)> watch;
};

class Host;

// One client and all that is kept for it. Its socket must be used by one thread at a time.
class Connection {
 public:
  Connection(Host& host, net::TcpStream accepted, base::TimePoint now);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Session::refuse(); it takes no other's place from now on.
  void refuse(std::string why);

 private:
  // Counts it for as long as it is served.
  struct Counted {
    explicit Counted(std::atomic<std::size_t>& all) : count(all) { ++count; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    ~Counted() { --count; }
    std::atomic<std::size_t>& count;
  };
  std::optional<Counted> counted_;

 public:
  net::TcpStream stream;
  Session session;

 private:
  net::OpenStreams::Entry entry_;
  std::shared_ptr<void> watch_;  // last: it must end before the socket is closed
};

// What every way of scheduling connections stands on: the listener, the file service, the limits.
// Thread-safe.
class Host {
 public:
  // Listens at once. Throws std::system_error (port in use, no such folder).
  explicit Host(HostOptions options);

  [[nodiscard]] net::TcpListener& listener() { return listeners_.front(); }
  // Several loops have a listener each, on one address. Before run(), and before stop().
  void listen_more(unsigned more);
  [[nodiscard]] std::deque<net::TcpListener>& listeners() { return listeners_; }
  [[nodiscard]] const HostOptions& options() const { return options_; }
  [[nodiscard]] net::OpenStreams& open() { return open_; }
  [[nodiscard]] FileService& files() { return files_; }
  [[nodiscard]] Outlet outlet() const { return {options_.io, options_.limits.buffer_bytes}; }

  // A connection for an accepted client, which is told why when there are too many already;
  // `elsewhere`: how many other processes serve.
  std::unique_ptr<Connection> welcome(net::TcpStream accepted, std::size_t elsewhere = 0);

  // Ends the accepting, and every connection after the grace. From any thread.
  void stop();

 private:
  friend class Connection;
  std::optional<base::BitRate> next_rate_limit();

  HostOptions options_;
  FileService files_;
  net::OpenStreams open_;
  std::deque<net::TcpListener> listeners_;
  std::atomic<std::size_t> accepted_ = 0;
  std::atomic<std::size_t> served_ = 0;  // connections open now
};

}  // namespace dlab::serve
