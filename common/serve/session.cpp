#include "common/serve/session.hpp"

#include <cctype>
#include <utility>

#include "common/serve/http_answer.hpp"
#include "common/serve/refusal.hpp"

namespace dlab::serve {
namespace {

// A client between two requests keeps no more room than this.
constexpr std::size_t kIdleInput = 1024;

const char* name_of(wire::HttpMethod method) {
  switch (method) {
    case wire::HttpMethod::get:
      return "HTTP-GET";
    case wire::HttpMethod::head:
      return "HTTP-HEAD";
    default:
      return "HTTP";
  }
}

Reply to_reply(HttpAnswer answer, RequestRecord record) {
  const auto head = std::as_bytes(std::span(answer.head));
  record.range = answer.range;
  record.status = std::move(answer.status);
  return {.head = {head.begin(), head.end()},
          .file = std::move(answer.file),
          .range = answer.range,
          .digest = std::nullopt,
          .ends_connection = !answer.keep_alive,
          .record = std::move(record)};
}

}  // namespace

Session::Session(FileService& files, const net::ServiceLimits& limits,
                 std::optional<base::BitRate> rate_limit, std::string client,
                 std::string congestion, base::TimePoint now)
    : files_(files),
      limits_(limits),
      client_(std::move(client)),
      congestion_(std::move(congestion)),
      waiting_since_(now),
      outgoing_(limits, rate_limit, now) {}

void Session::refuse(std::string why) {
  refusal_ = std::move(why);
}

Step Session::next(base::TimePoint now) {
  for (;;) {
    if (outgoing_.is_under_way()) {
      if (const auto step = outgoing_.next(now)) {
        return *step;
      }
      end_reply("ok", now);
      continue;
    }
    switch (phase_) {
      case Phase::closed:
        return {};
      case Phase::ending:
        phase_ = Phase::lingering;
        waiting_since_ = now;
        return {.kind = Step::Kind::end_sending};
      case Phase::lingering:
        if (now >= waiting_since_ + limits_.refusal_timeout) {
          return {};
        }
        return {.kind = Step::Kind::receive, .until = waiting_since_ + limits_.refusal_timeout};
      case Phase::serving:
        if (take_request(now)) {
          continue;
        }
        if (work_ends_) {
          return {.kind = Step::Kind::wait, .until = *work_ends_};
        }
        // However a request trickles in: each byte is in time, and the whole is not.
        if (!input_.empty() && now >= patience_ends()) {
          timed_out(now);
          continue;
        }
        return {.kind = Step::Kind::receive, .until = patience_ends()};
    }
  }
}

base::TimePoint Session::patience_ends() const {
  if (!refusal_.empty()) {
    return waiting_since_ + limits_.refusal_timeout;
  }
  return waiting_since_ + (input_.empty() ? limits_.stall_timeout : limits_.request_timeout);
}

void Session::received(std::span<const std::byte> bytes, base::TimePoint now) {
  if (bytes.empty()) {
    phase_ = Phase::closed;
    return;
  }
  if (phase_ == Phase::lingering) {
    return;
  }
  if (input_.empty()) {
    waiting_since_ = now;
  }
  input_.insert(input_.end(), bytes.begin(), bytes.end());
}

void Session::sent(std::size_t bytes, base::TimePoint now) {
  outgoing_.sent(bytes, now);
}

void Session::timed_out(base::TimePoint now) {
  if (outgoing_.is_under_way()) {
    end_reply("stalled", now);
    phase_ = Phase::closed;
  } else if (phase_ == Phase::serving && !refusal_.empty()) {
    tell_busy(now);
  } else if (phase_ == Phase::serving && !input_.empty()) {
    refuse_and_end({wire::ErrorCode::timed_out, "the request did not end in time"},
                   wire::HttpStatus::request_timeout, now);
  } else {
    phase_ = Phase::closed;
  }
}

void Session::file_ended() {
  end_reply("file-truncated", outgoing_.progress_at());
  phase_ = Phase::closed;
}

// `status`: how a body's way ended; what had none was judged when the answer was made.
void Session::end_reply(const char* status, base::TimePoint now) {
  Reply reply = outgoing_.end();
  auto& record = reply.record;
  if (reply.file) {
    record.status = status;
  }
  if (files_.log().is_kept()) {
    record.client = client_;
    record.congestion = congestion_;
    files_.log().write(record);
  }
  if (reply.ends_connection) {
    phase_ = Phase::ending;
  }
  waiting_since_ = now;
}

void Session::broken_off() {
  if (outgoing_.is_under_way()) {
    end_reply("client-left", outgoing_.progress_at());
  }
  phase_ = Phase::closed;
}

// No method of HTTP begins like our magic, and no empty line before it.
bool Session::take_request(base::TimePoint now) {
  if (language_ == Language::unknown && !input_.empty()) {
    const auto first = static_cast<unsigned char>(input_.front());
    language_ = std::isalpha(first) != 0 || first == '\r' ? Language::http : Language::ours;
  }
  return language_ == Language::http ? take_http(now) : take_frame(now);
}

bool Session::take_frame(base::TimePoint now) {
  const auto parsed = wire::parse_frame(input_);
  if (parsed.error != wire::FrameError::none) {
    refuse_and_end(to_error(parsed.error), {}, now);
    return true;
  }
  if (!parsed.frame) {
    return false;
  }
  if (is_refused()) {
    tell_busy(now);
    return true;
  }
  if (must_work_first(now)) {
    return false;
  }
  auto reply = files_.reply(*parsed.frame);
  answer_with(reply ? *std::move(reply) : refused(kUnknownType), now);
  drop_input(parsed.bytes);
  return true;
}

bool Session::take_http(base::TimePoint now) {
  const auto parsed = wire::parse_http_request(input_);
  if (parsed.error != wire::HttpStatus::none) {
    refuse_and_end({}, parsed.error, now);
    return true;
  }
  if (!parsed.request) {
    return false;
  }
  if (is_refused()) {
    tell_busy(now);
    return true;
  }
  if (must_work_first(now)) {
    return false;
  }
  auto request = *parsed.request;
  request.keep_alive = request.keep_alive && !limits_.one_request;
  answer_with(to_reply(answer_http(request, files_.root()),
                       {.request = name_of(request.method), .name = request.path}),
              now);
  drop_input(parsed.bytes);
  return true;
}

// Every so-manieth request takes some time before it is answered, for queueing experiments.
bool Session::must_work_first(base::TimePoint now) {
  if (!work_ends_) {
    work_ends_ = ++requests_ % limits_.service_every == 0 ? now + limits_.service_time : now;
  }
  if (now < *work_ends_) {
    return true;
  }
  work_ends_.reset();
  return false;
}

void Session::answer_with(Reply reply, base::TimePoint now) {
  reply.ends_connection = reply.ends_connection || limits_.one_request;
  outgoing_.begin(std::move(reply), now);
}

void Session::refuse_and_end(const wire::Error& error, wire::HttpStatus status,
                             base::TimePoint now) {
  input_.clear();
  Reply reply = language_ == Language::http ? to_reply(refuse_http(status), {.request = "HTTP"})
                                            : refused(error);
  reply.ends_connection = reply.is_refusal = true;
  answer_with(std::move(reply), now);
}

void Session::tell_busy(base::TimePoint now) {
  refuse_and_end({wire::ErrorCode::busy, refusal_}, wire::HttpStatus::service_unavailable, now);
}

void Session::drop_input(std::size_t bytes) {
  input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(bytes));
  if (input_.empty() && input_.capacity() > kIdleInput) {
    input_.shrink_to_fit();
  }
}

}  // namespace dlab::serve
