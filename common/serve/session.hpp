#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/net/service_limits.hpp"
#include "common/serve/file_service.hpp"
#include "common/serve/outgoing_reply.hpp"
#include "common/serve/step.hpp"
#include "common/wire/http.hpp"

namespace dlab::serve {

// One client's conversation with the file service, in our protocol or in HTTP/1.1
// (docs/protocol.md), as a pure machine: bytes and times go in, steps come out. It knows no socket
// and no clock, so a thread that blocks, an event loop and a ring of completions all drive the same
// one (drive.hpp, models/). Not thread-safe.
//
//   for (;;) { step = session.next(now); do it; session.received(...) or sent(...) or timed_out();
//   }
class Session {
 public:
  // `files` and `limits` must outlive the session. `client`: its address, for the log.
  // `rate_limit`: caps what is sent.
  Session(FileService& files, const net::ServiceLimits& limits,
          std::optional<base::BitRate> rate_limit, std::string client, std::string congestion,
          base::TimePoint now);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { broken_off(); }

  // Answers whatever comes first with `why` and ends.
  void refuse(std::string why);
  [[nodiscard]] bool is_refused() const { return !refusal_.empty(); }

  Step next(base::TimePoint now);
  // What came of a receive; empty: the client sends no more.
  void received(std::span<const std::byte> bytes, base::TimePoint now);
  // What came of a send, head and range counted together.
  void sent(std::size_t bytes, base::TimePoint now);
  // A receive or send saw no byte until its time was over.
  void timed_out(base::TimePoint now);
  // The file is shorter than was promised.
  void file_ended();
  // The connection is lost. Writes the log's line of what was not answered to its end.
  void broken_off();

 private:
  enum class Language { unknown, ours, http };
  enum class Phase { serving, ending, lingering, closed };

  void end_reply(const char* status, base::TimePoint now);
  bool take_request(base::TimePoint now);
  bool take_frame(base::TimePoint now);
  bool take_http(base::TimePoint now);
  void answer_with(Reply reply, base::TimePoint now);
  // In the client's language.
  void refuse_and_end(const wire::Error& error, wire::HttpStatus status, base::TimePoint now);
  void tell_busy(base::TimePoint now);
  void drop_input(std::size_t bytes);
  [[nodiscard]] bool must_work_first(base::TimePoint now);
  [[nodiscard]] base::TimePoint patience_ends() const;

  FileService& files_;
  const net::ServiceLimits& limits_;
  std::string client_;
  std::string congestion_;

  Language language_ = Language::unknown;  // told by the client's first byte
  Phase phase_ = Phase::serving;
  std::string refusal_;            // empty: none
  std::vector<std::byte> input_;   // received and not yet understood
  base::TimePoint waiting_since_;  // for the first byte of a request, or since it came
  std::uint32_t requests_ = 0;
  std::optional<base::TimePoint> work_ends_;  // of the request at the front of input_

  OutgoingReply outgoing_;
};

}  // namespace dlab::serve
