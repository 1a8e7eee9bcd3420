#include "part4_mirrors/servers_file.hpp"

#include <gtest/gtest.h>

#include "common/base/errors.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::part4 {
namespace {

using Names = std::vector<std::string>;

Names names(const std::vector<MirrorAddress>& mirrors) {
  Names list;
  for (const auto& mirror : mirrors) {
    list.push_back(mirror.text);
  }
  return list;
}

Names parsed(std::string_view text) {
  const auto file = parse_servers(text);
  EXPECT_EQ(file.wrong_line, 0U) << file.wrong;
  return names(file.mirrors);
}

TEST(ServersFile, host_and_port_may_be_parted_by_a_blank_or_a_colon) {
  EXPECT_EQ(parsed("127.0.0.1 9001\n127.0.0.1:9002\nexample.org \t 9003\n"),
            (Names{"127.0.0.1:9001", "127.0.0.1:9002", "example.org:9003"}));
}

TEST(ServersFile, an_IPv6_address_needs_brackets_only_before_a_colon) {
  EXPECT_EQ(parsed("[::1]:9001\n::1 9002\n[::1] 9003\nfe80::1%eth0 9004\n"),
            (Names{"[::1]:9001", "[::1]:9002", "[::1]:9003", "[fe80::1%eth0]:9004"}));
}

TEST(ServersFile, an_endpoint_is_what_a_socket_needs) {
  const auto mirror = parse_servers("::1 9002").mirrors.at(0);
  ASSERT_TRUE(mirror.endpoint);
  EXPECT_EQ(mirror.endpoint->host, "::1");
  EXPECT_EQ(mirror.endpoint->port, 9002);
}

TEST(ServersFile, comments_and_empty_lines_say_nothing) {
  EXPECT_EQ(parsed("# mirrors\n\n   \n a:1 # the near one\n\t#b:2\nc#3:4\n"),
            (Names{"a:1", "c#3:4"}))
      << "a # inside a word begins none";
}

TEST(ServersFile, lines_may_end_as_on_Windows_and_the_last_one_not_at_all) {
  EXPECT_EQ(parsed("\xEF\xBB\xBF"
                   "a:1\r\n\r\nb 2\r\nc:3"),
            (Names{"a:1", "b:2", "c:3"}));
}

TEST(ServersFile, urls_are_kept_as_they_are) {
  const auto file =
      parse_servers("http://example.org/pub/\nHTTPS://[::1]:8443/a.jpg?x#y\nhttp://127.0.0.1:80\n");
  EXPECT_EQ(names(file.mirrors), (Names{"http://example.org/pub/", "HTTPS://[::1]:8443/a.jpg?x#y",
                                        "http://127.0.0.1:80"}));
  for (const auto& mirror : file.mirrors) {
    EXPECT_FALSE(mirror.endpoint) << mirror.text;
  }
}

TEST(ServersFile, user_and_password_of_a_url_are_no_part_of_its_name) {
  const auto file = parse_servers(
      "http://u:p%40w@h/f\nhttps://u@[::1]:8443/@x\nHTTP://a:b@c@h:80?q=1@2\nhttp://h/a:b@c\n");
  EXPECT_EQ(names(file.mirrors),
            (Names{"http://h/f", "https://[::1]:8443/@x", "HTTP://h:80?q=1@2", "http://h/a:b@c"}));
  Names userinfos;
  for (const auto& mirror : file.mirrors) {
    userinfos.push_back(mirror.userinfo);
  }
  EXPECT_EQ(userinfos, (Names{"u:p%40w", "u", "a:b@c", ""}));
}

TEST(ServersFile, what_may_be_a_password_is_not_quoted) {
  EXPECT_TRUE(parse_servers("ftp://u:pw@h/").wrong.starts_with("\"ftp://***@h/\""));
  EXPECT_TRUE(parse_servers("http://u:1 pw@h/").wrong.starts_with("\"http://***@h/\""));
  EXPECT_TRUE(parse_servers("a u:pw@h:x").wrong.starts_with("\"a ***@h:x\""));
}

TEST(ServersFile, a_mirror_that_is_named_again_is_the_same_mirror) {
  EXPECT_EQ(parsed("a:1\nb:2\na 1\n[::1]:3\n::1 3\n"), (Names{"a:1", "b:2", "[::1]:3"}));
}

TEST(ServersFile, there_may_be_any_number_of_mirrors) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    text += "host" + std::to_string(i) + " 9004\n";
  }
  EXPECT_EQ(parsed(text).size(), 10'000U);
}

