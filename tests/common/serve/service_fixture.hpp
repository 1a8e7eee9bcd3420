#pragma once

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "common/exchange/requests.hpp"
#include "common/serve/file_service.hpp"
#include "common/serve/request_loop.hpp"
#include "tests/common/support/hex.hpp"
#include "tests/common/support/spent.hpp"
#include "tests/common/support/stream_pair.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::test {

// A FileService that serves one connection from a folder, and a client to talk to it.
class Service {
 public:
  explicit Service(const std::string& root, serve::IoPath path = serve::IoPath::copy,
                   const net::ServiceLimits& limits = {}, const net::SocketOptions& options = {})
      : service_(root, &log_), pair_(options), client_(std::move(pair_.client)) {
    server_ = std::jthread([this, path, limits] { serve(path, limits); });
  }

  ~Service() { stream().shut_down(); }  // or the server would wait for the next request
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  exchange::MessageChannel& client() { return client_; }
  net::TcpStream& stream() { return client_.stream(); }

  // Asks and returns header and body.
  wire::File get(const wire::Get& get, std::string& body) {
    client_.send(get);
    const auto file = exchange::receive_file_header(client_, get);
    body = receive_body(file.length);
    return file;
  }
  std::string get(const wire::Get& request) {
    std::string body;
    get(request, body);
    return body;
  }
  // At most `length` raw bytes; fewer when the server closed.
  std::string receive_body(std::uint64_t length) {
    std::string body;
    std::vector<std::byte> buffer(65536);
    while (body.size() < length) {
      const auto wanted = std::min<std::uint64_t>(buffer.size(), length - body.size());
      const auto piece = std::span(buffer).first(static_cast<std::size_t>(wanted));
      const std::size_t count = client_.receive_raw(piece);
      if (count == 0) {
        break;
      }
      body += text(piece.first(count));
    }
    return body;
  }
  // The digest that the server sends, once it is done.
  wire::FileDigest digest(const std::string& name, std::uint64_t version = wire::kAnyVersion) {
    client_.send(wire::DigestRequest{.version = version, .name = name});
    auto frame = client_.receive();
    while (frame && frame->type == wire::MessageType::working) {
      frame = client_.receive();
    }
    return wire::decode<wire::FileDigest>(frame.value().body).value();
  }
  // The error that comes next, or none when something else does.
  wire::ErrorCode error() {
    const auto frame = client_.receive();
    EXPECT_TRUE(frame && frame->type == wire::MessageType::error);
    return frame ? wire::decode<wire::Error>(frame->body)->code : wire::ErrorCode{};
  }
  template <typename Request>
  wire::ErrorCode refused(const Request& request) {
    client_.send(request);
    return error();
  }
  // Ends the connection and returns the log.
  std::string end() {
    stream().shut_down_sending();
    server_.join();
    return log_.str();
  }

 private:
  void serve(serve::IoPath path, const net::ServiceLimits& limits) {
    exchange::MessageChannel channel(std::move(pair_.server));
    serve::BodySender sender(channel.stream(), path, limits.buffer_bytes);
    serve::serve_requests(channel, limits, service_.log(), [&](const wire::Frame& request) {
      return service_.answer(request, channel, sender);
    });
  }

  std::ostringstream log_;
  serve::FileService service_;
  StreamPair pair_;
  exchange::MessageChannel client_;
  std::jthread server_;
};

// Serves a folder of its own and looks that nothing is left over.
class ServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);
  }  // as programs do, because of sendfile(2)
  void TearDown() override {
    service_.reset();
    EXPECT_EQ(open_descriptors(), descriptors_);
    EXPECT_EQ(threads_left(threads_), threads_);
  }
  Service& start(serve::IoPath path = serve::IoPath::copy, const net::ServiceLimits& limits = {},
                 const net::SocketOptions& options = {}) {
    service_ = std::make_unique<Service>(folder_.path(), path, limits, options);
    return *service_;
  }

  TempFolder folder_;
  int descriptors_ = open_descriptors();
  int threads_ = running_threads();
  std::unique_ptr<Service> service_;
};

}  // namespace dlab::test
