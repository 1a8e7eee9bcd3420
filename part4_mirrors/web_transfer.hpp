#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <string>

#include "part4_mirrors/web_handle.hpp"

namespace dlab::part4 {

// One GET of a range from a web server. For one thread. Methods throw what RangeSource does; after
// anything but the timeout only the destructor may be called.
class WebTransfer {
 public:
  WebTransfer(const WebTarget& target, const SourceSetup& setup);

  // Waits until the request can be sent.
  void connect();
  // Waits for the answer; of redirections that is the last one.
  WebAnswer answer();
  // Waits for bytes and hands at most `most` of them, which is at least one, to `take`, just as
  // libcurl has them. Returns how many; 0: no more will come.
  std::uint64_t receive(std::uint64_t most, const RangeSource::Take& take);

  [[nodiscard]] std::uint16_t local_port() const { return local_port_; }
  // `get http://host/a.jpg`
  [[nodiscard]] std::string request() const { return "get " + url_; }

 private:
  // libcurl calls these back; `self` is a WebTransfer.
  static int on_socket(void* self, curl_socket_t fd, curlsocktype purpose);
  static int on_connection(void* self, char* peer, char* host, int peer_port, int port);
  static std::size_t on_body(char* data, std::size_t unit, std::size_t count, void* self);

  std::size_t hand_out(std::span<const std::byte> data);
  template <typename Reached>
  bool drive_until(Reached reached, base::Duration at_most);
  void throw_if_thrown();
  void throw_if_failed();

  std::string url_;
  SourceSetup setup_;
  WebHandle handle_;

  std::uint16_t local_port_ = 0;  // 0: no connection yet
  bool has_body_ = false;
  bool is_paused_ = false;   // libcurl holds bytes back
  std::uint64_t again_ = 0;  // bytes that were taken and that libcurl is going to bring again
  std::uint64_t room_ = 0;   // bytes that take_ may still be given; 0: there is none
  const RangeSource::Take* take_ = nullptr;
  std::exception_ptr thrown_;       // by a callback: it must not cross libcurl's frames
  std::optional<CURLcode> result_;  // once the transfer is over
};

}  // namespace dlab::part4
