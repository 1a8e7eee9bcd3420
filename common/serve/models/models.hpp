#pragma once

#include <memory>

#include "common/serve/model.hpp"

namespace dlab::serve {

// One client after another: whoever comes meanwhile waits in the kernel's queue.
std::unique_ptr<Model> make_iterative(Host& host);
// A thread for each connection.
std::unique_ptr<Model> make_threads(Host& host);
// `workers` threads, which take connections from a bounded queue.
std::unique_ptr<Model> make_pool(Host& host, unsigned workers);
// A process forked for each connection.
std::unique_ptr<Model> make_processes(Host& host);
// `workers` processes forked ahead, each of which serves one client after another.
std::unique_ptr<Model> make_prefork(Host& host, unsigned workers);
// `workers` event loops, one a thread, each over many sockets that do not block.
std::unique_ptr<Model> make_epoll(Host& host, unsigned workers);
// The same over rings of operations that the kernel completes (io_uring(7)); nothing where the
// kernel has none.
std::unique_ptr<Model> make_io_uring(Host& host, unsigned workers);

}  // namespace dlab::serve
