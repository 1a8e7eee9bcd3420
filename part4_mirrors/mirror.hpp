#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "part4_mirrors/known_versions.hpp"
#include "part4_mirrors/servers_file.hpp"

namespace dlab::part4 {

// A mirror, and what is known of the file that it has.
struct Mirror {
  explicit Mirror(MirrorAddress where) : address(std::move(where)) {}

  // A web server cannot be asked for a digest.
  [[nodiscard]] bool tells_digests() const { return address.endpoint.has_value(); }

  MirrorAddress address;
  KnownVersions versions;
  bool is_recorded = false;               // those are an earlier run's
  std::atomic<bool> is_checked = false;   // it serves the contents that are wanted
  std::atomic<bool> has_brought = false;  // bytes of what is here are from it
  // Answers with bytes that told no version which is sure to change with the file.
  std::atomic<unsigned> unsure_answers = 0;
  std::atomic<bool> labels_as_encoded = false;  // what is the file as it is
};

// Takes down the version that an answer of this mirror, from `origin`, tells. Two connections'
// first answers may come at once, and the file may have been replaced between them: throws
// exchange::Refused (version_changed) unless it is the version of its earlier answers.
void note_version(Mirror& mirror, const std::string& origin, std::uint64_t told);

// How a record names where answers come from: the mirror, or "MIRROR -> ORIGIN".
std::string recorded_name(const Mirror& mirror, const std::string& origin);
// The origin in such a name; nothing when it is another mirror's.
std::optional<std::string> origin_of(const Mirror& mirror, const std::string& recorded);

using Mirrors = std::deque<Mirror>;

// What whoever trusts the file that they have brought should know, a sentence each: that nothing
// would have told a change of it between two answers, unless it was `verified`, and that what was
// called encoded was kept.
std::vector<std::string> remarks(const Mirrors& mirrors, bool verified);

// How they are named, in their order.
inline std::vector<std::string> names_of(const Mirrors& mirrors) {
  std::vector<std::string> names;
  names.reserve(mirrors.size());
  for (const auto& mirror : mirrors) {
    names.push_back(mirror.address.text);
  }
  return names;
}

}  // namespace dlab::part4
