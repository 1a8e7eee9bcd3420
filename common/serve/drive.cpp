#include "common/serve/drive.hpp"

#include <array>
#include <exception>

namespace dlab::serve {
namespace {

using base::Clock;

// The timeouts of a socket that blocks. Setting one is a system call, and a tenth more or less does
// not matter, so most steps need none.
class Patience {
 public:
  using Set = void (*)(int fd, base::Duration timeout);
  explicit Patience(Set set) : set_(set) {}

  void last_until(base::TimePoint until, const net::TcpStream& stream) {
    const base::Duration left = until - Clock::now();
    if (left < now_set_ - now_set_ / 10 || left > now_set_ + now_set_ / 10) {
      set_(stream.fd(), left);
      now_set_ = left;
    }
  }

 private:
  Set set_;
  base::Duration now_set_{0};  // none yet
};

class Driver {
 public:
  Driver(Connection& connection, Outlet& outlet)
      : stream_(connection.stream), session_(connection.session), outlet_(outlet) {}

  // One step; false when it was the last.
  bool take(const Step& step) {
    switch (step.kind) {
      case Step::Kind::receive:
        receive(step);
        return true;
      case Step::Kind::send:
        send(step);
        return true;
      case Step::Kind::wait:
        return stream_.pause_until(step.until);
      case Step::Kind::end_sending:
        stream_.shut_down_sending();
        return true;
      default:
        return false;
    }
  }

 private:
  void receive(const Step& step) {
    receiving_.last_until(step.until, stream_);
    const auto count = stream_.try_receive(buffer_);
    if (count) {
      session_.received(std::span(buffer_).first(*count), Clock::now());
    } else if (const auto now = Clock::now(); now >= step.until) {
      session_.timed_out(now);
    }
  }

  void send(const Step& step) {
    sending_.last_until(step.until, stream_);
    const auto count = outlet_.send(stream_, step.head, step.file, step.range);
    if (count) {
      session_.sent(*count, Clock::now());
    } else if (const auto now = Clock::now(); now >= step.until) {
      session_.timed_out(now);
    }
  }

  net::TcpStream& stream_;
  Session& session_;
  Outlet& outlet_;
  Patience receiving_{&net::set_receive_timeout};
  Patience sending_{&net::set_send_timeout};
  std::array<std::byte, std::size_t{16} << 10U> buffer_;
};

}  // namespace

void serve_blocking(Connection& connection, Outlet& outlet) noexcept {
  Driver driver(connection, outlet);
  try {
    while (driver.take(connection.session.next(Clock::now()))) {
    }
  } catch (const FileTruncated&) {
    connection.session.file_ended();
  } catch (const std::exception&) {
    connection.session.broken_off();
  }
}

}  // namespace dlab::serve
