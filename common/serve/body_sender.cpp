#include "common/serve/body_sender.hpp"

#include "common/base/check.hpp"

namespace dlab::serve {

void BodySender::send(const storage::ServedFile& file, storage::ByteRange range,
                      Delivery& delivery) {
  while (!range.empty()) {
    if (delivery.sent == 0) {
      delivery.first = base::Clock::now();
    }
    const auto sent = outlet_.send(stream_, file.fd.get(), range);
    if (!sent) {
      base::throw_system_error(ETIMEDOUT, "send to", stream_.peer());
    }
    delivery.last = base::Clock::now();
    delivery.sent += *sent;
    range.begin += *sent;
  }
}

}  // namespace dlab::serve
