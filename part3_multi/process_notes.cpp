#include "part3_multi/process_notes.hpp"

#include <stdexcept>
#include <string>

#include "common/exchange/requests.hpp"
#include "common/storage/sink.hpp"
#include "part3_multi/connection_work.hpp"

namespace dlab::part3 {
namespace {

// What failed stands at the front, why at the end: a reason that is too long loses its middle.
std::string shortened(const std::string& why, std::size_t most) {
  const std::size_t half = (most - 3) / 2;
  return why.size() <= most ? why : why.substr(0, half) + "..." + why.substr(why.size() - half);
}

note::Failed make_failed(note::Failed::Kind kind, const std::string& why,
                         wire::ErrorCode code = {}) {
  note::Failed failed{.kind = kind, .code = code, .why = {}};
  const std::size_t most = failed.why.size() - 1;
  shortened(why, most).copy(failed.why.data(), most);
  return failed;
}

}  // namespace

note::Failed describe_failure(const std::exception_ptr& error) {
  using Kind = note::Failed::Kind;
  try {
    std::rethrow_exception(error);
  } catch (const exchange::Refused& refused) {
    return make_failed(Kind::refused, refused.what(), refused.code());
  } catch (const exchange::ProtocolError& wrong) {
    return make_failed(Kind::protocol, wrong.what());
  } catch (const storage::SinkFailed& full) {
    return make_failed(Kind::sink, full.what());
  } catch (const std::exception& lost) {
    return make_failed(Kind::lost, lost.what());
  }
}

std::exception_ptr failure_of(const note::Failed& failed) {
  const std::string why = failed.why.data();
  switch (failed.kind) {
    case note::Failed::Kind::refused:
      return std::make_exception_ptr(exchange::Refused(why, failed.code));
    case note::Failed::Kind::protocol:
      return std::make_exception_ptr(exchange::ProtocolError(why));
    case note::Failed::Kind::sink:
      return std::make_exception_ptr(storage::SinkFailed(why));
    case note::Failed::Kind::lost:
      break;
  }
  return std::make_exception_ptr(std::runtime_error(why));
}

}  // namespace dlab::part3
