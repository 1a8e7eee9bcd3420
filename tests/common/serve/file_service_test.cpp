#include "common/serve/file_service.hpp"

#include <unistd.h>

#include <algorithm>

#include "tests/common/serve/service_fixture.hpp"

namespace dlab::serve {
namespace {

using wire::ErrorCode;
using wire::Get;

TEST(RequestedRange, is_the_smaller_of_length_and_share) {
  using storage::ByteRange;
  constexpr auto kAll = wire::kToTheEnd;
  EXPECT_EQ(requested_range(0, kAll, 1, 10), (ByteRange{0, 10}));
  EXPECT_EQ(requested_range(3, 4, 1, 10), (ByteRange{3, 7}));
  EXPECT_EQ(requested_range(3, 40, 1, 10), (ByteRange{3, 10}));
  EXPECT_EQ(requested_range(0, kAll, 3, 10), (ByteRange{0, 4}));
  EXPECT_EQ(requested_range(4, kAll, 3, 10), (ByteRange{4, 6}));
  EXPECT_EQ(requested_range(0, 2, 3, 10), (ByteRange{0, 2}));
  EXPECT_EQ(requested_range(0, kAll, 65'535, 10), (ByteRange{0, 1}));
  EXPECT_EQ(requested_range(10, kAll, 7, 10), (ByteRange{10, 10}));
  EXPECT_EQ(requested_range(0, 0, 1, 10), (ByteRange{0, 0}));
  EXPECT_FALSE(requested_range(11, 0, 1, 10));
  EXPECT_FALSE(requested_range(kAll, kAll, 1, 10));
}

class FileServices : public test::ServiceTest {};

TEST_F(FileServices, a_whole_file_is_sent_with_its_header) {
  folder_.write("f", "content");
  std::string body;
  const auto file = start().get(Get{.name = "f"}, body);
  EXPECT_EQ(body, "content");
  EXPECT_EQ(file.size, 7U);
  EXPECT_EQ(file.length, 7U);
  EXPECT_EQ(file.name, "f");
  EXPECT_NE(file.version, 0U);
  EXPECT_NE(file.sent_ns, 0U);
}

TEST_F(FileServices, ranges_and_shares_are_sent_on_one_connection) {
  folder_.write("f", "0123456789");
  auto& service = start();
  EXPECT_EQ(service.get(Get{.offset = 3, .length = 4, .name = "f"}), "3456");
  EXPECT_EQ(service.get(Get{.offset = 8, .length = 100, .name = "f"}), "89");
  EXPECT_EQ(service.get(Get{.share = 3, .name = "f"}), "0123");
  EXPECT_EQ(service.get(Get{.offset = 10, .name = "f"}), "");
  EXPECT_EQ(service.get(Get{.name = "f"}), "0123456789");
}

TEST_F(FileServices, pipelined_requests_are_answered_in_turn) {
  folder_.write("f", "0123456789");
  auto& service = start();
  const Get first{.length = 3, .name = "f"};
  const Get second{.offset = 5, .name = "f"};
  service.client().send(first);
  service.client().send(Get{.name = "no"});
  service.client().send(second);
  EXPECT_EQ(exchange::receive_file_header(service.client(), first).length, 3U);
  EXPECT_EQ(service.receive_body(3), "012");
  EXPECT_EQ(service.error(), ErrorCode::not_found);
  EXPECT_EQ(exchange::receive_file_header(service.client(), second).length, 5U);
  EXPECT_EQ(service.receive_body(5), "56789");
}

TEST_F(FileServices, an_empty_file_is_a_header_alone) {
  folder_.write("f", "");
  std::string body;
  auto& service = start();
  EXPECT_EQ(service.get(Get{.name = "f"}, body).length, 0U);
  EXPECT_EQ(body, "");
  EXPECT_EQ(service.digest("f").size, 0U);
}

TEST_F(FileServices, what_cannot_be_served_is_refused_and_the_connection_goes_on) {
  folder_.write("f", "content");
  std::filesystem::create_directory(folder_ / "folder");
  auto& service = start();
  EXPECT_EQ(service.refused(Get{.name = "no"}), ErrorCode::not_found);
  EXPECT_EQ(service.refused(Get{.name = "folder"}), ErrorCode::not_a_file);
  EXPECT_EQ(service.refused(Get{.name = "../f"}), ErrorCode::forbidden);
  EXPECT_EQ(service.refused(Get{.name = ""}), ErrorCode::bad_name);
  EXPECT_EQ(service.refused(Get{.name = std::string(5000, 'x')}), ErrorCode::bad_name);
  EXPECT_EQ(service.refused(Get{.offset = 8, .name = "f"}), ErrorCode::bad_range);
  EXPECT_EQ(service.refused(Get{.offset = ~std::uint64_t{0}, .name = "f"}), ErrorCode::bad_range);
  EXPECT_EQ(service.refused(Get{.version = 1, .name = "f"}), ErrorCode::version_changed);
  EXPECT_EQ(service.refused(Get{.share = 0, .name = "f"}), ErrorCode::malformed);
  EXPECT_EQ(service.refused(wire::DigestRequest{.name = "no"}), ErrorCode::not_found);
  EXPECT_EQ(service.refused(wire::DigestRequest{.version = 1, .name = "f"}),
            ErrorCode::version_changed);
  EXPECT_EQ(service.get(Get{.name = "f"}), "content");
}

TEST_F(FileServices, types_that_are_no_request_are_refused_and_the_connection_goes_on) {
  folder_.write("f", "content");
  auto& service = start();
  service.stream().send_all(test::bytes("d1 4c 41 42 01 2a 00 00 00 00 00 02 aa bb"));
  EXPECT_EQ(service.error(), ErrorCode::unknown_type);
  EXPECT_EQ(service.refused(wire::GetPackets{.name = "f"}), ErrorCode::unknown_type);
  EXPECT_EQ(service.refused(wire::Mark{}), ErrorCode::unknown_type);
  service.stream().send_all(test::bytes("d1 4c 41 42 01 04 00 00 00 00 00 01 aa"));
  EXPECT_EQ(service.error(), ErrorCode::malformed);
  EXPECT_EQ(service.get(Get{.name = "f"}), "content");
}

TEST_F(FileServices, a_file_asked_for_in_its_version_is_refused_once_it_has_changed) {
  folder_.write("f", "content");
  auto& service = start();
  std::string body;
  const auto version = service.get(Get{.name = "f"}, body).version;
  EXPECT_EQ(service.get(Get{.version = version, .name = "f"}), "content");
  folder_.write("f", "other content");
  EXPECT_EQ(service.refused(Get{.version = version, .name = "f"}), ErrorCode::version_changed);
}

TEST_F(FileServices, a_digest_is_that_of_the_version) {
  folder_.write("f", "abc");
  auto& service = start();
  std::string body;
  const auto file = service.get(Get{.name = "f"}, body);
  const auto digest = service.digest("f", file.version);
  EXPECT_EQ(digest.version, file.version);
  EXPECT_EQ(digest.size, 3U);
  EXPECT_EQ(storage::to_hex(digest.sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(FileServices, a_digest_that_takes_long_sends_signs_of_life) {
  folder_.write("huge", "");
  ASSERT_EQ(::truncate((folder_ / "huge").c_str(), off_t{1} << 42U), 0);
  auto& service = start();
  service.client().send(wire::DigestRequest{.name = "huge"});
  const auto frame = service.client().receive();
  ASSERT_TRUE(frame);
  ASSERT_EQ(frame->type, wire::MessageType::working);
  EXPECT_EQ(wire::decode<wire::Working>(frame->body)->total, std::uint64_t{1} << 42U);
  service.stream().shut_down();
}

TEST_F(FileServices, the_list_holds_what_the_folder_offers) {
  folder_.write("b", "22");
  folder_.write("a", "1");
  auto& service = start();
  EXPECT_EQ(exchange::list_files(service.client()),
            (wire::Listing{.complete = true, .entries = {{1, "a"}, {2, "b"}}}));
}

TEST_F(FileServices, a_list_that_is_too_long_says_so) {
  const std::string name(250, 'x');
  for (int i = 0; i < 2100; ++i) {
    folder_.write(name + std::to_string(1000 + i), "");
  }
  const auto listing = exchange::list_files(start().client());
  EXPECT_FALSE(listing.complete);
  EXPECT_GT(listing.entries.size(), 1000U);
  EXPECT_LT(listing.entries.size(), 2100U);
}

TEST_F(FileServices, each_request_has_a_line_in_the_log) {
  folder_.write("a b", "0123456789");
  auto& service = start();
  service.get(Get{.offset = 2, .length = 3, .name = "a b"});
  service.refused(Get{.name = "no\n"});
  service.digest("a b");
  exchange::list_files(service.client());
  const std::string log = service.end();
  EXPECT_EQ(std::ranges::count(log, '\n'), 4);
  EXPECT_NE(log.find("request=GET client=127.0.0.1:"), std::string::npos);
  EXPECT_NE(log.find(" name=a%20b offset=2 length=3 sent=3 "), std::string::npos);
  EXPECT_NE(log.find(" name=no%0A offset=0 length=0 sent=0 first_ns=0 last_ns=0 "),
            std::string::npos);
  EXPECT_NE(log.find("status=not-found\n"), std::string::npos);
  EXPECT_NE(log.find("request=DIGEST "), std::string::npos);
  EXPECT_NE(log.find("request=LIST "), std::string::npos);
}

}  // namespace
}  // namespace dlab::serve
