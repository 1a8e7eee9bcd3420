#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/file_descriptor.hpp"
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

// The record of one part file on the disk, and room to write it anew, taken early: a full disk does
// not keep it from being written. Neither is written through a link, no file of somebody else is
// replaced, and nobody but their owner can read them: URLs may hold tokens. Not thread-safe.
class ControlFile {
 public:
  // The record is at `path`, the room at `path`.new.
  explicit ControlFile(std::string path);
  ControlFile(ControlFile&&) = delete;
  ~ControlFile();

  // Takes the room, if the disk has it; until then a save() needs some.
  void reserve() noexcept;
  // Replaces the record in one step, written through to the disk: whoever reads it finds the old
  // one or the new one, never half. Without room beside it, it is written over the old one where
  // that is as large. Throws std::system_error.
  void save(const ControlRecord& record);
  // Gives the room back.
  void release() noexcept;
  // Removes the record.
  void remove() noexcept;

  // Does this part file's record, or the room for it, stand there? Then so does our part file.
  [[nodiscard]] bool is_there() const;
  // Does nobody else's file stand there?
  [[nodiscard]] bool may_be_written() const;
  [[nodiscard]] std::optional<ControlRecord> load() const;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  void save_beside(std::string_view text);
  void save_over(std::string_view text) const;

  std::string path_;
  std::string fresh_;
  base::FileDescriptor room_;  // of fresh_; none: there is no room
};

// Nothing when there is none, or none that makes sense.
std::optional<ControlRecord> load_control(const std::string& path);

}  // namespace dlab::storage
