#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "common/base/file_descriptor.hpp"
#include "common/net/tcp_listener.hpp"
#include "common/serve/child_processes.hpp"
#include "common/serve/host.hpp"
#include "common/serve/refusals.hpp"

namespace dlab::serve {

// Where clients come in: those that there is room for are handed to the model, the others are told
// that there is none, and nobody waits for them. Keeps some file descriptors back (of more than a
// few), so that there is always one left to say so with. Of one thread.
class Reception {
 public:
  // `others`: processes that serve for this one. Both must outlive the reception.
  Reception(Host& host, net::TcpListener& listener, ChildProcesses* others = nullptr);

  // Waits for the next client to be served, whose turn it is; nothing once stop() was called. The
  // listener must block.
  std::unique_ptr<Connection> next_client();

  // The same for a loop that accepts by itself: nothing when there is no room for this one.
  std::unique_ptr<Connection> admit(net::TcpStream accepted);
  // Frees a descriptor, so that one more can be accepted and refused. False when all are with
  // clients that are served, or nobody wants to come in: accept(2) asks for a descriptor before it
  // looks for that. Then it is to be tried again a little later.
  bool make_room();

  // For a client that was handed over and cannot be served after all.
  void refuse(std::shared_ptr<Connection> client, std::string why);
  // A loop serves them with its own clients.
  [[nodiscard]] Refusals& refusals() { return refusals_; }

  // In a process that was forked: closes its own descriptors of listener and clients.
  void abandon() noexcept;

 private:
  void wait_for_somebody();
  // False when there are not so many.
  bool fill_reserve(std::size_t size);

  Host& host_;
  net::TcpListener& listener_;
  ChildProcesses* others_;
  std::size_t reserve_size_ = 0;
  std::vector<base::FileDescriptor> reserve_;
  Refusals refusals_;
};

}  // namespace dlab::serve
