#include "part4_mirrors/web_address.hpp"

#include <gtest/gtest.h>

namespace dlab::part4 {
namespace {

TEST(WebAddress, a_folder_gets_the_name_of_the_file) {
  EXPECT_EQ(url_of_file("http://example.org/pub/", "a.iso"), "http://example.org/pub/a.iso");
  EXPECT_EQ(url_of_file("https://[::1]:8443/", "a/b.iso"), "https://[::1]:8443/a/b.iso");
  EXPECT_EQ(url_of_file("http://example.org", "a.iso"), "http://example.org/a.iso");
}

TEST(WebAddress, any_other_url_is_the_file_itself) {
  for (const char* url : {"http://example.org/a.iso", "http://example.org/get?file=a/",
                          "http://example.org/a#/", "http://example.org?dir=/"}) {
    EXPECT_EQ(url_of_file(url, "b.iso"), url);
  }
}

TEST(WebAddress, letters_that_mean_something_in_a_url_are_encoded) {
  EXPECT_EQ(url_of_file("http://h/", "ein über?#%.txt"), "http://h/ein%20%C3%BCber%3F%23%25.txt");
}

TEST(WebAddress, a_file_is_named_by_the_end_of_its_path) {
  EXPECT_EQ(name_in_url("http://example.org/pub/a.iso"), "a.iso");
  EXPECT_EQ(name_in_url("HTTPS://example.org/a.iso?mirror=b/c#d/e"), "a.iso");
  EXPECT_EQ(name_in_url("http://h/ein%20%C3%BCber.txt"), "ein über.txt");
  EXPECT_EQ(name_in_url("http://h/a%2Fb"), "b") << "a name has no folders";
}

TEST(WebAddress, a_folder_names_no_file) {
  for (const char* url : {"http://h", "http://h/", "http://h/pub/", "http://h?a", "http://h/#a",
                          "http://h/a%2", "http://h/a%00b"}) {
    EXPECT_EQ(name_in_url(url), "") << url;
  }
}

}  // namespace
}  // namespace dlab::part4
