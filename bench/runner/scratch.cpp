#include "bench/runner/scratch.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string_view>
#include <tuple>

#include "bench/runner/files.hpp"
#include "common/base/check.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;
using base::check;

constexpr const char* kPrefix = "dlab-bench-";
constexpr const char* kLock = "lock";
// In front of the prefix until the folder is locked: nobody who starts takes it for abandoned.
constexpr std::string_view kUnlocked = ".";

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

base::FileDescriptor open_lock(const fs::path& folder) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
  return base::FileDescriptor(open((folder / kLock).c_str(), kFlags, 0600));
}

// A folder of this user's: in another's, anything may lie in the lock's place.
bool is_own_folder(const fs::path& path) {
  struct stat about {};
  return lstat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode) && about.st_uid == geteuid();
}

bool try_lock(const base::FileDescriptor& lock) {
  return lock.is_open() && flock(lock.get(), LOCK_EX | LOCK_NB) == 0;
}

// A runner that was killed could not clean up; nobody holds the lock of its folder any more.
void remove_abandoned(const fs::path& parent) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    if (entry.path().filename().string().starts_with(kPrefix) && is_own_folder(entry.path()) &&
        try_lock(open_lock(entry.path()))) {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

fs::path make_folder(const fs::path& parent) {
  std::string name = (parent / (std::string(kUnlocked) + kPrefix + "XXXXXX")).string();
  if (mkdtemp(name.data()) == nullptr) {
    base::throw_system_error(errno, "create", name);
  }
  return name;
}

}  // namespace

Scratch::Scratch(std::uint64_t needed_bytes, const fs::path& fallback, const fs::path& memory) {
  remove_abandoned(memory);
  remove_abandoned(fallback);
  const auto made = make_folder(has_room_in_memory(memory, needed_bytes) ? memory : fallback);
  lock_ = open_lock(made);
  check(lock_.get(), "create", (made / kLock).string());
  // Where locks are refused, nobody else can lock it either and take it for abandoned.
  std::ignore = flock(lock_.get(), LOCK_EX | LOCK_NB);
  folder_ = made.parent_path() / made.filename().string().substr(kUnlocked.size());
  fs::rename(made, folder_);
}

Scratch::~Scratch() {
  std::error_code ignored;  // nothing more can be done, and the next runner will try again
  fs::remove_all(folder_, ignored);
}

fs::path scratch_fallback(const fs::path& results) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+";
  const bool is_plain = results.string().find_first_not_of(kPlain) == std::string::npos;
  const fs::path temporary = "/var/tmp";
  return is_plain || access(temporary.c_str(), W_OK) != 0 ? results : temporary;
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
