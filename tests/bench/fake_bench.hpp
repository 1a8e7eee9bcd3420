#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "bench/runner/csv.hpp"
#include "tests/bench/data_files.hpp"

namespace dlab::bench {

// The real dlab_bench with contestants and experiments that a test makes up.
class FakeBench {
 public:
  FakeBench();

  // A number of seconds that no other test's fakes sleep: it names this test's processes.
  [[nodiscard]] const std::string& marker() const { return marker_; }
  [[nodiscard]] std::string marker_json() const { return '"' + marker_ + '"'; }

  // A contestant whose server says that it listens, and whose client is `client` (a JSON list).
  // `part`: 1 makes it ours, 0 nobody of ours.
  void add_contestant(const std::string& name, int part, const std::string& client) const;
  // The same with another server.
  void add_contestant(const std::string& name, int part, const std::string& client,
                      const std::string& server) const;
  // An experiment "x" in which these contestants fetch a file of 1000 bytes, in one block; clients
  // have so many seconds.
  void add_experiment(const std::vector<std::string>& contestants, int timeout_s = 1) const;

  // Runs the program to its end; its exit code, or -1 for a signal.
  int run(const std::vector<std::string>& options = {});
  // Starts it; the caller waits for it with `wait`.
  pid_t start(const std::vector<std::string>& options = {});
  int wait(pid_t pid);

  // Of the newest results.
  [[nodiscard]] std::filesystem::path results() const { return files_.folder() / "results/latest"; }
  [[nodiscard]] CsvTable rows() const;
  // status and error of the last row of a contestant, "status: error".
  [[nodiscard]] std::string last_row_of(const std::string& contestant) const;
  // What the program wrote to stdout and stderr.
  [[nodiscard]] std::string output() const;
  // Looks again and again, for 20 s at most, until it has written this.
  [[nodiscard]] bool says(const std::string& text) const;
  [[nodiscard]] const DataFiles& files() const { return files_; }

  // Processes whose command line holds the marker.
  [[nodiscard]] std::vector<pid_t> fakes_alive() const;
  // Looks again and again, for 20 s at most, until some are alive, or none.
  [[nodiscard]] bool fakes_appear() const { return await_fakes(true); }
  [[nodiscard]] bool fakes_vanish() const { return await_fakes(false); }

 private:
  [[nodiscard]] bool await_fakes(bool alive) const;

  DataFiles files_;
  std::string marker_;
};

// A client that copies the file, as JSON.
inline const char* const kCopy = R"(["cp", "{root}/{file}", "{output}"])";

}  // namespace dlab::bench
