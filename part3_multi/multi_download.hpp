#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "common/base/errors.hpp"
#include "common/cli/options.hpp"
#include "common/download/early_end.hpp"
#include "common/download/output.hpp"
#include "common/download/time_limits.hpp"
#include "common/exchange/requests.hpp"
#include "common/report/transfer_report.hpp"
#include "common/storage/sink.hpp"
#include "part3_multi/client_model.hpp"
#include "part3_multi/transfer.hpp"

namespace dlab::part3 {

enum class ScheduleKind { divided, dynamic };  // `static` is a word of the language
constexpr std::array<std::string_view, 2> kScheduleNames{"static", "dynamic"};

struct MultiOptions {
  unsigned connections = 20;
  ScheduleKind schedule = ScheduleKind::dynamic;
  storage::WriterKind writer = storage::WriterKind::positional;
  ClientModelKind client_model = ClientModelKind::threads;
  std::uint64_t chunk_bytes = 0;                    // dynamic; 0: decided by the file's size
  std::optional<std::chrono::nanoseconds> seconds;  // a timed run
  bool resume = false;
  unsigned retries = 5;
};

// Part 3's client: one file over many connections at once.
class MultiDownload {
 public:
  // `options` and `report` must outlive the download. Throws base::UsageError for wishes that
  // contradict each other.
  MultiDownload(const cli::ClientOptions& options, const MultiOptions& multi,
                report::TransferReport& report);

  // Brings the file, verifies it and gives it its final name. Throws when any of it fails; what
  // has come is then kept for --resume, and the final name holds no partial file. What is no plain
  // file has been written to by then.
  void run();
  // Makes run() throw base::Interrupted soon; from any thread.
  void cancel() { stop(std::make_exception_ptr(base::Interrupted())); }

 private:
  void bring(const download::Attempt& attempt);
  void stop(std::exception_ptr why) { early_end_.demand(std::move(why)); }
  void refuse_contradictions() const;
  void transfer(const download::Attempt& attempt);
  void run_model(Transfer& shared, const report::Progress& progress);
  TaskPtr take_header(const wire::File& file, const download::Attempt& attempt, Transfer& shared);
  void note(Transfer& shared, const std::optional<storage::ControlRecord>& record);
  void verify(const download::Attempt& attempt);
  void compare_digests(const download::Attempt& attempt);
  [[nodiscard]] std::uint64_t most_bytes() const;
  [[nodiscard]] std::unique_ptr<WorkBoard> make_board(
      const std::atomic<double>& round_trip_s) const;
  [[nodiscard]] wire::Get first_request(const std::optional<storage::ControlRecord>& record) const;

  const cli::ClientOptions& options_;
  MultiOptions multi_;
  report::TransferReport& report_;
  std::vector<net::SocketAddress> addresses_;
  wire::File file_;  // what the first header said

  std::unique_ptr<ClientModel> model_;
  download::Output output_;
  net::OpenStreams verifying_;  // the connection that asks for the digest
  download::EarlyEnd early_end_;
  std::unique_ptr<download::Watch> deadline_;  // until all bytes are here
};

}  // namespace dlab::part3
