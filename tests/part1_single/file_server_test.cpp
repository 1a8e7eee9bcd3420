#include "part1_single/file_server.hpp"

#include <gtest/gtest.h>

#include <system_error>
#include <thread>

#include "part1_single/single_download.hpp"
#include "tests/common/support/spent.hpp"
#include "tests/common/support/stream_pair.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::part1 {
namespace {

class FileServers : public testing::Test {
 protected:
  FileServers() {
    server_options_.root = served_.path();
    client_options_.output = home_.path();
  }
  void TearDown() override {
    EXPECT_EQ(test::open_descriptors(), descriptors_);
    EXPECT_EQ(test::threads_left(threads_), threads_);
  }
  // Downloads "f" and returns what arrived.
  std::string download(const FileServer& server, const SingleOptions& single = {}) {
    client_options_.server = {"127.0.0.1", server.address().port()};
    report::TransferReport report;
    report.name = std::string("f");
    SingleDownload(client_options_, single, report).run();
    EXPECT_TRUE(report.verified);
    return test::read_file(home_ / "f");
  }

  test::TempFolder served_;
  test::TempFolder home_;
  cli::ServerOptions server_options_;
  cli::ClientOptions client_options_;
  int descriptors_ = test::open_descriptors();
  int threads_ = test::running_threads();
};

TEST_F(FileServers, client_after_client_is_served_by_one_thread_or_two) {
  served_.write("f", std::string(1'000'000, 'x'));
  client_options_.quiet = true;
  FileServer server(server_options_, net::IoPath::sendfile);
  const std::jthread thread([&] { server.run(); });
  EXPECT_EQ(download(server).size(), 1'000'000U);
  EXPECT_EQ(download(server, {.pipeline = true}).size(), 1'000'000U);
  server.stop();
}

TEST_F(FileServers, stopping_ends_a_connection_that_is_being_served) {
  FileServer server(server_options_, net::IoPath::copy);
  std::jthread thread([&] { server.run(); });
  auto client = net::TcpStream::connect(std::vector{server.address()}, {}, test::kLong);
  client.set_stall_timeout(test::kLong);
  const auto frame = wire::encode(wire::ListRequest{});
  client.send_all(frame);
  ASSERT_EQ(test::receive(client, frame.size()).size(), frame.size());  // it is being served now
  server.stop();
  thread.join();
}

TEST_F(FileServers, a_folder_that_is_not_there_is_an_error_at_once) {
  server_options_.root = served_ / "no";
  EXPECT_THROW(FileServer(server_options_, net::IoPath::copy), std::system_error);
}

TEST_F(FileServers, a_download_that_fails_leaves_nothing_behind) {
  FileServer server(server_options_, net::IoPath::copy);
  const std::jthread thread([&] { server.run(); });
  EXPECT_THROW(download(server), exchange::Refused);
  EXPECT_FALSE(home_.has("f"));
  EXPECT_FALSE(home_.has("f.part"));
  server.stop();
}

}  // namespace
}  // namespace dlab::part1
