#pragma once

#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include "common/report/transfer_report.hpp"
#include "part3_multi/transfer.hpp"

namespace dlab::part3 {

// Who drives the connections of a download.
//   threads    each has a thread, whose calls block
//   epoll      one thread asks the kernel which of them have something to do
//   processes  each has a process, which tells the download what it brought
enum class ClientModelKind { threads, epoll, processes };

constexpr std::array<std::string_view, 3> kClientModelNames{"threads", "epoll", "processes"};

constexpr std::string_view name_of(ClientModelKind kind) {
  return kClientModelNames.at(static_cast<std::size_t>(kind));
}

class ClientModel {
 public:
  ClientModel() = default;
  ClientModel(const ClientModel&) = delete;
  ClientModel& operator=(const ClientModel&) = delete;
  virtual ~ClientModel() = default;

  // Drives as many connections as there are `reports`, until all have run out of work, the transfer
  // has ended, its time is up, or somebody cancels. Ends the transfer; nothing of it is left
  // running. On the process's first thread.
  virtual void run(Transfer& transfer, std::vector<report::ConnectionReport>& reports) = 0;
  // Makes run() end the transfer with base::Interrupted soon; from any thread, also before run().
  virtual void cancel() = 0;
};

std::unique_ptr<ClientModel> make_client_model(ClientModelKind kind);

}  // namespace dlab::part3
