#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "common/cli/options.hpp"
#include "common/exchange/requests.hpp"
#include "common/report/transfer_report.hpp"
#include "common/storage/part_file.hpp"
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
  // has come is then kept for --resume, and the final name holds no partial file.
  void run();
  // Makes run() throw base::Interrupted soon; from any thread.
  void cancel();

 private:
  void run_to_file();
  void bring(storage::PartFile& part, const std::optional<ControlRecord>& record);
  void transfer(storage::Sink& sink, storage::PartFile* part, Checkpointer& received,
                const std::optional<ControlRecord>& record);
  TaskPtr take_header(const wire::File& file, storage::PartFile* part, Transfer& shared,
                      const std::optional<ControlRecord>& record);
  void note(Transfer& shared, const std::optional<ControlRecord>& record);
  void verify(const storage::PartFile& part);
  void compare_digests(const storage::PartFile& part);
  [[nodiscard]] std::unique_ptr<WorkBoard> make_board(
      const std::atomic<double>& round_trip_s) const;
  [[nodiscard]] wire::Get first_request(const std::optional<ControlRecord>& record) const;

  const cli::ClientOptions& options_;
  MultiOptions multi_;
  report::TransferReport& report_;
  std::vector<net::SocketAddress> addresses_;
  wire::File file_;  // what the first header said

  std::unique_ptr<ClientModel> model_;
  net::OpenStreams verifying_;  // the connection that asks for the digest
};

}  // namespace dlab::part3
