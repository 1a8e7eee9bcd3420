#include "common/serve/model.hpp"

#include "common/serve/models/models.hpp"

namespace dlab::serve {

unsigned default_workers(ModelKind kind) {
  switch (kind) {
    case ModelKind::pool:
      return 16;
    case ModelKind::prefork:
      return 8;
    case ModelKind::epoll:
    case ModelKind::io_uring:
      return 1;
    default:
      return 0;
  }
}

std::unique_ptr<Model> make_model(ModelKind kind, Host& host, unsigned workers) {
  const unsigned count = workers != 0 ? workers : default_workers(kind);
  switch (kind) {
    case ModelKind::iterative:
      return make_iterative(host);
    case ModelKind::threads:
      return make_threads(host);
    case ModelKind::pool:
      return make_pool(host, count);
    case ModelKind::processes:
      return make_processes(host);
    case ModelKind::prefork:
      return make_prefork(host, count);
    case ModelKind::epoll:
      return make_epoll(host, count);
    default:
      return make_io_uring(host, count);
  }
}

}  // namespace dlab::serve
