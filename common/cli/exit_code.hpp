#pragma once

namespace dlab::cli {

constexpr int kExitDone = 0;
constexpr int kExitFailed = 1;     // the transfer failed
constexpr int kExitUsage = 2;      // the command line was wrong
constexpr int kExitIntegrity = 3;  // the bytes that arrived were not the bytes that were sent

}  // namespace dlab::cli
