#pragma once

#include <string>
#include <vector>

#include "linkem/hub.hpp"
#include "linkem/output_file.hpp"

namespace dlab::linkem {

// A CSV of what each direction of each link did in every 100 ms, the last ones cut short by the
// end. Its first line names the columns.
class IntervalLog {
 public:
  IntervalLog(const StarSpec& spec, OutputFile file);

  [[nodiscard]] base::TimePoint due() const { return due_; }
  // What happened since the last time.
  void write(const Hub& hub, base::TimePoint now);

  [[nodiscard]] const std::string& complaint() const { return file_.complaint(); }

 private:
  void write_row(double t_s, std::size_t link, const DirectionCounters& counters);

  OutputFile file_;
  std::vector<std::string> names_;         // of the hosts
  std::vector<DirectionCounters> before_;  // up and down of each host
  base::TimePoint started_;
  base::TimePoint due_;
};

}  // namespace dlab::linkem
