#pragma once

#include <string>
#include <system_error>
#include <utility>

#include "common/net/socket_options.hpp"
#include "common/net/tcp_stream.hpp"
#include "common/serve/outlet.hpp"
#include "common/serve/request_log.hpp"

namespace dlab::serve {

// A record of what happens to a request, written to the log however it ends.
class Recording {
 public:
  Recording(RequestLog& log, RequestRecord request, net::TcpStream& stream)
      : record(std::move(request)), log_(log) {
    record.client = stream.peer();
    record.congestion = net::congestion_algorithm(stream.fd());
  }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;
  ~Recording() { log_.write(record); }

  // Runs `send`, which sends a body and counts it into `record.delivery`, and notes how it ended.
  // Throws what `send` throws.
  template <typename Send>
  void deliver(Send send) {
    record.status = "client-left";  // until the last byte is out
    try {
      send();
      record.status = "ok";
    } catch (const FileTruncated&) {
      record.status = "file-truncated";
      throw;
    } catch (const std::system_error& error) {
      record.status = error.code() == std::errc::timed_out ? "stalled" : "client-left";
      throw;
    }
  }

  RequestRecord record;

 private:
  RequestLog& log_;
};

}  // namespace dlab::serve
