#pragma once

#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>

#include "common/net/tcp_stream.hpp"

namespace dlab::net {

// The connections that a program has open, so that another thread can end them all, or wait until
// one has ended. Thread-safe.
class OpenStreams {
 public:
  // While this lives, the stream counts as open. It must end before the stream does.
  class Entry {
   public:
    Entry(OpenStreams& all, TcpStream& stream);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    OpenStreams& all_;
    std::list<TcpStream*>::iterator place_;
  };

  // Both end every connection, those to come as well: a server lets what it has sent arrive
  // (TcpStream::shut_down), a client wants no more of it (TcpStream::abort).
  void shut_down_all() { end_all(&TcpStream::shut_down); }
  void abort_all() { end_all(&TcpStream::abort); }
  // Lets every connection answer what it has been asked: a reader finds the end of the requests.
  void finish_all() { end_all(&TcpStream::shut_down_receiving); }
  [[nodiscard]] bool are_ended();
  // What a failure means, once all were ended: throws base::Interrupted then.
  void throw_if_ended();

  // Waits until some connection has ended, all were ended, or `at_most` has passed.
  void wait_for_an_end(base::Duration at_most);
  void wait_until_none();
  // The same for at most so long.
  void wait_until_none(base::Duration at_most);

 private:
  using End = void (TcpStream::*)() noexcept;

  void end_all(End end);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<TcpStream*> streams_;  // guarded by mutex_
  std::size_t ended_ = 0;          // guarded by mutex_
  End end_ = nullptr;              // guarded by mutex_; how to end those to come
};

}  // namespace dlab::net
