#include "bench/runner/google_benchmark.hpp"

#include <benchmark/benchmark.h>

#include <exception>
#include <sstream>

namespace dlab::bench {
namespace {

void set_listing(bool listing) {
  std::string program = "dlab_bench";
  std::string flag = std::string("--benchmark_list_tests=") + (listing ? "true" : "false");
  std::vector<char*> arguments{program.data(), flag.data(), nullptr};
  int count = 2;
  benchmark::Initialize(&count, arguments.data());
}

// For listing, where nothing is run.
class ListReporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override {}
};

}  // namespace

std::set<std::string> matching_names(const std::vector<std::string>& names,
                                     const std::string& filter) {
  for (const auto& name : names) {
    // Plain, so that the filter sees the name as it is here.
    benchmark::RegisterBenchmark(name.c_str(), [](benchmark::State&) {});
  }
  std::ostringstream list;
  ListReporter reporter;
  reporter.SetOutputStream(&list);
  set_listing(true);
  benchmark::RunSpecifiedBenchmarks(&reporter, filter);
  set_listing(false);
  benchmark::ClearRegisteredBenchmarks();
  std::set<std::string> listed;
  std::istringstream lines(list.str());
  for (std::string line; std::getline(lines, line);) {
    listed.insert(line);
  }
  return listed;
}

// The library's console without its context: that one calls the library a debug build, whatever
// our own flags are, and would come once a block.
class GoogleBenchmark::Reporter : public benchmark::ConsoleReporter {
 public:
  explicit Reporter(bool print_rows) : ConsoleReporter(OO_Tabular), print_rows_(print_rows) {}
  bool ReportContext(const Context& context) override {
    name_field_width_ = context.name_field_width;
    return true;
  }
  void ReportRuns(const std::vector<Run>& runs) override {
    if (print_rows_) {
      ConsoleReporter::ReportRuns(runs);
    }
  }

 private:
  bool print_rows_;
};

GoogleBenchmark::GoogleBenchmark(bool print_rows)
    : reporter_(std::make_unique<Reporter>(print_rows)) {}

GoogleBenchmark::~GoogleBenchmark() = default;

void GoogleBenchmark::run_in_order(const std::vector<TimedRun>& runs) {
  if (runs.empty()) {
    return;  // the library would complain that nothing matches
  }
  std::exception_ptr failure;
  for (const auto& run : runs) {
    const auto body = [&run, &failure](benchmark::State& state) {
      for ([[maybe_unused]] auto iteration : state) {
        try {
          state.SetIterationTime(failure ? 0 : run.body());
        } catch (...) {
          failure = std::current_exception();
        }
      }
    };
    benchmark::RegisterBenchmark(run.name.c_str(), body)
        ->Iterations(1)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
  }
  benchmark::RunSpecifiedBenchmarks(reporter_.get(), ".");
  benchmark::ClearRegisteredBenchmarks();
  if (failure) {
    std::rethrow_exception(failure);
  }
}

}  // namespace dlab::bench
