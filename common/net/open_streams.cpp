#include "common/net/open_streams.hpp"

#include "common/base/errors.hpp"

namespace dlab::net {

OpenStreams::Entry::Entry(OpenStreams& all, TcpStream& stream) : all_(all) {
  const std::lock_guard lock(all_.mutex_);
  place_ = all_.streams_.insert(all_.streams_.end(), &stream);
  if (all_.end_ != nullptr) {
    (stream.*all_.end_)();
  }
}

OpenStreams::Entry::~Entry() {
  const std::lock_guard lock(all_.mutex_);
  all_.streams_.erase(place_);
  ++all_.ended_;
  all_.changed_.notify_all();
}

void OpenStreams::end_all(End end) {
  const std::lock_guard lock(mutex_);
  end_ = end;
  for (TcpStream* const stream : streams_) {
    (stream->*end)();
  }
  changed_.notify_all();
}

bool OpenStreams::are_ended() {
  const std::lock_guard lock(mutex_);
  return end_ != nullptr;
}

void OpenStreams::throw_if_ended() {
  if (are_ended()) {
    throw base::Interrupted();
  }
}

void OpenStreams::wait_for_an_end(base::Duration at_most) {
  std::unique_lock lock(mutex_);
  const std::size_t before = ended_;
  changed_.wait_for(lock, at_most, [&] { return ended_ != before || end_ != nullptr; });
}

void OpenStreams::wait_until_none() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return streams_.empty(); });
}

void OpenStreams::wait_until_none(base::Duration at_most) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, at_most, [this] { return streams_.empty(); });
}

}  // namespace dlab::net
