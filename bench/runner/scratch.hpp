#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/base/file_descriptor.hpp"

namespace dlab::bench {

// The folder for served files and outputs, gone when this object is. On tmpfs where memory allows,
// so that no disk decides a comparison, else below `fallback`.
class Scratch {
 public:
  // `needed_bytes`: the most that will lie in it at one time. `memory`: a tmpfs. What killed
  // runners of this user have left behind in either is removed. Safe while others start and end in
  // the same places. Throws std::system_error or std::filesystem::filesystem_error.
  Scratch(std::uint64_t needed_bytes, const std::filesystem::path& fallback,
          const std::filesystem::path& memory = "/dev/shm");
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  // "tmpfs", "ext4", ...; a number in hexadecimal where we know no name.
  [[nodiscard]] std::string filesystem() const;

 private:
  std::filesystem::path folder_;
  base::FileDescriptor lock_;  // held as long as the folder is in use
};

// Where a scratch folder lies that memory has no room for: below the results, or, where their path
// has characters to which configuration files and scripts of contestants may give a meaning
// (blanks, quotes, `;`, `$`), with the machine's temporary files.
std::filesystem::path scratch_fallback(const std::filesystem::path& results);

}  // namespace dlab::bench
