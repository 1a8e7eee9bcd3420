#include "common/wire/http_head.hpp"

#include <gtest/gtest.h>

#include "common/wire/http_target.hpp"

namespace dlab::wire {
namespace {

// The RFC's own example.
constexpr std::chrono::sys_seconds kDate{std::chrono::seconds(784'111'777)};

TEST(HttpHead, a_whole_file_is_announced_with_length_type_and_tag) {
  EXPECT_EQ(http_head({.date = kDate,
                       .content_length = 21,
                       .content_type = "image/jpeg",
                       .validators = {.tag = "\"00abcdef01234567\"", .last_modified = kDate}}),
            "HTTP/1.1 200 OK\r\n"
            "Server: dlab\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: image/jpeg\r\n"
            "Content-Length: 21\r\n"
            "Accept-Ranges: bytes\r\n"
            "ETag: \"00abcdef01234567\"\r\n"
            "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Connection: keep-alive\r\n"
            "\r\n");
}

TEST(HttpHead, a_part_says_where_it_lies) {
  const auto place = content_range(0, 1, ~std::uint64_t{0});
  EXPECT_EQ(http_head({.status = HttpStatus::partial_content,
                       .date = kDate,
                       .keep_alive = false,
                       .content_length = 1,
                       .content_range = place}),
            "HTTP/1.1 206 Partial Content\r\n"
            "Server: dlab\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Length: 1\r\n"
            "Content-Range: bytes 0-0/18446744073709551615\r\n"
            "Connection: close\r\n"
            "\r\n");
}

TEST(HttpHead, a_method_that_is_not_allowed_is_told_which_are) {
  EXPECT_EQ(http_head({.status = HttpStatus::method_not_allowed, .date = kDate}),
            "HTTP/1.1 405 Method Not Allowed\r\n"
            "Server: dlab\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Allow: GET, HEAD\r\n"
            "Connection: keep-alive\r\n"
            "\r\n");
}

TEST(HttpHead, the_type_follows_from_the_last_ending) {
  EXPECT_EQ(content_type_of("Data.jpg"), "image/jpeg");
  EXPECT_EQ(content_type_of("a/b.tar.gz"), "application/gzip");
  EXPECT_EQ(content_type_of("notes.txt"), "text/plain; charset=utf-8");
  EXPECT_EQ(content_type_of("DATA.JPG"), "image/jpeg");
  EXPECT_EQ(content_type_of("page.Html"), "text/html; charset=utf-8");
  EXPECT_EQ(content_type_of("zip"), "application/octet-stream");
  EXPECT_EQ(content_type_of("a."), "application/octet-stream");
  EXPECT_EQ(content_type_of("a.unknown"), "application/octet-stream");
}

TEST(PercentEncoded, a_link_leads_back_to_its_name) {
  EXPECT_EQ(percent_encoded("Data-1_b.jpg"), "Data-1_b.jpg");
  EXPECT_EQ(percent_encoded("a b%\"<&#?"), "a%20b%25%22%3C%26%23%3F");
  EXPECT_EQ(percent_encoded("ü"), "%C3%BC");
  EXPECT_EQ(path_of_target("/" + percent_encoded("a b%\"<&#?ü+~\n\x01\xff")),
            "a b%\"<&#?ü+~\n\x01\xff");
}

}  // namespace
}  // namespace dlab::wire
