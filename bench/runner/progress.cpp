#include "bench/runner/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "common/base/terminal_text.hpp"
#include "common/cli/terminal.hpp"

namespace dlab::bench {

void Progress::running(const std::string& what, double left_s) {
  if (live_) {
    cli::draw_line("about " + minutes(left_s) + " left: " + what);
  }
}

void Progress::say(const std::string& line) {
  if (live_) {
    cli::draw_line("");
  }
  std::fprintf(stderr, "%s\n", base::printable(line).c_str());
}

std::string minutes(double seconds) {
  const long whole = std::lround(std::max(seconds, 0.0));
  char text[32];
  std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  return text;
}

}  // namespace dlab::bench
