#pragma once

#include <stdexcept>
#include <string>

namespace dlab::bench {

// Why a run gives no measurement: becomes the `status` and `error` of its row.
class RunProblem : public std::runtime_error {
 public:
  // `status`: failed, timeout or unavailable (docs/metrics.md).
  RunProblem(std::string status, const std::string& error)
      : std::runtime_error(error), status_(std::move(status)) {}
  [[nodiscard]] const std::string& status() const { return status_; }

 private:
  std::string status_;
};

}  // namespace dlab::bench
