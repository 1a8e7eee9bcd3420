#include "bench/runner/scratch.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "bench/runner/files.hpp"
#include "common/base/check.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;
using base::check;

constexpr const char* kPrefix = "dlab-bench-";
constexpr const char* kLock = "lock";

std::uint64_t available_memory() {
  std::istringstream lines(read_file("/proc/meminfo"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("MemAvailable:")) {
      return static_cast<std::uint64_t>(leading_number(trimmed(line.substr(13)))) * 1024;
    }
  }
  return 0;
}

// Room for the files, and a quarter more for the programs themselves.
bool has_room_in_memory(const fs::path& memory, std::uint64_t needed_bytes) {
  struct statvfs room {};
  if (statvfs(memory.c_str(), &room) != 0 || access(memory.c_str(), W_OK) != 0) {
    return false;
  }
  const std::uint64_t free_bytes = std::uint64_t{room.f_bavail} * room.f_frsize;
  return std::min(free_bytes, available_memory()) > needed_bytes + needed_bytes / 4;
}

struct LockedFolder {
  fs::path path;
  base::FileDescriptor lock;
};

base::FileDescriptor open_lock(const fs::path& folder, int flags) {
  return base::FileDescriptor(open((folder / kLock).c_str(), O_RDWR | O_CLOEXEC | flags, 0600));
}

// False: somebody else holds it.
bool try_lock(const base::FileDescriptor& lock, const fs::path& folder) {
  const int result = flock(lock.get(), LOCK_EX | LOCK_NB);
  if (result < 0 && errno == EWOULDBLOCK) {
    return false;
  }
  check(result, "lock", (folder / kLock).string());
  return true;
}

// The lock last: of a removal that was cut off, the next runner still knows what is abandoned.
void remove_folder(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().filename() != kLock) {
      fs::remove_all(entry.path(), ignored);
    }
  }
  fs::remove_all(folder, ignored);
}

// A runner that was killed could not clean up; nobody holds the lock of its folder any more. Held
// here until the folder is gone: its owner, if it has one after all, must not find the lock free.
void remove_abandoned(const fs::path& parent) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    if (!entry.path().filename().string().starts_with(kPrefix)) {
      continue;
    }
    const auto lock = open_lock(entry.path(), 0);
    if (lock.is_open() && try_lock(lock, entry.path())) {
      remove_folder(entry.path());
    }
  }
}

fs::path make_folder(const fs::path& parent) {
  std::string name = (parent / (std::string(kPrefix) + "XXXXXX")).string();
  if (mkdtemp(name.data()) == nullptr) {
    base::throw_system_error(errno, "create", name);
  }
  return name;
}

bool has_name(const base::FileDescriptor& file) {
  struct stat about {};
  return fstat(file.get(), &about) == 0 && about.st_nlink > 0;
}

// Between its making and its locking a folder looks abandoned. A runner that starts just then may
// remove it: the lock is taken, or has lost its name by the time we hold it.
std::optional<LockedFolder> try_make_locked(const fs::path& parent) {
  LockedFolder made{make_folder(parent), {}};
  made.lock = open_lock(made.path, O_CREAT);
  check(made.lock.get(), "create", (made.path / kLock).string());
  if (try_lock(made.lock, made.path) && has_name(made.lock)) {
    return made;
  }
  return std::nullopt;
}

LockedFolder make_locked(const fs::path& parent) {
  for (;;) {
    if (auto made = try_make_locked(parent)) {
      return std::move(*made);
    }
  }
}

}  // namespace

Scratch::Scratch(std::uint64_t needed_bytes, const fs::path& fallback, const fs::path& memory) {
  remove_abandoned(memory);
  auto made = make_locked(has_room_in_memory(memory, needed_bytes) ? memory : fallback);
  folder_ = std::move(made.path);
  lock_ = std::move(made.lock);
}

Scratch::~Scratch() {
  remove_folder(folder_);
}

std::string Scratch::filesystem() const {
  struct statfs about {};
  check(statfs(folder_.c_str(), &about), "statfs", folder_.string());
  const std::map<std::uint64_t, std::string> names = {{TMPFS_MAGIC, "tmpfs"},
                                                      {EXT4_SUPER_MAGIC, "ext4"},
                                                      {XFS_SUPER_MAGIC, "xfs"},
                                                      {BTRFS_SUPER_MAGIC, "btrfs"},
                                                      {OVERLAYFS_SUPER_MAGIC, "overlay"}};
  const auto found = names.find(static_cast<std::uint64_t>(about.f_type));
  if (found != names.end()) {
    return found->second;
  }
  std::ostringstream number;
  number << "0x" << std::hex << about.f_type;
  return number.str();
}

}  // namespace dlab::bench
