#include "common/wire/http.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <string_view>
#include <utility>

#include "common/wire/http_target.hpp"

namespace dlab::wire {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

constexpr std::string_view kEndOfLine = "\r\n";
constexpr std::string_view kEndOfHead = "\r\n\r\n";

std::string_view to_std(string_view text) {
  return {text.data(), text.size()};
}

bool only_of(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

// Could this be a host and port (RFC 3986 section 3.2)? It is not looked up, so no closer look.
bool is_host(std::string_view text) {
  return only_of(text,
                 "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                 "-._~!$&'()*+,;=:%[]");
}

// Takes what we need out of a head; Beast knows the grammar. Nothing but what we keep is copied.
class HeadReader : public http::basic_parser<true> {
 public:
  // Beast would else wait for bodies that we refuse.
  HeadReader() { skip(true); }

  // What is wrong with a head whose every line is well formed?
  [[nodiscard]] HttpStatus problem() const {
    const bool hosts_right = hosts_ == 1 || (hosts_ == 0 && request_.minor_version == 0);
    const bool coded_twice = codings_ > 0 && (lengths_ > 0 || request_.minor_version == 0);
    if (!hosts_right || coded_twice) {
      return HttpStatus::bad_request;
    }
    if (!known_method_ || (codings_ > 0 && !chunked())) {
      return HttpStatus::not_implemented;
    }
    const bool refuses_body = request_.method != HttpMethod::other;
    return refuses_body && has_body() ? HttpStatus::content_too_large : HttpStatus::none;
  }

  // The request, once; there was no problem.
  HttpRequest take_request() {
    request_.keep_alive = keep_alive() && !has_body();
    return std::move(request_);
  }

 private:
  [[nodiscard]] bool has_body() const { return chunked() || content_length().value_or(0) > 0; }

  void on_request_impl(http::verb method, string_view, string_view target, int version,
                       error_code& error) override {
    known_method_ = method != http::verb::unknown;
    request_.minor_version = version == 10 ? 0 : 1;
    if (method != http::verb::get && method != http::verb::head) {
      request_.method = HttpMethod::other;
      return;  // the targets of OPTIONS and CONNECT are no paths
    }
    request_.method = method == http::verb::get ? HttpMethod::get : HttpMethod::head;
    auto path = path_of_target(to_std(target));
    if (!path) {
      error = http::error::bad_target;
      return;
    }
    request_.path = std::move(*path);
  }

  void on_field_impl(http::field name, string_view, string_view value, error_code& error) override {
    switch (name) {
      case http::field::host:
        ++hosts_;
        error = is_host(to_std(value)) ? error_code() : http::error::bad_value;
        break;
      case http::field::content_length:
        // The same length twice is legal as one list, and has no honest sender.
        error = ++lengths_ == 1 && only_of(to_std(value), "0123456789")
                    ? error_code()
                    : http::error::bad_content_length;
        break;
      case http::field::transfer_encoding:
        ++codings_;
        break;
      case http::field::range:
        join(request_.range, value);
        break;
      case http::field::if_range:
        join(request_.if_range, value);
        break;
      case http::field::if_match:
        join(request_.if_match, value);
        break;
      case http::field::if_none_match:
        join(request_.if_none_match, value);
        break;
      case http::field::if_modified_since:
        join(request_.if_modified_since, value);
        break;
      case http::field::if_unmodified_since:
        join(request_.if_unmodified_since, value);
        break;
      default:
        break;
    }
  }

  static void join(std::optional<std::string>& list, string_view value) {
    list = list ? *list + ", " + std::string(to_std(value)) : std::string(to_std(value));
  }

  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  HttpRequest request_;
  bool known_method_ = true;
  int hosts_ = 0;
  int lengths_ = 0;
  int codings_ = 0;
};

// Line feeds without their carriage return, and lines that go on in the next (RFC 9112 sections 2.2
// and 5.2). Beast would unfold the latter.
bool has_odd_lines(std::string_view head) {
  for (auto at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1)) {
    const bool folded = at + 1 < head.size() && (head[at + 1] == ' ' || head[at + 1] == '\t');
    if (at == 0 || head[at - 1] != '\r' || folded) {
      return true;
    }
  }
  return false;
}

// Does the request line name a version, if only one that we do not speak?
bool names_a_version(std::string_view head) {
  constexpr std::string_view kDigits = "0123456789";
  const auto line = head.substr(0, head.find(kEndOfLine));
  const auto version = line.substr(line.find(' ', line.find(' ') + 1) + 1);
  return version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.' &&
         only_of(version.substr(5, 1), kDigits) && only_of(version.substr(7, 1), kDigits);
}

ParsedHttpRequest refuse(HttpStatus status) {
  return {.request = {}, .bytes = 0, .error = status};
}

ParsedHttpRequest judge_unfinished(std::string_view text) {
  if (text.size() < kMaxHttpHeadBytes) {
    return {};
  }
  const bool has_line = text.find(kEndOfLine) != std::string_view::npos;
  return refuse(has_line ? HttpStatus::header_fields_too_large : HttpStatus::uri_too_long);
}

// Old clients end a body with a line too many (RFC 9112 section 2.2).
std::size_t size_of_empty_lines(std::string_view text) {
  std::size_t size = 0;
  while (text.substr(size).starts_with(kEndOfLine)) {
    size += kEndOfLine.size();
  }
  return size;
}

}  // namespace

ParsedHttpRequest parse_http_request(std::span<const std::byte> received) {
  const std::string_view all(reinterpret_cast<const char*>(received.data()), received.size());
  const auto text = all.substr(0, kMaxHttpHeadBytes);
  const std::size_t blank = size_of_empty_lines(text);
  const auto front = text.substr(blank);
  if (front.empty() || front == "\r") {
    return judge_unfinished(text);
  }
  const auto end = front.find(kEndOfHead);
  const bool whole = end != std::string_view::npos;
  const auto head = whole ? front.substr(0, end + kEndOfHead.size()) : front;
  if (has_odd_lines(head)) {
    return refuse(HttpStatus::bad_request);
  }
  HeadReader reader;
  error_code error;
  // Also when it is cut off: garbage must not wait for an end of itself.
  const std::size_t taken = reader.put({head.data(), head.size()}, error);
  if (!whole && (error == http::error::need_more || error == http::error::header_limit)) {
    return judge_unfinished(text);
  }
  if (error == http::error::bad_version && names_a_version(head)) {
    return refuse(HttpStatus::version_not_supported);
  }
  if (error || taken != head.size()) {
    return refuse(HttpStatus::bad_request);
  }
  if (const auto problem = reader.problem(); problem != HttpStatus::none) {
    return refuse(problem);
  }
  return {
      .request = reader.take_request(), .bytes = blank + head.size(), .error = HttpStatus::none};
}

}  // namespace dlab::wire
