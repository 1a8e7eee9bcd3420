#include "common/serve/refusal.hpp"

namespace dlab::serve {

wire::Error to_error(wire::FrameError problem) {
  switch (problem) {
    case wire::FrameError::bad_version:
      return {wire::ErrorCode::unsupported_version, "this server speaks version 1"};
    case wire::FrameError::too_long:
      return {wire::ErrorCode::malformed, "the message is longer than its type allows"};
    default:
      return {wire::ErrorCode::malformed, "this is not the dlab protocol"};
  }
}

}  // namespace dlab::serve
