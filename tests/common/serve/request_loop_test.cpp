#include "common/serve/request_loop.hpp"

#include "tests/common/serve/service_fixture.hpp"

namespace dlab::serve {
namespace {

using wire::ErrorCode;

class RequestLoops : public test::ServiceTest {
 protected:
  // Sends what is no request, more than the server reads at once, and expects to be told so.
  void expect_told(std::string_view start_of_input, ErrorCode expected) {
    auto& service = start();
    auto input = test::bytes(start_of_input);
    input.resize(input.size() + 500'000);
    std::jthread sender([&] { service.stream().send_all(input); });
    EXPECT_EQ(service.error(), expected);
    std::vector<std::byte> buffer(1);
    EXPECT_EQ(service.stream().receive_some(buffer), 0U);  // an end and not a reset
    sender.join();
    const auto log = service.end();
    const std::string status = wire::error_name(expected);
    EXPECT_NE(log.find("request=DLAB client="), std::string::npos) << log;
    EXPECT_NE(log.find(" status=" + status + "\n"), std::string::npos) << log;
  }
};

TEST_F(RequestLoops, garbage_is_told_so_though_it_still_sends) {
  expect_told("47 45 54 20 2f", ErrorCode::malformed);
}

TEST_F(RequestLoops, another_version_is_told_so_though_it_still_sends) {
  expect_told("d1 4c 41 42 02 01 00 00 00 00 00 00", ErrorCode::unsupported_version);
}

TEST_F(RequestLoops, a_body_too_long_is_told_so_though_it_still_sends) {
  expect_told("d1 4c 41 42 01 01 00 00 ff ff ff ff", ErrorCode::malformed);
}

TEST_F(RequestLoops, a_client_that_leaves_at_once_is_no_trouble) {
  EXPECT_EQ(start().end(), "");
}

TEST_F(RequestLoops, a_request_cut_short_is_no_trouble) {
  auto& service = start();
  service.stream().send_all(test::bytes("d1 4c 41 42 01 01"));
  EXPECT_EQ(service.end(), "");
}

TEST_F(RequestLoops, a_client_that_asks_nothing_is_closed) {
  net::ServiceLimits limits;
  limits.stall_timeout = std::chrono::milliseconds(10);
  auto& service = start(IoPath::copy, limits);
  EXPECT_FALSE(service.client().receive());
}

TEST_F(RequestLoops, a_request_that_is_never_whole_is_told_so_and_closed) {
  net::ServiceLimits limits;
  limits.request_timeout = std::chrono::milliseconds(10);
  auto& service = start(IoPath::copy, limits);
  service.stream().send_all(test::bytes("d1"));
  EXPECT_EQ(service.error(), ErrorCode::timed_out);
  EXPECT_FALSE(service.client().receive());
}

}  // namespace
}  // namespace dlab::serve
