#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "common/base/file_descriptor.hpp"
#include "common/storage/beneath.hpp"

namespace dlab::storage {

// A regular file below the root, open for reading.
struct ServedFile {
  base::FileDescriptor fd;
  std::string name;
  std::uint64_t size = 0;
  std::chrono::sys_seconds modified{};
  // 64 opaque bits from size, modification time, change time and inode: equal for as long as the
  // file is the same. A change time cannot be set back, so other bytes of the same size and date
  // are another version; so is the same file under other access rights. Never 0.
  std::uint64_t version = 0;
  // False for a moment after each change: whatever else changes the file within the same tick of
  // its clock leaves it the same times, and so the same version.
  bool is_settled = false;
};

enum class OpenProblem { not_found, not_a_file, forbidden, bad_name };

// Why a name was not opened, for the one who asked for it.
struct OpenFailure {
  OpenProblem problem;
  std::string message;
};

// The folder that a server offers. Nothing outside it can be reached through it, whatever the name
// and whatever the links inside (open_beneath()). Thread-safe.
class ServedRoot {
 public:
  // Throws std::system_error when `path` is no folder that can be opened.
  explicit ServedRoot(const std::string& path);
  // `resolver`: instead of the one that this machine has.
  ServedRoot(const std::string& path, Resolver resolver);

  // Opens a regular file. Throws std::system_error only for trouble that is not the name's fault
  // (out of file descriptors, an I/O error).
  [[nodiscard]] std::variant<ServedFile, OpenFailure> open(const std::string& name) const;

  struct Entry {
    std::string name;
    std::uint64_t size = 0;
  };
  // The regular files directly in the root that can be read, by name.
  [[nodiscard]] std::vector<Entry> list() const;

 private:
  base::FileDescriptor folder_;
  Resolver resolver_;
};

// The version of an open file as it is now; see ServedFile. Throws std::system_error.
std::uint64_t file_version(int fd);

}  // namespace dlab::storage
