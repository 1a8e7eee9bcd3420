#include "common/storage/part_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "common/base/check.hpp"

namespace dlab::storage {
namespace {

// Is `fd` still the file that stands under `path`? Another download may have renamed it away
// between our open and our lock.
bool still_there(int fd, const std::string& path) {
  struct stat ours {};
  struct stat named {};
  return ::fstat(fd, &ours) == 0 && ::stat(path.c_str(), &named) == 0 &&
         ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

// NFS and the folders that a virtual machine shares may have no locks: that is no other download.
void lock(int fd, const std::string& path, const std::string& target) {
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) {
    return;
  }
  const int error = errno;
  switch (error) {
    case EWOULDBLOCK:
      base::throw_system_error(EBUSY, "lock", path + " (another download to " + target + "?)");
    case ENOLCK:
    case ENOSYS:
    case EOPNOTSUPP:
      base::throw_system_error(
          error, "lock", path + " (its file system has no locks: save to a folder on another one)");
    default:
      base::throw_system_error(error, "lock", path);
  }
}

base::FileDescriptor open_and_lock(const std::string& path, const std::string& target) {
  for (;;) {
    base::FileDescriptor file(base::check(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666), "create", path));
    lock(file.get(), path, target);
    if (still_there(file.get(), path)) {
      return file;
    }
  }
}

}  // namespace

PartFile::PartFile(std::string target, Leftovers leftovers)
    : target_(std::move(target)), path_(target_ + ".part"), file_(open_and_lock(path_, target_)) {
  if (leftovers == Leftovers::discard) {
    resize(0);
  }
}

PartFile::~PartFile() {
  if (remove_on_close_) {
    ::unlink(path_.c_str());
  }
}

std::uint64_t PartFile::size() const {
  struct stat status {};
  base::check(::fstat(fd(), &status), "stat", path_);
  return static_cast<std::uint64_t>(status.st_size);
}

void PartFile::resize(std::uint64_t bytes) {
  base::check(::ftruncate(fd(), static_cast<off_t>(bytes)), "resize", path_);
}

void PartFile::sync() {
  base::check(::fdatasync(fd()), "fdatasync", path_);
}

void PartFile::commit() {
  base::check(std::rename(path_.c_str(), target_.c_str()), "rename " + path_ + " to", target_);
  remove_on_close_ = false;
}

std::string target_path(const std::string& output, const std::string& name) {
  const std::string base_name = std::filesystem::path(name).filename().string();
  std::error_code ignored;
  const bool is_folder =
      output.empty() || output.back() == '/' || std::filesystem::is_directory(output, ignored);
  if (!is_folder) {
    return output;
  }
  if (base_name.empty() || base_name == "." || base_name == "..") {
    base::throw_system_error(EINVAL, "save", "\"" + name + "\"");
  }
  return output.empty() ? base_name : (std::filesystem::path(output) / base_name).string();
}

}  // namespace dlab::storage
