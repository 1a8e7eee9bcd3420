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

// libcurl sends user and password to no other host than that of their URL, whoever redirects. It
// takes the first @ for the one behind them.
std::string with_userinfo(const WebTarget& target) {
  if (target.userinfo.empty()) {
    return target.url;
  }
  std::string userinfo;
  for (const char character : target.userinfo) {
    userinfo += character == '@' ? "%40" : std::string(1, character);
  }
  return std::string(target.url).insert(target.url.find("://") + 3, userinfo + "@");
}

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
  set(CURLOPT_URL, with_userinfo(target).c_str());
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
                   .received = std::time(nullptr),
                   .origin = origin()};
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

// Where redirections have led. Without what may be secret: user and password, and the query, in
// which stores of objects hand out leave to read, a new one for each request.
std::string WebHandle::origin() const {
  long redirections = 0;
  const char* effective = nullptr;
  check(::curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_COUNT, &redirections));
  check(::curl_easy_getinfo(easy_.get(), CURLINFO_EFFECTIVE_URL, &effective));
  if (redirections == 0 || effective == nullptr) {
    return {};
  }
  const std::unique_ptr<CURLU, decltype(&::curl_url_cleanup)> url(::curl_url(), ::curl_url_cleanup);
  ::curl_url_set(url.get(), CURLUPART_URL, effective, 0);
  for (const auto part :
       {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT}) {
    ::curl_url_set(url.get(), part, nullptr, 0);
  }
  char* text = nullptr;
  ::curl_url_get(url.get(), CURLUPART_URL, &text, 0);
  const std::unique_ptr<char, decltype(&::curl_free)> owner(text, ::curl_free);
  return text == nullptr ? std::string() : std::string(text);
}

std::string WebHandle::field(const char* name) const {
  curl_header* header = nullptr;
  const CURLHcode code = ::curl_easy_header(easy_.get(), name, 0, CURLH_HEADER, -1, &header);
  if (code != CURLHE_OK) {
    return {};
  }
  const std::string value = header->value;  // an empty one has kept its carriage return
  return value.substr(0, value.find_last_not_of(" \t\r") + 1);
}

}  // namespace dlab::part4
