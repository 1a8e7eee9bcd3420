#pragma once

#include <cstdint>
#include <mutex>
#include <ostream>
#include <string>

#include "common/base/clock.hpp"
#include "common/storage/byte_range.hpp"

namespace dlab::serve {

// What came of sending a body, also when it failed half way.
struct Delivery {
  std::uint64_t sent = 0;
  base::TimePoint first{};  // the first byte was handed to the socket
  base::TimePoint last{};   // the last one was: what the sender believes to be the end
};

// One request, as it ended (docs/metrics.md, --log).
struct RequestRecord {
  // GET, PACKETS, DIGEST, LIST, HTTP-GET, HTTP-HEAD; DLAB or HTTP: what was not understood, or was
  // refused unread.
  std::string request = "DLAB";
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
  [[nodiscard]] bool is_kept() const { return out_ != nullptr; }

 private:
  std::mutex mutex_;
  std::ostream* out_;  // guarded by mutex_
};

}  // namespace dlab::serve
