// What somebody at a terminal sees of a download from many mirrors.

#include "part4_mirrors/mirrors_picture.hpp"

#include <gtest/gtest.h>

#include "common/base/terminal_text.hpp"
#include "tests/part4_mirrors/schedule_steps.hpp"

namespace dlab::part4 {
namespace {

constexpr report::Window kWindow{80, 24};

TEST(FileBar, tells_what_is_here_what_is_coming_from_whom_and_what_is_missing) {
  MirrorsView view{.size = 100, .have = 50, .missing = {{20, 60}, {90, 100}}};
  view.coming = {{.mirror = 1, .range = {30, 50}}, {.mirror = 11, .range = {90, 100}}};
  EXPECT_EQ(file_bar(view, 10), "##.11.###b");
}

TEST(FileBar, a_character_that_stands_for_many_bytes_is_full_when_all_are_here) {
  EXPECT_EQ(file_bar({.size = 1000, .missing = {{999, 1000}}}, 4), "###.");
  EXPECT_EQ(file_bar({.size = 1000}, 4), "####");
  EXPECT_EQ(file_bar({.size = 0}, 4), "####");
}

TEST(FileBar, of_a_file_smaller_than_the_bar_each_byte_has_some_characters) {
  EXPECT_EQ(file_bar({.size = 2, .missing = {{1, 2}}}, 6), "###...");
}

TEST(FileBar, a_huge_file_does_not_overflow) {
  constexpr std::uint64_t kSize = std::uint64_t{1} << 63U;
  EXPECT_EQ(file_bar({.size = kSize, .missing = {{kSize / 2, kSize}}}, 4), "##..");
}

TEST(MirrorsView, is_what_the_schedule_knows) {
  Steps steps({}, 3, 100, 2);
  steps.next();
  steps.next();
  steps.receive(0, 20);
  steps.fail(1);
  const MirrorsView view = view_of(steps.schedule, steps.now);
  EXPECT_EQ(view.size, 100U);
  EXPECT_EQ(view.have, 20U);
  EXPECT_EQ(view.missing, (std::vector<storage::ByteRange>{{20, 100}}));
  ASSERT_EQ(view.coming.size(), 1U);
  EXPECT_EQ(view.coming[0].mirror, 0U);
  EXPECT_EQ(view.coming[0].range, (storage::ByteRange{20, 50}));
  EXPECT_EQ(view.mirrors[0].bytes, 20U);
  EXPECT_EQ(view.mirrors[0].asks, 1U);
  EXPECT_GT(view.mirrors[1].rests, base::Duration::zero());
  EXPECT_EQ(view.mirrors[2].rests, base::Duration::zero());
}

TEST(MirrorsPicture, has_a_line_for_the_whole_a_bar_and_a_line_for_each_mirror) {
  MirrorsView view{.size = 4'000'000, .have = 1'000'000, .missing = {{1'000'000, 4'000'000}}};
  view.mirrors = {{.bytes = 1'000'000, .goodput = 500'000.0, .asks = 1},
                  {.asks = 2},
                  {.rests = std::chrono::milliseconds(3100), .reason = "it is tired"},
                  {.given_up = true, .reason = "no such file"},
                  {}};
  const auto lines = picture(view, "f", {"a:1", "b:2", "c:3", "d:4", "e:5"}, 2, kWindow);
  ASSERT_EQ(lines.size(), 7U);
  EXPECT_EQ(lines[0], "f  25 %  976.6 KiB  0.5 MB/s  6 s left");
  EXPECT_EQ(lines[1].size(), 79U);
  EXPECT_EQ(lines[2], " 0 a:1                        0.5 MB/s  976.6 KiB  1 chunk");
  EXPECT_EQ(lines[3], " 1 b:2                               -        0 B  2 chunks");
  EXPECT_EQ(lines[4], " 2 c:3                               -        0 B  rests 4 s: it is tired");
  EXPECT_EQ(lines[5], " 3 d:4                               -        0 B  given up: no such file");
  EXPECT_EQ(lines[6], " 4 e:5                               -        0 B  idle");
}

TEST(MirrorsPicture, fits_its_window) {
  MirrorsView view{.size = 100, .missing = {{0, 100}}};
  view.mirrors.assign(50, {.given_up = true, .reason = std::string(200, 'x')});
  const auto lines = picture(view, "f", std::vector<std::string>(50, "mirror"), 1, {30, 12});
  EXPECT_EQ(lines.size(), 11U);
  EXPECT_EQ(lines.back(), "   and 42 more mirrors");
  for (const auto& line : lines) {
    EXPECT_LT(line.size(), 30U) << line;
  }
}

TEST(MirrorsPicture, long_names_of_any_script_leave_the_figures_in_their_places) {
  MirrorsView view{.size = 1000};
  view.mirrors = {{}, {}};
  const auto lines =
      picture(view, std::string(255, 'n'), {"m", "日本語日本語日本語日本語日"}, 1, kWindow);
  EXPECT_TRUE(lines[0].starts_with("nnnnnnnnnnnnnnnnnnnnn...   0 %")) << lines[0];
  EXPECT_EQ(base::columns_of(lines[2]), base::columns_of(lines[3]));
  EXPECT_TRUE(lines[3].starts_with(" 1 日本語日本語日本語日...  ")) << lines[3];
}

TEST(MirrorsPicture, a_reason_does_not_command_the_terminal) {
  MirrorsView view{.size = 1};
  view.mirrors = {{.given_up = true, .reason = "\x1b[2J"}};
  EXPECT_EQ(picture(view, "f", {"m"}, 1, kWindow)[2].find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace dlab::part4
