#pragma once

#include <string>

namespace dlab::bench {

// Tells on stderr how far the bench is: one line that is rewritten on a terminal, a line per block
// elsewhere. Failed runs are named in both.
class Progress {
 public:
  // `live`: stderr can be drawn over (cli::can_draw).
  explicit Progress(bool live) : live_(live) {}

  // What is running now, and how long all may still take.
  void running(const std::string& what, double left_s);
  // A line that stays.
  void say(const std::string& line);

 private:
  bool live_;
};

// "2:05" of minutes and seconds.
std::string minutes(double seconds);

}  // namespace dlab::bench
