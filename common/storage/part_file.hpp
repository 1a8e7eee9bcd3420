#pragma once

#include <cstdint>
#include <string>

#include "common/base/file_descriptor.hpp"
#include "common/storage/control_file.hpp"

namespace dlab::storage {

// The file under construction: NAME.part beside its target, locked against a second download of
// the same target, renamed to the target when it is whole. Unless it was committed or kept, it is
// removed again. While it lives, so does room for its record (ControlFile): by that it is known
// again. Where somebody else's file has the name, another one is taken.
class PartFile {
 public:
  // What is already in NAME.part: `discard` starts empty, `keep` leaves it for a resumption.
  enum class Leftovers { discard, keep };

  // Throws std::system_error: EBUSY when another process is downloading to `target`, ENOLCK and the
  // like when its file system has no locks.
  PartFile(const std::string& target, Leftovers leftovers);
  PartFile(PartFile&&) = delete;
  ~PartFile();

  [[nodiscard]] int fd() const { return file_.get(); }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& target() const { return target_; }
  [[nodiscard]] std::uint64_t size() const;
  // Which of its bytes are here: NAME.part.dlab.
  [[nodiscard]] ControlFile& control() { return control_; }

  // Cuts the file to `bytes` or lets it grow with a hole, so that a length is right from the start.
  void resize(std::uint64_t bytes);
  // Writes the data through to the disk (fdatasync(2)).
  void sync();
  // Gives the finished file its final name. When it cannot have that, throws std::system_error and
  // leaves NAME.part behind.
  void commit();
  // Leaves NAME.part behind for a later resumption.
  void keep() { remove_on_close_ = false; }
  // Nothing of what came was worth keeping.
  void start_over() {
    resize(0);
    remove_on_close_ = true;
  }

 private:
  struct Opened {
    std::string path;
    base::FileDescriptor file;
  };
  static Opened open_and_lock(const std::string& target);
  PartFile(Opened opened, std::string target, Leftovers leftovers);

  std::string target_;
  std::string path_;
  base::FileDescriptor file_;
  ControlFile control_;
  bool remove_on_close_ = true;
};

// How many names a part file may have.
constexpr unsigned kPartNames = 10;

// The names of a part file, in the order in which they are tried: NAME.part, NAME.1.part ... In
// place of the end of a NAME that is too long for its folder stands a digest of it.
std::string part_path(const std::string& target, unsigned number);

}  // namespace dlab::storage
