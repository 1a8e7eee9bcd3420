#include "part4_mirrors/worker_threads.hpp"

#include <thread>

#include "part4_mirrors/chunk_worker.hpp"

namespace dlab::part4 {

void run_workers(MirrorTransfer& transfer, std::vector<report::ConnectionReport>& reports) {
  std::vector<std::jthread> threads;
  try {
    for (unsigned number = 0; number < reports.size(); ++number) {
      threads.emplace_back(
          [&transfer, &reports, number] { ChunkWorker(transfer, number, reports[number]).run(); });
    }
  } catch (const std::exception&) {
    transfer.end(std::current_exception());  // no thread left
  }
}

}  // namespace dlab::part4
