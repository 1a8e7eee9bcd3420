#include "part4_mirrors/web_failure.hpp"

#include <cerrno>

#include "common/base/check.hpp"
#include "common/base/terminal_text.hpp"
#include "common/exchange/message_channel.hpp"
#include "common/net/tcp_stream.hpp"
#include "common/wire/http_target.hpp"

namespace dlab::part4 {
namespace {

// The system call during which it happened, when its error number tells more than libcurl's words.
const char* system_call(const WebFailure& failure) {
  if (failure.error_number == 0 || failure.error_number == ETIMEDOUT) {
    return nullptr;
  }
  switch (failure.code) {
    case CURLE_COULDNT_CONNECT:
      return "connect";
    case CURLE_SEND_ERROR:
      return "send to";
    case CURLE_RECV_ERROR:
      return "receive from";
    default:
      return nullptr;
  }
}

}  // namespace

void throw_web_failure(const WebFailure& failure, const std::string& request,
                       const std::string& url) {
  if (const char* const operation = system_call(failure)) {
    base::throw_system_error(failure.error_number, operation, url);
  }
  const std::string& words =
      failure.detail.empty() ? ::curl_easy_strerror(failure.code) : failure.detail;
  const std::string text = request + ": " + base::printable(wire::without_userinfo(words));
  switch (failure.code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_OUT_OF_MEMORY:
      throw std::runtime_error(text);
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_SSL_CONNECT_ERROR:
      throw net::CutShort(text);
    default:
      throw exchange::ProtocolError(text);
  }
}

}  // namespace dlab::part4
