#pragma once

#include <string>

#include "common/wire/codec.hpp"
#include "tests/common/support/hex.hpp"

namespace dlab::load {

template <typename Message>
std::string frame_of(const Message& message) {
  return test::text(wire::encode(message));
}

// A whole answer of our protocol.
inline std::string file_answer(const std::string& body) {
  return frame_of(wire::File{.size = body.size(),
                             .version = 7,
                             .offset = 0,
                             .length = body.size(),
                             .sent_ns = 1,
                             .name = "a"}) +
         body;
}

inline std::string error_answer(wire::ErrorCode code) {
  return frame_of(wire::Error{.code = code, .message = "no"});
}

inline std::string http_answer(const std::string& status, const std::string& body,
                               const std::string& fields = "") {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         fields + "\r\n" + body;
}

}  // namespace dlab::load
