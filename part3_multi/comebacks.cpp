#include "part3_multi/comebacks.hpp"

#include "common/exchange/requests.hpp"
#include "common/storage/sink.hpp"
#include "part3_multi/connection_work.hpp"

namespace dlab::part3 {

std::optional<base::Duration> Comebacks::after(const std::exception_ptr& error) {
  if (transfer_.ending.reached()) {
    return std::nullopt;
  }
  // Any byte on any connection counts as progress: behind a server that takes one client at a
  // time the others wait, and that is no failure of theirs.
  const std::uint64_t bytes = transfer_.bytes;
  failures_ = bytes > bytes_at_failure_ ? 1 : failures_ + 1;
  bytes_at_failure_ = bytes;
  if (is_beyond_repair(error) || failures_ > transfer_.retries) {
    transfer_.end(error);
    return std::nullopt;
  }
  ++transfer_.retried;
  if (is_one_too_many(error) && transfer_.board.retire(number_)) {
    return std::nullopt;
  }
  return backoff_.before_attempt(failures_);
}

bool Comebacks::is_one_too_many(const std::exception_ptr& error) const {
  try {
    std::rethrow_exception(error);
  } catch (const exchange::Refused& refused) {
    return refused.code() == wire::ErrorCode::busy;
  } catch (const std::exception&) {
    return false;
  }
}

bool Comebacks::is_beyond_repair(const std::exception_ptr& error) const {
  if (number_ == 0 && transfer_.version == wire::kAnyVersion) {
    return true;  // nothing is known of the file yet: say at once why
  }
  try {
    std::rethrow_exception(error);
  } catch (const exchange::Refused& refused) {
    return !refused.may_pass();
  } catch (const storage::SinkFailed&) {
    return true;
  } catch (const exchange::ProtocolError&) {
    return true;
  } catch (const std::exception&) {
    return false;  // the connection was lost
  }
}

}  // namespace dlab::part3
