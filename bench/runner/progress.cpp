#include "bench/runner/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace dlab::bench {
namespace {

constexpr const char* kClearLine = "\r\033[K";

}  // namespace

void Progress::running(const std::string& what, double left_s) {
  if (live_) {
    std::fprintf(stderr, "%s%.120s (about %s left)", kClearLine, what.c_str(),
                 minutes(left_s).c_str());
    std::fflush(stderr);
  }
}

void Progress::say(const std::string& line) {
  std::fprintf(stderr, "%s%s\n", live_ ? kClearLine : "", line.c_str());
}

std::string minutes(double seconds) {
  const long whole = std::lround(std::max(seconds, 0.0));
  char text[32];
  std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  return text;
}

}  // namespace dlab::bench
