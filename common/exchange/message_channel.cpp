#include "common/exchange/message_channel.hpp"

#include <algorithm>
#include <cstring>
#include <system_error>
#include <utility>

namespace dlab::exchange {
namespace {

const char* explain(wire::FrameError error) {
  switch (error) {
    case wire::FrameError::bad_magic:
      return "this is not the dlab protocol";
    case wire::FrameError::bad_version:
      return "a protocol version that is not spoken here";
    default:
      return "a message longer than its type allows";
  }
}

}  // namespace

wire::ParsedFrame parse_frame_from(const std::string& peer, std::span<const std::byte> input) {
  const auto parsed = wire::parse_frame(input);
  if (parsed.error != wire::FrameError::none) {
    throw ProtocolError("receive from " + peer + ": " + explain(parsed.error), parsed.error);
  }
  return parsed;
}

MessageChannel::MessageChannel(net::TcpStream stream, std::size_t buffer_bytes)
    : stream_(std::move(stream)), buffer_(std::max(buffer_bytes, wire::kHeaderBytes)) {}

wire::ParsedFrame MessageChannel::parse() const {
  return parse_frame_from(stream_.peer(), std::span(buffer_).subspan(begin_, end_ - begin_));
}

// Makes room for a frame of `frame_bytes` and receives what comes. False at the peer's end.
bool MessageChannel::receive_more(std::size_t frame_bytes) {
  if (begin_ + frame_bytes > buffer_.size()) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    buffer_.resize(std::max(buffer_.size(), frame_bytes));  // bounded by wire::max_body
  }
  const std::size_t received = stream_.receive_some(std::span(buffer_).subspan(end_));
  end_ += received;
  return received > 0;
}

// The next part of a request. A receive that finds bytes never times out, however late it is, and
// one that finds none is late: the caller looks at the deadline after both.
void MessageChannel::receive_more_until(const base::Deadline& deadline, std::size_t frame_bytes) {
  stream_.set_receive_timeout(deadline.left());
  try {
    if (!receive_more(frame_bytes)) {
      throw net::CutShort("receive from " + stream_.peer() + ": closed within a request");
    }
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::timed_out) {
      throw;
    }
  }
}

std::optional<wire::Frame> MessageChannel::receive() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
  }
  for (;;) {
    const auto parsed = parse();
    if (parsed.frame) {
      begin_ += parsed.bytes;
      return parsed.frame;
    }
    const bool between_frames = begin_ == end_;
    if (!receive_more(parsed.bytes)) {
      if (between_frames) {
        return std::nullopt;
      }
      throw net::CutShort("receive from " + stream_.peer() + ": closed within a message");
    }
  }
}

std::optional<wire::Frame> MessageChannel::receive_request(base::Duration idle,
                                                           base::Duration complete) {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    stream_.set_receive_timeout(idle);
    if (!receive_more(wire::kHeaderBytes)) {
      return std::nullopt;
    }
  }
  const auto deadline = base::Deadline::after(complete);
  for (;;) {
    const auto parsed = parse();
    if (parsed.frame) {
      begin_ += parsed.bytes;
      return parsed.frame;
    }
    if (deadline.passed()) {
      throw RequestTimedOut("receive from " + stream_.peer() + ": a request did not end in time");
    }
    receive_more_until(deadline, parsed.bytes);
  }
}

std::size_t MessageChannel::receive_raw(std::span<std::byte> buffer) {
  if (begin_ == end_) {
    return stream_.receive_some(buffer);
  }
  const std::size_t count = std::min(buffer.size(), end_ - begin_);
  std::memcpy(buffer.data(), buffer_.data() + begin_, count);
  begin_ += count;
  return count;
}

}  // namespace dlab::exchange
