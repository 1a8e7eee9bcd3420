#include "part3_multi/client_model.hpp"

#include "part3_multi/epoll_model.hpp"
#include "part3_multi/processes_model.hpp"
#include "part3_multi/threads_model.hpp"

namespace dlab::part3 {

std::unique_ptr<ClientModel> make_client_model(ClientModelKind kind) {
  switch (kind) {
    case ClientModelKind::epoll:
      return std::make_unique<EpollModel>();
    case ClientModelKind::processes:
      return std::make_unique<ProcessesModel>();
    case ClientModelKind::threads:
      break;
  }
  return std::make_unique<ThreadsModel>();
}

}  // namespace dlab::part3
