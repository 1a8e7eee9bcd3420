#include "common/wire/http.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/common/support/hex.hpp"

namespace dlab::wire {
namespace {

ParsedHttpRequest parse(std::string_view text) {
  return parse_http_request(test::raw(text));
}

// The one request that `text` holds.
HttpRequest request(std::string_view text) {
  const auto parsed = parse(text);
  EXPECT_TRUE(parsed.request) << text;
  EXPECT_EQ(parsed.bytes, text.size()) << text;
  EXPECT_EQ(parsed.error, HttpStatus::none) << text;
  return parsed.request.value_or(HttpRequest{});
}

// "GET / HTTP/1.1" with Host and these fields, each ended by "\r\n".
std::string with_fields(const std::string& fields) {
  return "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

std::string for_target(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

void expect_refused(std::string_view text, HttpStatus status) {
  const auto parsed = parse(text);
  EXPECT_FALSE(parsed.request) << text.substr(0, 200);
  EXPECT_EQ(static_cast<int>(parsed.error), static_cast<int>(status)) << text.substr(0, 200);
}

TEST(Http, a_request_line_and_a_host_are_a_request) {
  const HttpRequest plain{.method = HttpMethod::get, .path = "Data.jpg"};
  EXPECT_EQ(request("GET /Data.jpg HTTP/1.1\r\nHost: 127.0.0.1:9003\r\n\r\n"), plain);
}

TEST(Http, the_fields_that_matter_are_kept) {
  const auto kept = request(
      "HEAD / HTTP/1.1\r\nhost: h\r\nAccept: */*\r\nRANGE:bytes=0-1 \r\nIf-Range:\t\"a\"\r\n"
      "If-None-Match: \"b\"\r\nif-none-match: \"c\"\r\nIf-Match: \"d\"\r\nif-match: *\r\n"
      "If-Modified-Since: then\r\nIf-Unmodified-Since: since\r\n\r\n");
  EXPECT_EQ(kept.method, HttpMethod::head);
  EXPECT_EQ(kept.range, "bytes=0-1");
  EXPECT_EQ(kept.if_range, "\"a\"");
  EXPECT_EQ(kept.if_none_match, "\"b\", \"c\"");
  EXPECT_EQ(kept.if_match, "\"d\", *");
  EXPECT_EQ(kept.if_modified_since, "then");
  EXPECT_EQ(kept.if_unmodified_since, "since");
}

TEST(Http, wherever_a_request_is_cut_off_more_is_needed) {
  const std::string text = "\r\n" + with_fields("Range: bytes=0-1\r\nConnection: close\r\n");
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto parsed = parse(std::string_view(text).substr(0, size));
    EXPECT_FALSE(parsed.request) << size;
    EXPECT_EQ(parsed.error, HttpStatus::none) << size;
    EXPECT_EQ(parsed.bytes, 0U) << size;
  }
  EXPECT_EQ(parse(text).bytes, text.size());
}

TEST(Http, what_follows_a_request_is_the_next) {
  const std::string first = for_target("/a");
  const std::string second = for_target("/b");
  const auto both = first + second;
  EXPECT_EQ(parse(both).request->path, "a");
  EXPECT_EQ(parse(both).bytes, first.size());
  EXPECT_EQ(parse(std::string_view(both).substr(first.size())).request->path, "b");
  EXPECT_EQ(parse(first + "\xD1LAB \n\n").bytes, first.size());
}

TEST(Http, http_1_1_goes_on_unless_it_says_close) {
  EXPECT_TRUE(request(with_fields("")).keep_alive);
  EXPECT_TRUE(request(with_fields("Connection: Keep-Alive\r\n")).keep_alive);
  EXPECT_FALSE(request(with_fields("Connection: close\r\n")).keep_alive);
  EXPECT_FALSE(request(with_fields("Connection: TE, Close\r\n")).keep_alive);
}

TEST(Http, http_1_0_closes_unless_it_says_keep_alive_and_needs_no_host) {
  EXPECT_FALSE(request("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(request("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
  EXPECT_EQ(request("GET / HTTP/1.0\r\nHost: h\r\n\r\n").minor_version, 0U);
}

TEST(Http, a_path_is_decoded_and_otherwise_left_alone) {
  EXPECT_EQ(request(for_target("/")).path, "");
  EXPECT_EQ(request(for_target("/?all=1")).path, "");
  EXPECT_EQ(request(for_target("/a%20b%2fc+d?e%zz")).path, "a b/c+d");
  EXPECT_EQ(request(for_target("/%C3%BCber")).path, "über");
  EXPECT_EQ(request(for_target("/über")).path, "über");
  EXPECT_EQ(request(for_target("/a/../b/./c//d")).path, "a/../b/./c//d");
  EXPECT_EQ(request(for_target("//a")).path, "a");
  EXPECT_EQ(request(for_target("///a//b")).path, "a//b");
  EXPECT_EQ(request(for_target("//")).path, "");
  EXPECT_EQ(request(for_target("/%2fa")).path, "/a");
  EXPECT_EQ(request(for_target("/%252e")).path, "%2e");
}

TEST(Http, a_whole_address_is_a_target_too) {
  EXPECT_EQ(request(for_target("http://h:80/a")).path, "a");
  EXPECT_EQ(request(for_target("HTTP://h")).path, "");
  EXPECT_EQ(request(for_target("http://h?a/b")).path, "");
  EXPECT_EQ(request(for_target("http://h//a")).path, "a");
}

TEST(Http, targets_that_name_no_path_are_refused) {
  for (const auto* target : {"a", "*", "h:80", "https://h/a", "http://", "http:///a", "/a#b", "/%",
                             "/%4", "/%4g", "/% 1", "/%-1", "/a%00b", "/a\tb", "/a\x7f"}) {
    expect_refused(for_target(target), HttpStatus::bad_request);
  }
}

TEST(Http, other_methods_are_understood_without_their_target) {
  EXPECT_EQ(request("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").method, HttpMethod::other);
  EXPECT_EQ(request("CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n").method, HttpMethod::other);
  EXPECT_TRUE(request("DELETE /a HTTP/1.1\r\nHost: h\r\n\r\n").keep_alive);
  expect_refused("BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n", HttpStatus::not_implemented);
  expect_refused("get / HTTP/1.1\r\nHost: h\r\n\r\n", HttpStatus::not_implemented);
}

TEST(Http, a_body_behind_get_or_head_is_refused) {
  expect_refused(with_fields("Content-Length: 1\r\n"), HttpStatus::content_too_large);
  expect_refused(with_fields("Content-Length: 18446744073709551615\r\n"),
                 HttpStatus::content_too_large);
  expect_refused(with_fields("Transfer-Encoding: chunked\r\n"), HttpStatus::content_too_large);
  expect_refused(with_fields("Transfer-Encoding: gzip, chunked\r\n"),
                 HttpStatus::content_too_large);
  EXPECT_TRUE(request(with_fields("Content-Length: 0\r\n")).keep_alive);
}

TEST(Http, a_body_behind_another_method_ends_the_connection) {
  const std::string post = "POST / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_FALSE(request(post + "Content-Length: 5\r\n\r\n").keep_alive);
  EXPECT_FALSE(request(post + "Transfer-Encoding: chunked\r\n\r\n").keep_alive);
  EXPECT_TRUE(request(post + "Content-Length: 0\r\n\r\n").keep_alive);
}

TEST(Http, codings_that_are_not_known_are_not_implemented) {
  expect_refused(with_fields("Transfer-Encoding: gzip\r\n"), HttpStatus::not_implemented);
  expect_refused(with_fields("Transfer-Encoding: xchunked\r\n"), HttpStatus::not_implemented);
  expect_refused(with_fields("Transfer-Encoding: chunked, gzip\r\n"), HttpStatus::not_implemented);
}

// What could end in one place for us and in another for a proxy (RFC 9112 section 11.2).
TEST(Http, requests_that_hide_another_are_refused) {
  for (const auto* fields : {
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
           "Transfer-Encoding: gzip\r\nContent-Length: 0\r\n",
           "Content-Length: 5\r\nContent-Length: 6\r\n",
           "Content-Length: 0\r\nContent-Length: 0\r\n",
           "Content-Length: 0, 0\r\n",
           "Content-Length: -1\r\n",
           "Content-Length: +0\r\n",
           "Content-Length: 0x0\r\n",
           "Content-Length:\r\n",
           "Content-Length: 18446744073709551616\r\n",
           "Content-Length : 0\r\n",
           "Transfer-Encoding : chunked\r\n",
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
           " Content-Length: 5\r\n",
           "Accept: a\r\n b\r\n",
           "Accept:\r\n\tb\r\n",
           "Accept: a\n",
           "Accept: a\nContent-Length: 5\r\n",
           "Accept: a\r\r\n",
           "Accept: a\rb\r\n",
           "Accept: a\x01\r\n",
           "Accept\r\n",
           ": a\r\n",
           "Ac cept: a\r\n",
       }) {
    expect_refused(with_fields(fields), HttpStatus::bad_request);
  }
  expect_refused(with_fields(std::string("Accept: \0\r\n", 11)), HttpStatus::bad_request);
  expect_refused("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", HttpStatus::bad_request);
}

TEST(Http, a_host_is_required_once_and_could_be_one) {
  expect_refused("GET / HTTP/1.1\r\n\r\n", HttpStatus::bad_request);
  expect_refused(with_fields("Host: h\r\n"), HttpStatus::bad_request);
  expect_refused("GET / HTTP/1.0\r\nHost: h\r\nHost: h\r\n\r\n", HttpStatus::bad_request);
  for (const auto* host : {"a b", "a/b", "a@b", "a,b c", "\xC3\xBC"}) {
    expect_refused("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n",
                   HttpStatus::bad_request);
  }
  EXPECT_EQ(request("GET /a HTTP/1.1\r\nHost: [::1]:9003\r\n\r\n").path, "a");
  EXPECT_EQ(request("GET /a HTTP/1.1\r\nHost:\r\n\r\n").path, "a");
}

TEST(Http, request_lines_that_make_no_sense_are_refused) {
  for (const auto* line :
       {"GET", "GET /", "GET / ", " GET / HTTP/1.1", "GET  / HTTP/1.1", "GET /a b HTTP/1.1",
        "GET / HTTP/1.1 ", "GET / HTTP/1.1x", "GET / http/1.1", "GET / HTTP/1", "GET / HTTP/1.",
        "GET / HTTP/11.1", "GET / HTTP/+1.1", "GET / XTTP/1.1", "G\xC3T / HTTP/1.1"}) {
    expect_refused(std::string(line) + "\r\nHost: h\r\n\r\n", HttpStatus::bad_request);
  }
}

// Old clients end a body with a line too many (RFC 9112 section 2.2).
TEST(Http, empty_lines_before_a_request_are_passed_over) {
  for (const auto* lines : {"\r\n", "\r\n\r\n", "\r\n\r\n\r\n"}) {
    EXPECT_EQ(request(lines + for_target("/a")).path, "a");
  }
  expect_refused("\r\n\n" + for_target("/a"), HttpStatus::bad_request);
  expect_refused("\r\n \r\n" + for_target("/a"), HttpStatus::bad_request);
}

TEST(Http, empty_lines_do_not_go_on_for_ever) {
  std::string lines;
  while (lines.size() + 2 < kMaxHttpHeadBytes) {
    lines += "\r\n";
  }
  EXPECT_EQ(parse(lines + "\r").error, HttpStatus::none);
  expect_refused(lines + "\r\n", HttpStatus::header_fields_too_large);
  expect_refused(lines + for_target("/a"), HttpStatus::header_fields_too_large);
}

TEST(Http, other_versions_are_not_spoken) {
  for (const auto* version : {"0.9", "1.2", "2.0", "9.9"}) {
    expect_refused("GET / HTTP/" + std::string(version) + "\r\nHost: h\r\n\r\n",
                   HttpStatus::version_not_supported);
  }
  expect_refused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", HttpStatus::version_not_supported);
}

TEST(Http, garbage_is_known_before_it_ends) {
  expect_refused("\n", HttpStatus::bad_request);
  expect_refused("\r\r", HttpStatus::bad_request);
  expect_refused(std::string_view("\0", 1), HttpStatus::bad_request);
  expect_refused("\x16\x03\x01", HttpStatus::bad_request);  // TLS
  expect_refused("GET / HTTP/1.1\n", HttpStatus::bad_request);
  expect_refused("GET / HTTP/3.0", HttpStatus::version_not_supported);
  expect_refused("GET / HTTP/1.1\r\nHost : h", HttpStatus::bad_request);
}

TEST(Http, a_head_has_8_kib_and_no_more) {
  const auto padded = [](std::size_t bytes) {
    const auto bare = with_fields("X: \r\n");
    return with_fields("X: " + std::string(bytes - bare.size(), 'x') + "\r\n");
  };
  EXPECT_TRUE(request(padded(kMaxHttpHeadBytes)).keep_alive);
  expect_refused(padded(kMaxHttpHeadBytes + 1), HttpStatus::header_fields_too_large);
  expect_refused("GET /" + std::string(kMaxHttpHeadBytes, 'a'), HttpStatus::uri_too_long);
  EXPECT_EQ(parse("GET /" + std::string(kMaxHttpHeadBytes - 6, 'a')).error, HttpStatus::none);
}

}  // namespace
}  // namespace dlab::wire
