#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/storage/byte_range.hpp"

namespace dlab::storage {

// What NAME.part.dlab remembers beside NAME.part: which bytes of which version of which file are
// surely there.
struct ControlRecord {
  std::string name;
  std::uint64_t size = 0;
  std::uint64_t version = 0;                     // of the one server; 0: from `mirrors`
  std::map<std::string, std::uint64_t> mirrors;  // HOST:PORT or URL, and its version of the file
  std::vector<ByteRange> received;               // disjoint, in order, within the size
  bool operator==(const ControlRecord&) const = default;
};

// The record as text (JSON), and back. Nothing for any text that is no valid record: a file that
// somebody damaged must not damage a download.
std::string format_control(const ControlRecord& record);
std::optional<ControlRecord> parse_control(std::string_view text);

// Replaces the file at `path` in one step, written through to the disk: whoever reads it finds the
// old record or the new one, never half. Nobody but its owner can read it: URLs may hold tokens.
// Throws std::system_error.
void save_control(const std::string& path, const ControlRecord& record);
// Nothing when there is none, or none that makes sense.
std::optional<ControlRecord> load_control(const std::string& path);

}  // namespace dlab::storage
