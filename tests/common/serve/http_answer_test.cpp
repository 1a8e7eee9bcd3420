#include "common/serve/http_answer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>

#include "common/serve/listing_page.hpp"
#include "common/wire/http_conditions.hpp"
#include "tests/common/support/child.hpp"
#include "tests/common/support/settled.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::serve {
namespace {

using wire::HttpMethod;
using wire::HttpRequest;

constexpr WallClock::time_point kNow{std::chrono::seconds(784'111'777)};
constexpr std::string_view kBefore = "Server: dlab\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

class HttpAnswers : public testing::Test {
 protected:
  void SetUp() override { test::let_settle(root_, "digits.txt"); }

  HttpAnswer answer(const HttpRequest& request) { return answer_http(request, root_, kNow); }
  HttpAnswer get(const std::string& path) { return answer({.path = path}); }
  HttpAnswer range(const std::string& range) {
    return answer({.path = "digits.txt", .range = range});
  }
  // The tag of digits.txt.
  std::string tag() {
    const auto opened = root_.open("digits.txt");
    return wire::entity_tag(std::get<storage::ServedFile>(opened).version);
  }
  // The fields that tell one state of it from another. It was written after "now".
  std::string validators() {
    return "Accept-Ranges: bytes\r\nETag: " + tag() +
           "\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
  }
  // Gives it a date of its own.
  void date(std::int64_t second) {
    const timespec times[2] = {{second, 0}, {second, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, digits_.c_str(), times, 0), 0);
    test::let_settle(root_, "digits.txt");
  }
  void expect_error(const HttpAnswer& answer, const std::string& status_line,
                    const std::string& body, const std::string& fields = "") {
    EXPECT_EQ(answer.head, "HTTP/1.1 " + status_line + "\r\n" + std::string(kBefore) +
                               "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " +
                               std::to_string(body.size()) + "\r\n" + fields + "Connection: " +
                               (answer.keep_alive ? "keep-alive" : "close") + "\r\n\r\n" + body);
    EXPECT_FALSE(answer.file);
    EXPECT_EQ(answer.status, status_line.substr(0, 3));
  }

