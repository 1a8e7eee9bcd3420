#pragma once

#include <cstdint>
#include <string>

#include "common/base/file_descriptor.hpp"

namespace dlab::storage {

// The file under construction: NAME.part beside its target, locked against a second download of
// the same target, renamed to the target when it is whole. Unless it was committed or kept, it is
// removed again.
class PartFile {
 public:
  // What is already in NAME.part: `discard` starts empty, `keep` leaves it for a resumption.
  enum class Leftovers { discard, keep };

  // Throws std::system_error: EBUSY when another process is downloading to `target`, ENOLCK and the
  // like when its file system has no locks.
  PartFile(std::string target, Leftovers leftovers);
  PartFile(PartFile&&) = delete;
  ~PartFile();

  [[nodiscard]] int fd() const { return file_.get(); }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& target() const { return target_; }
  [[nodiscard]] std::uint64_t size() const;

  // Cuts the file to `bytes` or lets it grow with a hole, so that a length is right from the start.
  void resize(std::uint64_t bytes);
  // Writes the data through to the disk (fdatasync(2)).
  void sync();
  // Gives the finished file its final name.
  void commit();
  // Leaves NAME.part behind for a later resumption.
  void keep() { remove_on_close_ = false; }
  // Nothing of what came was worth keeping.
  void start_over() {
    resize(0);
    remove_on_close_ = true;
  }

 private:
  std::string target_;
  std::string path_;
  base::FileDescriptor file_;
  bool remove_on_close_ = true;
};

// Where a download of `name` goes. `output`: empty for ./BASENAME, a folder for FOLDER/BASENAME,
// else the path itself. Throws std::system_error (EINVAL) for a name without a base name.
std::string target_path(const std::string& output, const std::string& name);

}  // namespace dlab::storage
