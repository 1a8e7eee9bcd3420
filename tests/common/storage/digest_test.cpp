#include "common/storage/digest.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <system_error>
#include <vector>

#include "common/base/file_descriptor.hpp"
#include "tests/common/support/hex.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::storage {
namespace {

constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::string sha256(std::string_view text) {
  Sha256 sha256;
  sha256.update(test::raw(text));
  return to_hex(sha256.finish());
}

base::FileDescriptor open_file(const std::string& path) {
  return base::FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

// The examples of FIPS 180-4.
TEST(Sha256, agrees_with_the_published_vectors) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), kAbc);
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, pieces_make_the_same_digest_as_the_whole) {
  Sha256 sha256;
  sha256.update(test::raw("a"));
  sha256.update({});
  sha256.update(test::raw("bc"));
  EXPECT_EQ(to_hex(sha256.finish()), kAbc);
}

TEST(Sha256, comes_back_from_its_64_digits_and_from_nothing_else) {
  const auto value = parse_sha256(kAbc);
  ASSERT_TRUE(value);
  EXPECT_EQ(to_hex(*value), kAbc);
  const std::string text = kAbc;
  for (const std::string& wrong :
       {std::string(), text.substr(1), text.substr(2), text + "00", "g" + text.substr(1),
        "-1" + text.substr(2), " " + text.substr(1), "0x" + text.substr(2)}) {
    EXPECT_FALSE(parse_sha256(wrong)) << wrong;
  }
}

TEST(DigestOfFile, counts_the_first_bytes_and_tells_how_far_it_is) {
  const test::TempFolder folder;
  const auto file = open_file(folder.write("f", std::string(600'000, 'a') + "tail"));
  std::vector<std::uint64_t> progress;
  const auto value =
      digest_of_file(file.get(), 600'000, [&](std::uint64_t done) { progress.push_back(done); });
  EXPECT_EQ(to_hex(value), sha256(std::string(600'000, 'a')));
  EXPECT_EQ(progress, (std::vector<std::uint64_t>{262'144, 524'288, 600'000}));
}

TEST(DigestOfFile, an_empty_file_has_the_digest_of_nothing) {
  const test::TempFolder folder;
  const auto file = open_file(folder.write("f", ""));
  EXPECT_EQ(to_hex(digest_of_file(file.get(), 0, [](std::uint64_t) {})), sha256(""));
}

TEST(DigestOfFile, a_file_that_became_shorter_is_an_error) {
  const test::TempFolder folder;
  const auto file = open_file(folder.write("f", "abc"));
  try {
    digest_of_file(file.get(), 4, [](std::uint64_t) {});
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_message_available);  // ENODATA
  }
}

TEST(ToHex, writes_two_lower_case_digits_a_byte) {
  EXPECT_EQ(to_hex(test::bytes("00 0f a5 ff")), "000fa5ff");
  EXPECT_EQ(to_hex({}), "");
}

}  // namespace
}  // namespace dlab::storage