TEST(ServersFile, a_line_that_makes_no_sense_is_named_with_its_number) {
  const auto file = parse_servers("a:1\n# comment\nb\n:::\n");
  EXPECT_EQ(file.wrong_line, 3U);
  EXPECT_TRUE(file.wrong.starts_with("\"b\" is no HOST PORT")) << file.wrong;
  EXPECT_TRUE(file.mirrors.empty());
}

TEST(ServersFile, lines_that_make_no_sense) {
  for (const std::string line : {"a",
                                 "9004",
                                 "a:",
                                 ":1",
                                 "a 0",
                                 "a:0",
                                 "a 65536",
                                 "a b",
                                 "a -1",
                                 "a +1",
                                 "a:1 2",
                                 "a 1 b",
                                 "::1:9004",
                                 "[::1]",
                                 "[::1",
                                 "[]:1",
                                 "127.0.0.1:1 9004",
                                 "http:// 80",
                                 "htp://a::0 80",
                                 "a/b:80",
                                 "http://",
                                 "http:///file",
                                 "http://:80/",
                                 "http://u:p@/",
                                 "http://u:p/w@h/",
                                 "u@h:80",
                                 "ftp://a/b",
                                 "://a",
                                 "http://a b",
                                 "a:1,b:2",
                                 "a;1",
                                 "a\v1",
                                 "a\r:1",
                                 "\x1b[31m:1"}) {
    EXPECT_EQ(parse_servers(line).wrong_line, 1U) << '"' << line << '"';
  }
  EXPECT_EQ(parse_servers(std::string_view("a\0b:1", 5)).wrong_line, 1U);
}

TEST(ServersFile, what_is_quoted_cannot_steer_a_terminal) {
  EXPECT_TRUE(parse_servers("\x1b[31mred").wrong.starts_with("\"?[31mred\""));
}

TEST(LoadServers, reads_the_mirrors_of_a_file) {
  const test::TempFolder folder;
  folder.write("servers.txt", "a 1\nb 2\n");
  EXPECT_EQ(names(load_servers(folder / "servers.txt")), (Names{"a:1", "b:2"}));
}

// What load_servers says of a file with this text, behind the file's name.
std::string complaint(std::string_view text) {
  const test::TempFolder folder;
  folder.write("servers.txt", text);
  try {
    load_servers(folder / "servers.txt");
  } catch (const base::UsageError& error) {
    return std::string(error.what()).substr(std::string(folder / "servers.txt").size());
  }
  return "nothing";
}

TEST(LoadServers, names_the_line_that_makes_no_sense) {
  EXPECT_TRUE(complaint("a 1\nb\n").starts_with(":2: \"b\" is no HOST PORT"));
}

TEST(LoadServers, refuses_a_file_without_a_mirror) {
  EXPECT_EQ(complaint("# none\n"), ": names no server");
  EXPECT_EQ(complaint(""), ": names no server");
}

TEST(LoadServers, refuses_a_url_in_place_of_a_file) {
  EXPECT_THROW(load_servers("http://u:p@h/f"), base::UsageError);
}

TEST(LoadServers, says_why_a_file_cannot_be_read) {
  const test::TempFolder folder;
  EXPECT_THROW(load_servers(folder / "nowhere"), std::system_error);
  EXPECT_THROW(load_servers(folder.path()), std::system_error);
}

}  // namespace
}  // namespace dlab::part4
