#include "common/storage/part_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "common/base/check.hpp"
#include "common/storage/digest.hpp"

namespace dlab::storage {
namespace {

namespace fs = std::filesystem;

constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
constexpr std::size_t kLongestName = 255;  // NAME_MAX of all common file systems
constexpr std::size_t kLongestEnding = sizeof(".dlab.new") - 1;
constexpr std::size_t kDigits = 16;  // of the digest of a name

// The first bytes of `name`, `most` of them or some fewer, so that no character of UTF-8 is cut.
std::string front_of(const std::string& name, std::size_t most) {
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(name[at]) & 0xC0U) == 0x80U;
  };
  while (most > 0 && continues(most)) {
    --most;
  }
  return name.substr(0, most);
}

std::string digest_of(const std::string& name) {
  Sha256 hash;
  hash.update(std::as_bytes(std::span(name)));
  return to_hex(hash.finish()).substr(0, kDigits);
}

std::string control_path(const std::string& part) {
  return part + ".dlab";
}

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

// A name that the part file can have. A link that somebody laid there is an error: who does that
// may lay more of them.
enum class Place { free, ours, foreign };

Place look_at(const std::string& path) {
  const ControlFile control(control_path(path));
  struct stat status {};
  if (::lstat(path.c_str(), &status) < 0) {
    if (errno != ENOENT) {
      base::throw_system_error(errno, "create", path);
    }
    return control.may_be_written() ? Place::free : Place::foreign;
  }
  if (S_ISLNK(status.st_mode)) {
    base::throw_system_error(ELOOP, "create", path);
  }
  const bool is_ours =
      S_ISREG(status.st_mode) && control.is_there() && ::euidaccess(path.c_str(), R_OK | W_OK) == 0;
  return is_ours ? Place::ours : Place::foreign;
}

struct Choice {
  std::string path;
  bool is_ours;
};

// What an earlier run has left goes before what is free.
Choice choose(const std::string& target) {
  std::optional<Choice> free;
  for (unsigned number = 0; number < kPartNames; ++number) {
    std::string path = part_path(target, number);
    const Place place = look_at(path);
    if (place == Place::ours) {
      return {std::move(path), true};
    }
    if (place == Place::free && !free) {
      free = {std::move(path), false};
    }
  }
  if (!free) {
    base::throw_system_error(EEXIST, "create",
                             part_path(target, 0) + " (remove it, or what is called like it)");
  }
  return *free;
}

}  // namespace

std::string part_path(const std::string& target, unsigned number) {
  const fs::path path(target);
  const std::string name = path.filename().string();
  const std::string ending =
      number == 0 ? ".part" : std::string(".").append(std::to_string(number)).append(".part");
  const std::size_t most = kLongestName - kLongestEnding - ending.size();
  if (name.size() <= most) {
    return (path.parent_path() / (name + ending)).string();
  }
  const std::string mark = std::string("~").append(digest_of(name));
  return (path.parent_path() / (front_of(name, most - mark.size()) + mark + ending)).string();
}

PartFile::Opened PartFile::open_and_lock(const std::string& target) {
  for (;;) {
    auto [path, is_ours] = choose(target);
    const int fd = ::open(path.c_str(), is_ours ? kFlags : kFlags | O_CREAT | O_EXCL, 0666);
    if (fd < 0 && errno == (is_ours ? ENOENT : EEXIST)) {
      continue;  // another download has come or gone meanwhile
    }
    base::FileDescriptor file(base::check(fd, "create", path));
    try {
      lock(file.get(), path, target);
    } catch (const std::system_error&) {
      if (!is_ours) {
        ::unlink(path.c_str());  // made by us just now
      }
      throw;
    }
    if (still_there(file.get(), path)) {
      return {std::move(path), std::move(file)};
    }
  }
}

PartFile::PartFile(const std::string& target, Leftovers leftovers)
    : PartFile(open_and_lock(target), target, leftovers) {}

PartFile::PartFile(Opened opened, std::string target, Leftovers leftovers)
    : target_(std::move(target)),
      path_(std::move(opened.path)),
      file_(std::move(opened.file)),
      control_(path_ + ".dlab") {
  control_.reserve();
  if (leftovers == Leftovers::discard) {
    resize(0);
  }
}

// The room goes first: whoever downloads to the same target next makes a file of that name, too.
PartFile::~PartFile() {
  control_.release();
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
  control_.release();
  remove_on_close_ = false;
  base::check(std::rename(path_.c_str(), target_.c_str()),
              "rename " + path_ + " (it is whole, and stays) to", target_);
}

}  // namespace dlab::storage
