#pragma once

#include <optional>
#include <span>
#include <stdexcept>

#include "common/base/clock.hpp"
#include "common/base/page_buffer.hpp"
#include "common/net/tcp_stream.hpp"
#include "common/wire/codec.hpp"

namespace dlab::exchange {

// The peer sent something that the protocol does not allow.
class ProtocolError : public std::runtime_error {
 public:
  explicit ProtocolError(const std::string& what, wire::FrameError frame = wire::FrameError::none)
      : std::runtime_error(what), frame_(frame) {}
  // How the frame itself was wrong, for a server that wants to answer.
  [[nodiscard]] wire::FrameError frame() const { return frame_; }

 private:
  wire::FrameError frame_;
};

// A request was begun and did not arrive whole in time.
class RequestTimedOut : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Looks at the front of what came from `peer`, as wire::parse_frame. Throws ProtocolError for what
// is no frame.
wire::ParsedFrame parse_frame_from(const std::string& peer, std::span<const std::byte> input);

// Messages over a stream, one at a time, and the raw bytes that may follow one. Methods throw what
// TcpStream throws, and ProtocolError. One thread may send while another receives.
class MessageChannel {
 public:
  static constexpr std::size_t kDefaultBuffer = std::size_t{16} << 10U;

  // `buffer_bytes`: how much is received at once while looking for frames.
  explicit MessageChannel(net::TcpStream stream, std::size_t buffer_bytes = kDefaultBuffer);

  template <typename Message>
  void send(const Message& message, bool more = false) {
    stream_.send_all(wire::encode(message), more);
  }

  // The next frame, valid until the next call; nothing when the peer closed between two frames.
  std::optional<wire::Frame> receive();
  // The same for a server: waits up to `idle` for the first byte, and then until `complete` for
  // the whole frame, however it trickles in; then throws RequestTimedOut.
  std::optional<wire::Frame> receive_request(base::Duration idle, base::Duration complete);

  // Bytes after a frame: what was received with it first, then what the stream brings; 0: the
  // peer has closed.
  std::size_t receive_raw(std::span<std::byte> buffer);

  // Nothing is left over from an earlier receive.
  [[nodiscard]] bool drained() const { return begin_ == end_; }
  [[nodiscard]] net::TcpStream& stream() { return stream_; }

 private:
  wire::ParsedFrame parse() const;
  bool receive_more(std::size_t frame_bytes);
  void receive_more_until(const base::Deadline& deadline, std::size_t frame_bytes);

  net::TcpStream stream_;
  base::PageBuffer buffer_;
  std::size_t begin_ = 0;  // received but not yet used: [begin_, end_)
  std::size_t end_ = 0;
};

}  // namespace dlab::exchange
