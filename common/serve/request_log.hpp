#pragma once

#include <cstdint>
#include <mutex>
#include <ostream>
#include <string>

#include "common/serve/body_sender.hpp"

namespace dlab::serve {

// One request, as it ended (docs/metrics.md, --log).
struct RequestRecord {
  std::string request;  // GET, PACKETS, DIGEST, LIST
  std::string client;
  std::string name;
  storage::ByteRange range;
  Delivery delivery;
  std::string congestion;
  std::string status = "ok";
};

// Writes a line per request to a stream. Thread-safe.
class RequestLog {
 public:
  // Null: writes nothing. The stream must outlive the log.
  explicit RequestLog(std::ostream* out) : out_(out) {}
  void write(const RequestRecord& record);

 private:
  std::mutex mutex_;
  std::ostream* out_;  // guarded by mutex_
};

}  // namespace dlab::serve