  test::TempFolder folder_;
  std::string digits_ = folder_.write("digits.txt", "0123456789");
  storage::ServedRoot root_{folder_.path()};
};

TEST_F(HttpAnswers, a_file_is_announced_and_opened) {
  const auto whole = get("digits.txt");
  EXPECT_EQ(whole.head, "HTTP/1.1 200 OK\r\n" + std::string(kBefore) +
                            "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 10\r\n" +
                            validators() + "Connection: keep-alive\r\n\r\n");
  ASSERT_TRUE(whole.file);
  EXPECT_EQ(whole.file->name, "digits.txt");
  EXPECT_EQ(whole.range, (storage::ByteRange{0, 10}));
  EXPECT_TRUE(whole.keep_alive);
  EXPECT_EQ(whole.status, "200");
}

TEST_F(HttpAnswers, a_range_is_announced_and_cut_out) {
  const auto part = range("bytes=2-4");
  EXPECT_EQ(part.head, "HTTP/1.1 206 Partial Content\r\n" + std::string(kBefore) +
                           "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n" +
                           validators() +
                           "Content-Range: bytes 2-4/10\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(part.file);
  EXPECT_EQ(part.range, (storage::ByteRange{2, 5}));
  EXPECT_EQ(part.status, "206");
  EXPECT_EQ(range("bytes=-3").range, (storage::ByteRange{7, 10}));
  EXPECT_EQ(range("bytes=8-").range, (storage::ByteRange{8, 10}));
}

TEST_F(HttpAnswers, several_ranges_are_the_whole_file) {
  const auto whole = range("bytes=0-1,4-5");
  EXPECT_EQ(whole.range, (storage::ByteRange{0, 10}));
  EXPECT_EQ(whole.status, "200");
  EXPECT_EQ(whole.head.find("Content-Range"), std::string::npos);
}

TEST_F(HttpAnswers, a_range_behind_the_end_is_refused_with_the_size) {
  expect_error(range("bytes=10-"), "416 Range Not Satisfiable",
               "416 the range begins behind the end\n",
               validators() + "Content-Range: bytes */10\r\n");
}

TEST_F(HttpAnswers, head_has_the_head_alone_and_knows_no_ranges) {
  const auto head = answer({.method = HttpMethod::head, .path = "digits.txt"});
  EXPECT_EQ(head.head, get("digits.txt").head);
  EXPECT_FALSE(head.file);
  EXPECT_TRUE(head.range.empty());
  const auto ranged =
      answer({.method = HttpMethod::head, .path = "digits.txt", .range = "bytes=2-4"});
  EXPECT_EQ(ranged.head, head.head);
}

TEST_F(HttpAnswers, head_of_an_error_has_the_errors_length_and_no_body) {
  const auto whole = get("no-such").head;
  const auto head = answer({.method = HttpMethod::head, .path = "no-such"}).head;
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  EXPECT_EQ(whole, head + "404 no such file\n");
}

TEST_F(HttpAnswers, if_range_gives_the_whole_of_another_file) {
  const auto with = [&](const std::string& tag) {
    return answer({.path = "digits.txt", .range = "bytes=2-4", .if_range = tag}).status;
  };
  EXPECT_EQ(with(tag()), "206");
  EXPECT_EQ(with("\"0000000000000001\""), "200");
  EXPECT_EQ(with("W/" + tag()), "200");  // must be strong (RFC 9110 section 13.1.5)
}

TEST_F(HttpAnswers, if_range_takes_the_files_date_too_once_its_second_is_over) {
  const auto with = [&](const std::string& date) {
    return answer({.path = "digits.txt", .range = "bytes=2-4", .if_range = date}).status;
  };
  EXPECT_EQ(with("Sun, 06 Nov 1994 08:49:37 GMT"), "200");  // it is that second
  date(784'111'770);
  EXPECT_EQ(with("Sun, 06 Nov 1994 08:49:30 GMT"), "206");
  EXPECT_EQ(with("Sun, 06 Nov 1994 08:49:31 GMT"), "200");
}

TEST_F(HttpAnswers, the_date_of_a_file_is_sent_and_asked_for) {
  date(784'111'770);
  EXPECT_NE(get("digits.txt").head.find("\r\nLast-Modified: Sun, 06 Nov 1994 08:49:30 GMT\r\n"),
            std::string::npos);
  const auto since = [&](const std::string& date) {
    return answer({.path = "digits.txt", .if_modified_since = date}).status;
  };
  EXPECT_EQ(since("Sun, 06 Nov 1994 08:49:29 GMT"), "200");
  EXPECT_EQ(since("Sun, 06 Nov 1994 08:49:30 GMT"), "304");
}

TEST_F(HttpAnswers, a_date_before_the_epoch_or_ahead_of_the_clock_is_nobodys) {
  date(-1);
  EXPECT_NE(get("digits.txt").head.find("\r\nLast-Modified: Thu, 01 Jan 1970 00:00:00 GMT\r\n"),
            std::string::npos);
  date(2'000'000'000);
  EXPECT_NE(get("digits.txt").head.find("\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
            std::string::npos);
}

TEST_F(HttpAnswers, a_client_that_expects_another_file_is_told_so) {
  const auto other = answer({.path = "digits.txt", .range = "bytes=99-", .if_match = "\"b\""});
  expect_error(other, "412 Precondition Failed", "412 this is no longer what the client expects\n",
               validators());
  EXPECT_TRUE(other.keep_alive);
  EXPECT_EQ(answer({.path = "digits.txt", .range = "bytes=0-1", .if_match = tag()}).status, "206");
  EXPECT_EQ(
      answer({.path = "digits.txt", .if_unmodified_since = "Sun, 06 Nov 1994 08:49:36 GMT"}).status,
      "412");
}

// Nothing is there that a condition could be about (RFC 9110 section 13.2.1).
TEST_F(HttpAnswers, conditions_do_not_count_where_there_is_no_file) {
  EXPECT_EQ(answer({.path = "no-such", .if_match = "\"b\""}).status, "404");
  EXPECT_EQ(answer({.path = "no-such", .if_none_match = "*"}).status, "404");
  EXPECT_EQ(answer({.method = HttpMethod::other, .if_match = "\"b\""}).status, "405");
}

TEST_F(HttpAnswers, the_list_of_files_has_no_validators) {
  EXPECT_EQ(answer({.if_match = "*"}).status, "200");
  EXPECT_EQ(answer({.if_match = tag()}).status, "412");
  EXPECT_EQ(answer({.if_none_match = "*"}).status, "304");
  EXPECT_EQ(answer({.if_modified_since = "Sun, 06 Nov 1994 08:49:37 GMT"}).status, "200");
}

// Within the tick of its clock other bytes may come under the same times: a strong tag would lie.
TEST_F(HttpAnswers, a_strong_tag_is_never_kept_by_other_bytes) {
  for (int i = 0; i < 20; ++i) {
    const auto before = get("digits.txt").head;
    folder_.write("digits.txt", i % 2 == 0 ? "9876543210" : "0123456789");
    EXPECT_TRUE(before != get("digits.txt").head || before.find("ETag: W/") != std::string::npos);
  }
}

TEST_F(HttpAnswers, a_range_behind_the_end_of_a_file_that_changed_is_the_whole) {
  EXPECT_EQ(answer({.path = "digits.txt", .range = "bytes=99-", .if_range = "\"1\""}).status,
            "200");
}

TEST_F(HttpAnswers, a_file_that_the_client_has_is_not_sent_again) {
  const auto with = [&](const std::string& tags) {
    return answer({.path = "digits.txt", .if_none_match = tags});
  };
  const auto same = with(tag());
  EXPECT_EQ(same.head, "HTTP/1.1 304 Not Modified\r\n" + std::string(kBefore) + validators() +
                           "Connection: keep-alive\r\n\r\n");
  EXPECT_FALSE(same.file);
  EXPECT_EQ(with("\"other\" ,\tW/" + tag()).status, "304");
  EXPECT_EQ(with("*").status, "304");
  EXPECT_EQ(with("\"other\", \"0\"").status, "200");
  EXPECT_EQ(with("").status, "200");
  EXPECT_EQ(with(",").status, "200");
}

TEST_F(HttpAnswers, the_tag_changes_with_the_file) {
  const std::string before = tag();
  folder_.write("digits.txt", "9876543210");
  EXPECT_NE(tag(), before);
}

TEST_F(HttpAnswers, what_cannot_be_served_is_refused_and_the_connection_goes_on) {
  std::filesystem::create_directory(folder_ / "sub");
  std::filesystem::create_symlink("/etc/passwd", folder_ / "link");
  expect_error(get("no-such"), "404 Not Found", "404 no such file\n");
  expect_error(get("digits.txt/"), "404 Not Found", "404 no such file\n");
  expect_error(get("sub"), "403 Forbidden", "403 this is a folder\n");
  expect_error(get("link"), "403 Forbidden", "403 the path leads out of the served folder\n");
  expect_error(get("../x"), "403 Forbidden", "403 the path leads out of the served folder\n");
  expect_error(get("/etc/passwd"), "400 Bad Request", "400 the file name is an absolute path\n");
  expect_error(get(std::string(300, 'a')), "400 Bad Request",
               "400 a part of the file name is too long\n");
  EXPECT_TRUE(get("no-such").keep_alive);
}

TEST_F(HttpAnswers, other_methods_are_not_allowed) {
  expect_error(answer({.method = HttpMethod::other}), "405 Method Not Allowed",
               "405 only GET and HEAD are served here\n", "Allow: GET, HEAD\r\n");
}

TEST_F(HttpAnswers, a_client_that_wants_to_close_is_told_so) {
  const auto last = answer({.path = "digits.txt", .keep_alive = false});
  EXPECT_FALSE(last.keep_alive);
  EXPECT_TRUE(last.head.ends_with("Connection: close\r\n\r\n"));
}

TEST_F(HttpAnswers, an_empty_file_is_a_head_alone) {
  folder_.write("empty", "");
  const auto empty = get("empty");
  EXPECT_NE(empty.head.find("Content-Length: 0\r\n"), std::string::npos);
  EXPECT_TRUE(empty.range.empty());
  EXPECT_EQ(empty.status, "200");
}

TEST_F(HttpAnswers, trouble_at_the_server_is_its_own_error) {
  const int status = test::in_child([&] {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_NOFILE, &none);
    expect_error(get("digits.txt"), "500 Internal Server Error",
                 "500 open digits.txt: Too many open files\n");
    EXPECT_EQ(get("").status, "500");
    return HasFailure() ? 1 : 0;
  });
  EXPECT_EQ(status, 0);
}

TEST_F(HttpAnswers, what_is_no_request_is_told_so_and_closed) {
  const auto refused = refuse_http(wire::HttpStatus::uri_too_long, kNow);
  expect_error(refused, "414 URI Too Long", "414 URI Too Long\n");
  EXPECT_FALSE(refused.keep_alive);
}

TEST_F(HttpAnswers, the_root_is_a_page_that_links_its_files) {
  folder_.write("a <b>&\".x", std::string(2048, ' '));
  std::filesystem::create_directory(folder_ / "sub");
  const auto page = get("");
  EXPECT_EQ(page.status, "200");
  EXPECT_NE(page.head.find("Content-Type: text/html; charset=utf-8\r\n"), std::string::npos);
  EXPECT_NE(page.head.find("<tr><td><a href=\"/a%20%3Cb%3E%26%22.x\">a &lt;b&gt;&amp;&quot;.x</a>"
                           "</td><td>2.0 KiB</td></tr>\n"
                           "<tr><td><a href=\"/digits.txt\">digits.txt</a></td><td>10 B</td></tr>"),
            std::string::npos)
      << page.head;
  EXPECT_EQ(page.head.find("sub"), std::string::npos);
  const auto body = page.head.substr(page.head.find("\r\n\r\n") + 4);
  EXPECT_NE(page.head.find("Content-Length: " + std::to_string(body.size()) + "\r\n"),
            std::string::npos);
  EXPECT_EQ(answer({.method = HttpMethod::head}).head + body, page.head);
}

TEST(ListingPage, of_an_empty_folder_says_so) {
  EXPECT_NE(listing_page({}).find("<p>There are none.</p>\n</main>"), std::string::npos);
}

TEST(ListingPage, does_not_grow_without_bound) {
  const std::vector<storage::ServedRoot::Entry> many(60'000, {std::string(50, 'a'), 1});
  const auto page = listing_page(many);
  EXPECT_LT(page.size(), (std::size_t{4} << 20U) + 1000);
  EXPECT_NE(page.find(" more files are not shown.</p>\n</main>"), std::string::npos);
}

}  // namespace
}  // namespace dlab::serve
