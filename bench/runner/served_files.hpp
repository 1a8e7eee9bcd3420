#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace dlab::bench {

// The files that servers serve: one for each size, made when it is first asked for.
class ServedFiles {
 public:
  explicit ServedFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The name of a file of this size in folder(), its content pseudo-random and the same on every
  // machine; above 2 GiB mostly holes. Throws std::system_error.
  std::string name_for(std::uint64_t bytes) const;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

// How much of a file of this size is stored: what is no hole.
std::uint64_t stored_bytes(std::uint64_t bytes);

// Makes `folder` with a copy of a served file, which replace_by_another() later exchanges, at once,
// for a file of the same name and size that has nothing but zeros. Throws
// std::filesystem::filesystem_error.
void copy_to_own_folder(const std::filesystem::path& source, const std::filesystem::path& folder);
void replace_by_another(const std::filesystem::path& served);

// Why `output` is not byte for byte `source`; blank when it is. Throws std::system_error when a
// file that exists cannot be read.
std::string difference(const std::filesystem::path& source, const std::filesystem::path& output);

}  // namespace dlab::bench
