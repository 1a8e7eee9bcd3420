#include "common/serve/request_log.hpp"

#include <sstream>

#include "common/wire/http_target.hpp"

namespace dlab::serve {

void RequestLog::write(const RequestRecord& record) {
  if (out_ == nullptr) {
    return;
  }
  std::ostringstream line;
  line << "request=" << record.request << " client=" << record.client
       << " name=" << wire::percent_encoded(record.name) << " offset=" << record.range.begin
       << " length=" << record.range.size() << " sent=" << record.delivery.sent
       << " first_ns=" << base::to_ns(record.delivery.first)
       << " last_ns=" << base::to_ns(record.delivery.last) << " congestion=" << record.congestion
       << " status=" << record.status << '\n';
  const std::lock_guard lock(mutex_);
  *out_ << line.str() << std::flush;
}

}  // namespace dlab::serve
