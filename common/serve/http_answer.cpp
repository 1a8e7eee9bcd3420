#include "common/serve/http_answer.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <variant>

#include "common/serve/listing_page.hpp"
#include "common/wire/http_head.hpp"
#include "common/wire/http_range.hpp"

namespace dlab::serve {
namespace {

using wire::HttpMethod;
using wire::HttpRequest;
using wire::HttpStatus;

HttpStatus to_status(storage::OpenProblem problem) {
  switch (problem) {
    case storage::OpenProblem::not_found:
      return HttpStatus::not_found;
    case storage::OpenProblem::not_a_file:
    case storage::OpenProblem::forbidden:
      return HttpStatus::forbidden;
    default:
      return HttpStatus::bad_request;
  }
}

std::string_view next_in_list(std::string_view& list) {
  const auto comma = std::min(list.find(','), list.size());
  std::string_view item = list.substr(0, comma);
  list.remove_prefix(std::min(comma + 1, list.size()));
  item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
  return item.substr(0, item.find_last_not_of(" \t") + 1);
}

// Is `tag` among those of an If-None-Match field? Compared weakly (RFC 9110 section 13.1.2). Our
// tags hold no commas, so one that does need not be read right.
bool lists_tag(std::string_view field, std::string_view tag) {
  while (!field.empty()) {
    auto item = next_in_list(field);
    if (item.starts_with("W/")) {
      item.remove_prefix(2);
    }
    if (item == tag || item == "*") {
      return true;
    }
  }
  return false;
}

// The bytes of `file` that are asked for. Only GET knows ranges (RFC 9110 section 14.2), and with
// If-Range only those of the file that the client began with.
wire::AskedRange asked_range(const HttpRequest& request, const storage::ServedFile& file) {
  const bool other_file = request.if_range && *request.if_range != wire::entity_tag(file.version);
  if (request.method != HttpMethod::get || !request.range || other_file) {
    return {};
  }
  return wire::parse_byte_range(*request.range, file.size);
}

// Answers one request; the three kinds of answer are its member functions.
class Answering {
 public:
  Answering(const HttpRequest& request, WallClock::time_point now) : request_(request) {
    head_.date = std::chrono::floor<std::chrono::seconds>(now);
    head_.keep_alive = request.keep_alive;
  }

  // A body of ours.
  HttpAnswer text(HttpStatus status, std::string_view type, std::string_view body) {
    head_.status = status;
    head_.content_type = type;
    head_.content_length = body.size();
    auto answer = finish();
    if (request_.method != HttpMethod::head) {
      answer.head += body;
    }
    return answer;
  }

  HttpAnswer error(HttpStatus status, std::string_view why) {
    const std::string number = std::to_string(static_cast<int>(status));
    return text(status, "text/plain; charset=utf-8", number + " " + std::string(why) + "\n");
  }

  HttpAnswer file(storage::ServedFile file) {
    head_.version = file.version;
    if (request_.if_none_match &&
        lists_tag(*request_.if_none_match, wire::entity_tag(file.version))) {
      head_.status = HttpStatus::not_modified;
      return finish();
    }
    const auto asked = asked_range(request_, file);
    if (asked.kind == wire::RangeKind::unsatisfiable) {
      const std::string size = "bytes */" + std::to_string(file.size);
      head_.content_range = size;
      return error(HttpStatus::range_not_satisfiable, "the range begins behind the end");
    }
    const bool whole = asked.kind == wire::RangeKind::whole;
    const storage::ByteRange range{asked.begin, whole ? file.size : asked.end};
    std::string place;
    if (!whole) {
      place = wire::content_range(range.begin, range.end, file.size);
      head_.status = HttpStatus::partial_content;
      head_.content_range = place;
    }
    head_.content_type = wire::content_type_of(file.name);
    head_.content_length = range.size();
    auto answer = finish();
    if (request_.method == HttpMethod::get) {
      answer.range = range;
      answer.file = std::move(file);
    }
    return answer;
  }

 private:
  HttpAnswer finish() {
    return {.head = wire::http_head(head_),
            .file = {},
            .range = {},
            .keep_alive = head_.keep_alive,
            .status = std::to_string(static_cast<int>(head_.status))};
  }

  const HttpRequest& request_;
  wire::HttpHead head_;
};

}  // namespace

HttpAnswer answer_http(const HttpRequest& request, const storage::ServedRoot& root,
                       WallClock::time_point now) {
  Answering answering(request, now);
  if (request.method == HttpMethod::other) {
    return answering.error(HttpStatus::method_not_allowed, "only GET and HEAD are served here");
  }
  try {
    if (request.path.empty()) {
      return answering.text(HttpStatus::ok, "text/html; charset=utf-8", listing_page(root.list()));
    }
    auto opened = root.open(request.path);
    if (const auto* failure = std::get_if<storage::OpenFailure>(&opened)) {
      return answering.error(to_status(failure->problem), failure->message);
    }
    return answering.file(std::get<storage::ServedFile>(std::move(opened)));
  } catch (const std::system_error& error) {
    return answering.error(HttpStatus::internal_error, error.what());
  }
}

HttpAnswer refuse_http(HttpStatus status, WallClock::time_point now) {
  const HttpRequest unread{.keep_alive = false};
  return Answering(unread, now).error(status, wire::reason_phrase(status));
}

}  // namespace dlab::serve
