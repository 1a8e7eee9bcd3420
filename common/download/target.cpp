#include "common/download/target.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/stat.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <stdexcept>

#include "common/base/check.hpp"

namespace dlab::download {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as many as the kernel follows
constexpr const char* kSave = "save as";

// BASENAME in a folder, or the path itself.
fs::path named_path(const std::string& output, const std::string& name) {
  const fs::path base_name = fs::path(name).filename();
  std::error_code ignored;
  const bool is_folder =
      output.empty() || output.back() == '/' || fs::is_directory(output, ignored);
  if (!is_folder) {
    return output;
  }
  if (base_name.empty() || base_name == "." || base_name == "..") {
    base::throw_system_error(EINVAL, "save", "\"" + name + "\"");
  }
  return output.empty() ? base_name : fs::path(output) / base_name;
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// Is it a link of proc(5), which is an open file and no path?
bool is_open_file(const fs::path& link) {
  struct statfs where {};
  return ::statfs(folder_of(link).c_str(), &where) == 0 && where.f_type == PROC_SUPER_MAGIC;
}

// Follows links as open(2) does, to a name that need not be taken.
fs::path follow_links(fs::path path) {
  for (int links = 0; fs::is_symlink(fs::symlink_status(path)) && !is_open_file(path); ++links) {
    if (links == kMostLinks) {
      base::throw_system_error(ELOOP, kSave, path.string());
    }
    path = path.parent_path() / fs::read_symlink(path);
  }
  return path;
}

// The number of the descriptor of this process behind /dev/fd/N; nothing for one of another.
std::optional<int> own_descriptor(const fs::path& link) {
  std::error_code ignored;
  const std::string digits = link.filename().string();
  int number = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_own = error == std::errc() && end == digits.data() + digits.size() &&
                      fs::equivalent(folder_of(link), "/proc/self/fd", ignored);
  return is_own ? std::optional(number) : std::nullopt;
}

Target open_file(const fs::path& link, const std::string& output, bool is_regular) {
  const auto number = own_descriptor(link);
  if (!number && is_regular) {
    throw std::runtime_error("save as " + output +
                             ": a file that another process has open; give the file's own path");
  }
  return {.is_plain_file = false, .path = output, .descriptor = number};
}

// A file in a sticky folder is its owner's, or the folder's owner's, to replace (inode(7)).
bool is_held_by_sticky_folder(const struct stat& file, const fs::path& folder) {
  struct stat status {};
  const uid_t self = ::geteuid();
  return self != 0 && ::stat(folder.c_str(), &status) == 0 && (status.st_mode & S_ISVTX) != 0 &&
         file.st_uid != self && status.st_uid != self;
}

// What the file system holds in its place though its mode does not tell (statx(2)); 0: nothing.
int unmovable(const fs::path& path) {
  struct statx status {};
  if (::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &status) < 0) {
    return 0;
  }
  if ((status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0) {
    return EBUSY;
  }
  return (status.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0 ? EPERM : 0;
}

void refuse_file_that_stays(const fs::path& path, const struct stat& status) {
  if (is_held_by_sticky_folder(status, folder_of(path))) {
    base::throw_system_error(EPERM, "replace", path.string() + ", another user's in this folder");
  }
  if (const int error = unmovable(path); error != 0) {
    base::throw_system_error(error, "replace", path.string());
  }
}

void refuse_missing_folder(const fs::path& path) {
  const fs::path folder = folder_of(path);
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    base::throw_system_error(error ? error.value() : ENOTDIR, "create",
                             path.string() + " in " + folder.string());
  }
}

}  // namespace

Target find_target(const std::string& output, const std::string& name) {
  if (output == "-") {
    return {.is_plain_file = false, .path = "standard output", .descriptor = STDOUT_FILENO};
  }
  const fs::path named = named_path(output, name);
  struct stat status {};
  const bool is_there = ::stat(named.c_str(), &status) == 0;
  if (!is_there && errno != ENOENT && errno != ENOTDIR) {
    base::throw_system_error(errno, kSave, named.string());
  }
  const fs::path path = follow_links(named);
  if (is_open_file(path) && fs::is_symlink(fs::symlink_status(path))) {
    return open_file(path, named.string(), is_there && S_ISREG(status.st_mode));
  }
  if (!is_there) {
    refuse_missing_folder(path);
    return {.path = path.string()};
  }
  if (S_ISDIR(status.st_mode)) {
    base::throw_system_error(EISDIR, kSave, named.string());
  }
  if (S_ISSOCK(status.st_mode)) {
    throw std::runtime_error("save as " + named.string() + ": a socket, which takes no file");
  }
  if (S_ISREG(status.st_mode)) {
    refuse_file_that_stays(path, status);
    return {.path = path.string()};
  }
  return {.is_plain_file = false, .path = path.string()};
}

}  // namespace dlab::download
