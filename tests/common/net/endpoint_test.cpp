#include "common/net/endpoint.hpp"

#include <gtest/gtest.h>

#include <system_error>

#include "tests/common/support/spent.hpp"

namespace dlab::net {
namespace {

std::string round_trip(std::string_view text) {
  const auto endpoint = parse_endpoint(text);
  return endpoint ? endpoint->text() : "nothing";
}

TEST(Endpoint, host_and_port_are_told_apart) {
  const auto endpoint = parse_endpoint("example.org:9001");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->host, "example.org");
  EXPECT_EQ(endpoint->port, 9001);
}

TEST(Endpoint, its_text_is_what_was_parsed) {
  for (const char* text :
       {"localhost:9001", "127.0.0.1:0", "[::1]:9001", "[fe80::1%eth0]:80", "a:65535"}) {
    EXPECT_EQ(round_trip(text), text);
  }
}

TEST(Endpoint, brackets_are_no_part_of_the_host) {
  EXPECT_EQ(parse_endpoint("[::1]:9001")->host, "::1");
}

TEST(Endpoint, texts_that_are_no_endpoint_are_refused) {
  for (const char* text : {"",
                           ":",
                           "localhost",
                           ":9001",
                           "localhost:",
                           "localhost:x",
                           "localhost:-1",
                           "localhost:+1",
                           "localhost: 1",
                           "localhost:1 ",
                           "localhost:65536",
                           "localhost:99999999999",
                           "::1:9001",
                           "::1",
                           "[]:9001",
                           "[::1]",
                           "[::1]9001",
                           "[::1]:",
                           "[[]]:2",
                           "[x:2",
                           "[name]:2",
                           "[#]:2",
                           "[127.0.0.1]:2",
                           "x]:2"}) {
    EXPECT_EQ(round_trip(text), "nothing") << '"' << text << '"';
  }
}

TEST(Resolve, numbers_need_no_resolver) {
  EXPECT_EQ(resolve({"127.0.0.1", 9001}, false).at(0).text(), "127.0.0.1:9001");
  const auto ipv6 = resolve({"::1", 9001}, false);
  EXPECT_EQ(ipv6.at(0).text(), "[::1]:9001");
  EXPECT_EQ(ipv6.at(0).port(), 9001);
  EXPECT_EQ(ipv6.at(0).family(), AF_INET6);
}

// Without it nobody could connect: each link has addresses that begin with fe80.
TEST(Resolve, a_link_local_address_keeps_its_zone) {
  for (const char* text : {"[fe80::1%lo]:9001", "[fe80::a:b%lo]:80"}) {
    EXPECT_EQ(resolve(parse_endpoint(text).value(), false).at(0).text(), text);
    EXPECT_EQ(resolve(parse_endpoint(text).value(), true).at(0).text(), text);
  }
}

TEST(Resolve, a_name_that_does_not_resolve_is_named_in_an_error_of_its_own_category) {
  const int descriptors = test::open_descriptors();
  const std::string host(300, 'x');  // longer than any name may be, so that nobody is asked
  try {
    resolve({host, 9001}, false);
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_STREQ(error.code().category().name(), "resolver");
    EXPECT_TRUE(std::string(error.what()).starts_with("resolve " + host + ": ")) << error.what();
  }
  EXPECT_EQ(test::open_descriptors(), descriptors);
}

}  // namespace
}  // namespace dlab::net
