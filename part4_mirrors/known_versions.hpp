#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "common/wire/messages.hpp"

namespace dlab::part4 {

// The versions that one mirror's answers have told, by where they came from: "" the mirror itself,
// else the URL that it redirects to. Versions of different places are never compared. Thread-safe.
class KnownVersions {
 public:
  using Versions = std::map<std::string, std::uint64_t>;

  // wire::kAnyVersion: none is known.
  [[nodiscard]] std::uint64_t of(const std::string& origin) const {
    const std::lock_guard lock(mutex_);
    const auto found = versions_.find(origin);
    return found == versions_.end() ? wire::kAnyVersion : found->second;
  }
  // Takes down what an answer tells. False: an earlier one has told another.
  bool note(const std::string& origin, std::uint64_t told) {
    const std::lock_guard lock(mutex_);
    auto& known = versions_[origin];
    known = known == wire::kAnyVersion ? told : known;
    return known == told;
  }
  [[nodiscard]] Versions all() const {
    const std::lock_guard lock(mutex_);
    return versions_;
  }
  void begin_with(Versions versions) {
    const std::lock_guard lock(mutex_);
    versions_ = std::move(versions);
  }

 private:
  mutable std::mutex mutex_;
  Versions versions_;  // guarded by mutex_
};

}  // namespace dlab::part4
