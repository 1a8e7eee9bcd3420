#include "part4_mirrors/web_handle.hpp"

#include <algorithm>
#include <ctime>
#include <new>
#include <stdexcept>

#include "common/wire/ascii.hpp"

namespace dlab::part4 {
namespace {

using std::chrono::milliseconds;

constexpr base::ByteCount kLeastBuffer = base::ByteCount{16} << 10U;
// The more is received at once, the less often one waits: 256 KiB took 4 to 9 % more processor
// time.
constexpr base::ByteCount kWebBuffer = base::ByteCount{1} << 20U;
constexpr long kMostRedirections = 5;

}  // namespace

WebHandle::WebHandle(const WebTarget& target, const SourceSetup& setup) {
  static const CURLcode initialised = ::curl_global_init(CURL_GLOBAL_DEFAULT);
  check(initialised);
  multi_.reset(::curl_multi_init());
  easy_.reset(::curl_easy_init());
  fields_.reset(::curl_slist_append(nullptr, "Accept-Encoding: identity"));
  if (!multi_ || !easy_ || !fields_) {
    throw std::bad_alloc();
  }
  const auto buffer = std::clamp<base::ByteCount>(setup.options.buffer.value_or(kWebBuffer),
                                                  kLeastBuffer, CURL_MAX_READ_SIZE);
  const auto timeout = std::chrono::ceil<milliseconds>(setup.options.connect_timeout);
  set(CURLOPT_URL, target.url.c_str());
  set(CURLOPT_RANGE, target.range.empty() ? nullptr : target.range.c_str());
  set(CURLOPT_HTTPHEADER, fields_.get());
  set(CURLOPT_USERAGENT, "part4_client");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_BUFFERSIZE, static_cast<long>(buffer));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeout.count()));
  set(CURLOPT_ERRORBUFFER, words_.data());
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOSIGNAL, 1L);
  set_trust(target.url, setup.cacert);
  set_credentials(target.userinfo);
  check(::curl_multi_add_handle(multi_.get(), easy_.get()));
}

WebHandle::~WebHandle() {
  ::curl_multi_remove_handle(multi_.get(), easy_.get());
}

// Who begins with https stays with it, wherever the server sends him.
void WebHandle::set_trust(const std::string& url, const std::string& cacert) {
  const bool is_secure = wire::starts_with_ignoring_case(url, "https:");
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, is_secure ? "https" : "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, kMostRedirections);
  if (!cacert.empty()) {
    set(CURLOPT_CAINFO, cacert.c_str());
    set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  }
}

// libcurl sends them to no other host than the one they are for, whoever redirects.
void WebHandle::set_credentials(const std::string& userinfo) {
  const auto colon = std::min(userinfo.find(':'), userinfo.size());
  const std::string password = userinfo.substr(std::min(colon + 1, userinfo.size()));
  const auto set_decoded = [this](CURLoption option, const std::string& text) {
    const std::unique_ptr<char, decltype(&::curl_free)> decoded(
        ::curl_easy_unescape(easy_.get(), text.c_str(), static_cast<int>(text.size()), nullptr),
        ::curl_free);
    set(option, decoded.get());
  };
  if (!userinfo.empty()) {
    set_decoded(CURLOPT_USERNAME, userinfo.substr(0, colon));
    set_decoded(CURLOPT_PASSWORD, password);
  }
}

std::optional<CURLcode> WebHandle::perform() {
  int running = 0;
  check(::curl_multi_perform(multi_.get(), &running));
  int left = 0;
  const CURLMsg* const message = ::curl_multi_info_read(multi_.get(), &left);
  return message == nullptr ? std::nullopt : std::optional(message->data.result);
}

void WebHandle::wait(base::Duration at_most) {
  const auto ms = static_cast<int>(std::chrono::ceil<milliseconds>(at_most).count());
  check(::curl_multi_poll(multi_.get(), nullptr, 0, ms, nullptr));
}

void WebHandle::unpause() {
  check(::curl_easy_pause(easy_.get(), CURLPAUSE_CONT));
}

WebAnswer WebHandle::answer() const {
  WebAnswer answer{.content_range = field("Content-Range"),
                   .content_encoding = field("Content-Encoding"),
                   .content_type = field("Content-Type"),
                   .etag = field("ETag"),
                   .last_modified = field("Last-Modified"),
                   .retry_after = field("Retry-After"),
                   .date = field("Date"),
                   .received = std::time(nullptr)};
  check(::curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &answer.status));
  curl_off_t length = -1;
  check(::curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length));
  if (length >= 0) {
    answer.content_length = static_cast<std::uint64_t>(length);
  }
  return answer;
}

WebFailure WebHandle::failure(CURLcode code) const {
  long error_number = 0;
  check(::curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &error_number));
  return {.code = code, .error_number = static_cast<int>(error_number), .detail = words_.data()};
}

void WebHandle::check(CURLcode code) {
  if (code != CURLE_OK) {
    throw std::runtime_error(std::string("libcurl: ") + ::curl_easy_strerror(code));
  }
}

void WebHandle::check(CURLMcode code) {
  if (code != CURLM_OK) {
    throw std::runtime_error(std::string("libcurl: ") + ::curl_multi_strerror(code));
  }
}

std::string WebHandle::field(const char* name) const {
  curl_header* header = nullptr;
  const CURLHcode code = ::curl_easy_header(easy_.get(), name, 0, CURLH_HEADER, -1, &header);
  return code == CURLHE_OK ? std::string(header->value) : std::string();
}

}  // namespace dlab::part4
