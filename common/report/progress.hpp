#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/base/clock.hpp"

namespace dlab::report {

// How far a download is, for somebody to look at: written by the threads that receive, read by the
// display. All members are atomic.
struct Progress {
  explicit Progress(std::size_t connections) : lanes(connections) {}

  // One connection's share of the work.
  struct Lane {
    std::atomic<std::uint64_t> received = 0;  // whatever came, also a second time
    std::atomic<std::uint64_t> assigned = 0;  // bytes it was given so far
    std::atomic<bool> finished = false;
  };
  std::atomic<std::uint64_t> total = 0;  // the file's size; 0 while unknown
  std::atomic<std::uint64_t> have = 0;   // bytes of it that are here, an earlier run's too
  std::vector<Lane> lanes;
};

// The size of a terminal window, in characters.
struct Window {
  unsigned columns = 80;
  unsigned rows = 24;
};

// What a display shows `seconds` after its start, as lines that fit the window (clipped()). Called
// from the display's thread.
using Picture = std::function<std::vector<std::string>(double seconds, Window window)>;

// The picture of a download manager: a bar for the whole and, when there are several connections,
// one for each of them as far as they fit.
std::vector<std::string> picture(const Progress& progress, const std::string& name, double seconds,
                                 Window window);

// What pictures are made of. Words on the whole: how many of `total` bytes are here, `have`, and
// how many this run has `received` in `seconds`; what it waits for behind its last byte; how many
// lines there are for its parts; the lines printable, none wider than the window, and one fewer
// than it has rows at most.
std::string share_and_rate(std::uint64_t have, std::uint64_t total, std::uint64_t received,
                           double seconds);
std::string waiting_for_digest(const std::string& name, double seconds);
std::size_t lanes_that_fit(Window window);
std::vector<std::string> clipped(std::vector<std::string> lines, Window window);

// Draws a picture on a terminal, anew ten times a second, from a thread of its own. The terminal
// knows the commands of ECMA-48 for moving the cursor and erasing.
class ProgressDisplay {
 public:
  // `window`: asked for before each drawing, since it may have changed. `terminal` and what the
  // picture looks at must outlive the display.
  ProgressDisplay(std::FILE* terminal, std::function<Window()> window, Picture picture);
  // Draws the last state and leaves the cursor below it.
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

 private:
  void work();
  void draw();

  std::FILE* terminal_;
  std::function<Window()> window_;
  Picture picture_;
  base::TimePoint started_ = base::Clock::now();
  std::vector<std::string> drawn_;  // what is on the terminal, above the cursor
  std::mutex mutex_;
  std::condition_variable stop_requested_;
  bool stopping_ = false;  // guarded by mutex_
  std::jthread worker_;
};

}  // namespace dlab::report
