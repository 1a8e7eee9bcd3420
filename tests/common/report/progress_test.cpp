#include "common/report/progress.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <latch>
#include <string>

#include "tests/common/support/spent.hpp"

namespace dlab::report {
namespace {

TEST(Picture, one_connection_is_one_line) {
  Progress progress(1);
  progress.total = 1000;
  progress.have = 500;
  progress.lanes[0].received = 500;
  const auto lines = picture(progress, "a.jpg", 1, {80, 24});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0], "a.jpg [#############.............]  50 %  500 B  0.0 MB/s  1 s left");
}

TEST(Picture, several_connections_have_a_line_each_and_one_for_the_whole) {
  Progress progress(3);
  progress.total = 300;
  progress.have = 150;
  progress.lanes[1].received = 50;
  progress.lanes[1].assigned = 100;
  progress.lanes[2].received = 100;
  progress.lanes[2].finished = true;
  const auto lines = picture(progress, "f", 1, {80, 24});
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_NE(lines[0].find("0 ["), std::string::npos);
  EXPECT_NE(lines[1].find("50 B"), std::string::npos);
  EXPECT_NE(lines[2].find("done"), std::string::npos);
  EXPECT_NE(lines[3].find(" 50 %"), std::string::npos);
}

TEST(Picture, fits_the_window_whatever_its_size) {
  Progress progress(1000);
  progress.total = ~std::uint64_t{0} / 2;
  progress.have = std::uint64_t{1} << 50U;
  for (auto& lane : progress.lanes) {
    lane.received = std::uint64_t{1} << 50U;
  }
  for (const unsigned columns : {20U, 40U, 80U, 300U}) {
    for (const unsigned rows : {6U, 24U, 100U, 2000U}) {
      const auto lines = picture(progress, std::string(500, 'x'), 1e-9, {columns, rows});
      EXPECT_LT(lines.size(), rows);
      for (const auto& line : lines) {
        EXPECT_LT(line.size(), columns);
      }
    }
  }
}

TEST(Picture, fits_the_smallest_windows) {
  const Progress progress(1000);
  for (const unsigned columns : {1U, 2U, 19U}) {
    for (const unsigned rows : {2U, 3U, 4U, 5U}) {
      const auto lines = picture(progress, "f", 1, {columns, rows});
      EXPECT_LT(lines.size(), rows);
      for (const auto& line : lines) {
        EXPECT_LT(line.size(), columns);
      }
    }
  }
}

TEST(Picture, a_foreign_name_is_cut_between_characters_and_cannot_steer_the_terminal) {
  const Progress progress(1);
  const auto line = [&](const std::string& name, unsigned columns) {
    return picture(progress, name, 0, {columns, 24})[0];
  };
  EXPECT_TRUE(line("日本語日本語日本語日本語日本語", 80).starts_with("日本語日本語日本語日... ["));
  EXPECT_EQ(line("日本語日本語", 6), "日本");
  EXPECT_TRUE(line("a\x1b[2J\xc2\x9bK", 80).starts_with("a?[2J?K ["));
}

TEST(Picture, connections_that_do_not_fit_are_counted) {
  Progress progress(50);
  const auto lines = picture(progress, "f", 1, {80, 24});
  ASSERT_EQ(lines.size(), 22U);
  EXPECT_NE(lines[20].find("and 30 more connections"), std::string::npos);
}

TEST(Picture, an_empty_file_and_an_unknown_size_divide_by_nothing) {
  const Progress progress(1);
  EXPECT_NE(picture(progress, "f", 0, {80, 24})[0].find("  0 %"), std::string::npos);
}

TEST(Picture, what_an_earlier_run_brought_counts_for_the_whole_and_not_for_the_rate) {
  Progress progress(1);
  progress.total = 10'000'000;
  progress.have = 9'000'000;
  progress.lanes[0].received = 1'000'000;
  const auto line = picture(progress, "f", 1, {80, 24})[0];
  EXPECT_NE(line.find(" 90 %"), std::string::npos);
  EXPECT_NE(line.find("1.0 MB/s"), std::string::npos);
}

TEST(Picture, bytes_that_came_twice_count_once_for_the_whole) {
  Progress progress(2);
  progress.total = 300'000;
  progress.have = 300'000;
  progress.lanes[0].received = 250'000;
  progress.lanes[1].received = 75'000;
  EXPECT_NE(picture(progress, "f", 1, {80, 24})[2].find(" 100 %"), std::string::npos);
}

// All that `use` writes to a terminal.
std::string written_by(const std::function<void(std::FILE* terminal)>& use) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* const terminal = ::open_memstream(&text, &size);
  use(terminal);
  std::fclose(terminal);
  std::string written(text, size);
  std::free(text);
  return written;
}

TEST(ProgressDisplay, leaves_the_last_state_on_the_terminal_and_ends_its_thread) {
  const int threads = test::running_threads();
  const auto drawn = written_by([](std::FILE* terminal) {
    Progress progress(1);
    progress.total = 100;
    const ProgressDisplay display(
        terminal, [] { return Window{}; },
        [&](double seconds, Window window) { return picture(progress, "f", seconds, window); });
    progress.lanes[0].received = 100;
    progress.have = 100;
  });
  EXPECT_TRUE(drawn.ends_with("\x1b[K\n\x1b[J"));
  EXPECT_NE(drawn.find("100 %"), std::string::npos);
  EXPECT_EQ(test::threads_left(threads), threads);
}

TEST(ProgressDisplay, draws_over_what_a_narrower_window_has_wrapped) {
  const auto drawn = written_by([](std::FILE* terminal) {
    std::latch first_look(1);
    int looks = 0;
    const auto window = [&] {
      if (++looks > 1) {
        return Window{20, 24};
      }
      first_look.count_down();
      return Window{80, 24};
    };
    const ProgressDisplay display(terminal, window, [](double, Window now) {
      return clipped({std::string(60, 'x'), "y"}, now);
    });
    first_look.wait();  // the display's end is a second one
  });
  EXPECT_NE(drawn.find("\x1b[4A\r" + std::string(19, 'x') + "\x1b[K\n\ry"), std::string::npos);
}

}  // namespace
}  // namespace dlab::report
