#pragma once

#include <vector>

#include "common/report/transfer_report.hpp"
#include "part4_mirrors/mirror_transfer.hpp"

namespace dlab::part4 {

// Runs a ChunkWorker for each of `reports`, on a thread of its own, until all of them have ended.
// Never throws: a thread that cannot be started ends the transfer.
void run_workers(MirrorTransfer& transfer, std::vector<report::ConnectionReport>& reports);

}  // namespace dlab::part4
