#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

#include "common/base/file_descriptor.hpp"

namespace dlab::report {

// Writes TCP_INFO of every connection it is shown to a CSV file, every max(10 ms, 2 ms times the
// number of connections) and once more when a connection ends (docs/metrics.md). Thread-safe.
class TcpSampler {
  struct Connection {
    int fd;
    std::uint16_t local_port;
    std::uint16_t peer_port;
  };

 public:
  // `path` empty: samples nothing. Throws std::system_error when it cannot be written.
  explicit TcpSampler(const std::string& path);
  ~TcpSampler();
  TcpSampler(const TcpSampler&) = delete;
  TcpSampler& operator=(const TcpSampler&) = delete;

  // While this lives, the connection is sampled, unless its peer has left already. It must end
  // before its socket is closed.
  class Watch {
   public:
    Watch(TcpSampler& sampler, int fd);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    TcpSampler& sampler_;
    std::list<Connection>::iterator place_;  // the list's end: not sampled
  };

  // For servers that know no sampler: watches a socket for as long as what it returns lives. Empty
  // when nothing is sampled.
  std::function<std::shared_ptr<void>(int fd)> watcher();

 private:
  void work();
  void sample(const Connection& connection);
  void write_rows();

  std::mutex mutex_;
  std::condition_variable stop_requested_;
  std::list<Connection> connections_;  // guarded by mutex_
  std::string path_;
  base::FileDescriptor file_;  // guarded by mutex_
  std::ostringstream rows_;    // not written yet; guarded by mutex_
  bool stopping_ = false;      // guarded by mutex_
  std::jthread worker_;
};

}  // namespace dlab::report
