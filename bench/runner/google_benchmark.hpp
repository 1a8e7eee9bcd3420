#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace dlab::bench {

// One repetition: a name to register, and a body that makes the run and returns its seconds.
struct TimedRun {
  std::string name;
  std::function<double()> body;
};

// Google Benchmark as this runner uses it: registration, filter, manual timing and console, one
// iteration a repetition. Everything else (blocks, processes, stopping, files) is ours.

// The names that --benchmark_filter would choose. A filter that is no regular expression chooses
// none, and the library says so on stderr.
std::set<std::string> matching_names(const std::vector<std::string>& names,
                                     const std::string& filter);

class GoogleBenchmark {
 public:
  // `print_rows`: a line of the library's console for each run.
  explicit GoogleBenchmark(bool print_rows);
  GoogleBenchmark(const GoogleBenchmark&) = delete;
  GoogleBenchmark& operator=(const GoogleBenchmark&) = delete;
  ~GoogleBenchmark();

  // Makes the runs in this order. An exception of a body ends the series and is thrown again here,
  // not through the library.
  void run_in_order(const std::vector<TimedRun>& runs);

 private:
  class Reporter;
  // Outlives all calls: version 1.7.1 keeps a pointer to it between two of them.
  std::unique_ptr<Reporter> reporter_;
};

}  // namespace dlab::bench
