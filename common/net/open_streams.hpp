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

  // Ends every connection, those to come as well.
  void shut_down_all();
  [[nodiscard]] bool are_shut_down();
  // What a failure means, once all were ended: throws base::Interrupted then.
  void throw_if_shut_down();

  // Waits until some connection has ended, shut_down_all() was called, or `at_most` has passed.
  void wait_for_an_end(base::Duration at_most);
  void wait_until_none();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<TcpStream*> streams_;  // guarded by mutex_
  std::size_t ended_ = 0;          // guarded by mutex_
  bool shut_down_ = false;         // guarded by mutex_
};

}  // namespace dlab::net
