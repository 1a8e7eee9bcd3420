#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "common/wire/messages.hpp"
#include "part4_mirrors/servers_file.hpp"

namespace dlab::part4 {

// A mirror, and what is known of the file that it has.
struct Mirror {
  explicit Mirror(MirrorAddress where) : address(std::move(where)) {}

  // A web server cannot be asked for a digest.
  [[nodiscard]] bool tells_digests() const { return address.endpoint.has_value(); }

  MirrorAddress address;
  // Told by its first answer, asked for in all later requests. Versions of different servers are
  // never compared.
  std::atomic<std::uint64_t> version = wire::kAnyVersion;
  bool is_recorded = false;               // that version is an earlier run's
  std::atomic<bool> is_checked = false;   // it serves the contents that are wanted
  std::atomic<bool> has_brought = false;  // bytes of what is here are from it
};

// Takes down the version that an answer of this mirror tells. Two connections' first answers may
// come at once, and the file may have been replaced between them: throws exchange::Refused
// (version_changed) unless it is the version of its earlier answers.
void note_version(Mirror& mirror, std::uint64_t told);

using Mirrors = std::deque<Mirror>;

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
