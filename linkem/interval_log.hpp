#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "linkem/hub.hpp"

namespace dlab::linkem {

// A CSV of what each direction of each link did in every 100 ms, the last ones cut short by the
// end. Its first line names the columns.
class IntervalLog {
 public:
  // Throws std::system_error when the file cannot be made.
  explicit IntervalLog(const StarSpec& spec);

  [[nodiscard]] base::TimePoint due() const { return due_; }
  // What happened since the last time.
  void write(const Hub& hub, base::TimePoint now);

  // What kept it from writing, "" for nothing: a full disk.
  [[nodiscard]] const std::string& complaint() const { return complaint_; }

 private:
  void flush();
  void write_row(double t_s, std::size_t link, const DirectionCounters& counters);

  std::string path_;
  std::ofstream file_;
  std::string complaint_;
  std::vector<std::string> names_;         // of the hosts
  std::vector<DirectionCounters> before_;  // up and down of each host
  base::TimePoint started_;
  base::TimePoint due_;
};

}  // namespace dlab::linkem
