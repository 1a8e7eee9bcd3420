#include "common/serve/body_sender.hpp"

#include <unistd.h>

#include "tests/common/serve/io_paths.hpp"
#include "tests/common/serve/service_fixture.hpp"
#include "tests/common/support/numbers.hpp"

namespace dlab::serve {
namespace {

using wire::Get;

class BodySenders : public test::ServiceTest, public testing::WithParamInterface<IoPath> {};

INSTANTIATE_TEST_SUITE_P(Paths, BodySenders, testing::ValuesIn(test::kIoPaths), test::name_of);

TEST_P(BodySenders, every_byte_arrives_whatever_the_range) {
  const std::string content = test::numbers(300'001);
  folder_.write("f", content);
  net::ServiceLimits limits;
  limits.buffer_bytes = 7001;
  auto& service = start(GetParam(), limits);
  EXPECT_EQ(service.get(Get{.name = "f"}), content);
  for (const std::uint64_t offset : {1U, 4095U, 4096U, 4097U, 300'000U, 300'001U}) {
    EXPECT_EQ(service.get(Get{.offset = offset, .length = 9000, .name = "f"}),
              content.substr(offset, 9000));
  }
}

TEST_P(BodySenders, one_byte_buffers_work) {
  folder_.write("f", "0123456789");
  net::ServiceLimits limits;
  limits.buffer_bytes = 1;
  EXPECT_EQ(start(GetParam(), limits).get(Get{.offset = 3, .name = "f"}), "3456789");
}

// The client holds the server up with small buffers until the file has shrunk.
TEST_P(BodySenders, a_file_that_shrinks_under_way_ends_the_connection_early) {
  constexpr std::uint64_t kSize = std::uint64_t{64} << 20U;
  folder_.write("f", "");
  ASSERT_EQ(::truncate((folder_ / "f").c_str(), static_cast<off_t>(kSize)), 0);
  auto& service = start(GetParam(), {}, test::tiny_buffers());
  const Get get{.name = "f"};
  service.client().send(get);
  EXPECT_EQ(exchange::receive_file_header(service.client(), get).length, kSize);
  EXPECT_EQ(service.receive_body(1000).size(), 1000U);
  ASSERT_EQ(::truncate((folder_ / "f").c_str(), 100'000), 0);
  EXPECT_LT(service.receive_body(kSize).size(), kSize);
  EXPECT_NE(service.end().find("status=file-truncated\n"), std::string::npos);
}

TEST_P(BodySenders, a_client_that_leaves_is_logged_as_such) {
  folder_.write("f", "");
  ASSERT_EQ(::truncate((folder_ / "f").c_str(), off_t{64} << 20U), 0);
  auto& service = start(GetParam(), {}, test::tiny_buffers());
  service.client().send(Get{.name = "f"});
  service.receive_body(1000);
  service.stream().shut_down();
  { const net::TcpStream gone = std::move(service.stream()); }
  const auto log = service.end();
  EXPECT_NE(log.find("status=client-left\n"), std::string::npos) << log;
}

TEST_P(BodySenders, a_client_that_never_reads_is_given_up) {
  folder_.write("f", "");
  ASSERT_EQ(::truncate((folder_ / "f").c_str(), off_t{64} << 20U), 0);
  net::ServiceLimits limits;
  limits.stall_timeout = std::chrono::milliseconds(20);
  auto& service = start(GetParam(), limits, test::tiny_buffers());
  service.client().send(Get{.name = "f"});
  const auto log = service.end();
  EXPECT_NE(log.find("status=stalled\n"), std::string::npos) << log;
}

}  // namespace
}  // namespace dlab::serve
