#include "common/serve/http_answer.hpp"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>
#include <variant>

#include "common/serve/listing_page.hpp"
#include "common/wire/http_conditions.hpp"
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

// The bytes of `file` that are asked for. Only GET knows ranges (RFC 9110 section 14.2).
wire::AskedRange asked_range(const HttpRequest& request, std::uint64_t size,
                             const wire::HttpHead& head) {
  const bool counts = request.method == HttpMethod::get && request.range &&
                      wire::range_is_wanted(request, head.validators, head.date);
  return counts ? wire::parse_byte_range(*request.range, size) : wire::AskedRange{};
}

// A date behind the clock's, or before the epoch, is nobody's (RFC 9110 section 8.8.2.1).
wire::Validators validators_of(const storage::ServedFile& file, std::chrono::sys_seconds now) {
  return {.tag = wire::entity_tag(file.version, !file.is_settled),
          .last_modified = std::clamp(file.modified, std::chrono::sys_seconds{}, now)};
}

// Answers one request; the kinds of answer are its member functions.
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

  HttpAnswer page(std::string_view body) {
    auto instead = judge_conditions();
    return instead ? *std::move(instead) : text(HttpStatus::ok, "text/html; charset=utf-8", body);
  }

  HttpAnswer file(storage::ServedFile file) {
    head_.validators = validators_of(file, head_.date);
    if (auto instead = judge_conditions()) {
      return *std::move(instead);
    }
    const auto asked = asked_range(request_, file.size, head_);
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
  // The answer when the request's conditions do not let it be carried out.
  std::optional<HttpAnswer> judge_conditions() {
    const auto status = wire::judge_conditions(request_, head_.validators, head_.date);
    if (status == HttpStatus::precondition_failed) {
      return error(status, "this is no longer what the client expects");
    }
    if (status == HttpStatus::not_modified) {
      head_.status = status;
      return finish();
    }
    return std::nullopt;
  }

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
      return answering.page(listing_page(root.list()));
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
