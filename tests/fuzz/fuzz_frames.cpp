// A stream of bytes taken for frames, one after another, and every body for its message.

#include <cstddef>
#include <cstdint>

#include "tests/fuzz/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlab;
  auto rest = std::as_bytes(std::span(data, size));
  for (;;) {
    const auto parsed = wire::parse_frame(rest);
    if (!parsed.frame) {
      // More is asked for, never less than is there; or the stream is given up.
      fuzz::must(parsed.error != wire::FrameError::none || parsed.bytes > rest.size());
      return 0;
    }
    fuzz::must(parsed.error == wire::FrameError::none && parsed.bytes <= rest.size());
    fuzz::must(parsed.frame->body.size() + wire::kHeaderBytes == parsed.bytes);
    fuzz::must(parsed.frame->body.size() <= wire::max_body(parsed.frame->type));
    fuzz::read_as(parsed.frame->type, parsed.frame->body);
    rest = rest.subspan(parsed.bytes);
  }
}
