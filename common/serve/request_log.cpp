#include "common/serve/request_log.hpp"

#include <array>
#include <cstdio>
#include <sstream>

namespace dlab::serve {
namespace {

// The name as one word: everything but letters, digits and harmless signs as %XX.
std::string one_word(const std::string& name) {
  std::string word;
  for (const char character : name) {
    const bool plain = (character >= '0' && character <= '9') ||
                       (character >= 'a' && character <= 'z') ||
                       (character >= 'A' && character <= 'Z') ||
                       std::string_view("-_./+@,:").find(character) != std::string_view::npos;
    if (plain) {
      word += character;
    } else {
      std::array<char, 4> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "%%%02X",
                    static_cast<unsigned>(static_cast<unsigned char>(character)));
      word += escaped.data();
    }
  }
  return word;
}

}  // namespace

void RequestLog::write(const RequestRecord& record) {
  if (out_ == nullptr || record.request.empty()) {
    return;
  }
  std::ostringstream line;
  line << "request=" << record.request << " client=" << record.client
       << " name=" << one_word(record.name) << " offset=" << record.range.begin
       << " length=" << record.range.size() << " sent=" << record.delivery.sent
       << " first_ns=" << base::to_ns(record.delivery.first)
       << " last_ns=" << base::to_ns(record.delivery.last) << " congestion=" << record.congestion
       << " status=" << record.status << '\n';
  const std::lock_guard lock(mutex_);
  *out_ << line.str() << std::flush;
}

}  // namespace dlab::serve
