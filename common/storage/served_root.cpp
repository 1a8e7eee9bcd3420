#include "common/storage/served_root.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "common/base/check.hpp"
#include "common/base/clock.hpp"
#include "common/base/random.hpp"

namespace dlab::storage {
namespace {

constexpr std::size_t kMaxNameBytes = 4096;

std::optional<OpenFailure> judge_name(const std::string& name) {
  if (name.empty()) {
    return OpenFailure{OpenProblem::bad_name, "the file name is empty"};
  }
  if (name.size() > kMaxNameBytes) {
    return OpenFailure{OpenProblem::bad_name, "the file name has more than 4096 bytes"};
  }
  if (name.find('\0') != std::string::npos) {
    return OpenFailure{OpenProblem::bad_name, "the file name holds a NUL byte"};
  }
  if (name.front() == '/') {
    return OpenFailure{OpenProblem::bad_name, "the file name is an absolute path"};
  }
  return std::nullopt;
}

OpenFailure explain(int error, const std::string& name) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return {OpenProblem::not_found, "no such file"};
    case ENAMETOOLONG:
      return {OpenProblem::bad_name, "a part of the file name is too long"};
    case EXDEV:
    case ELOOP:
      return {OpenProblem::forbidden, "the path leads out of the served folder"};
    case EACCES:
    case EPERM:
      return {OpenProblem::forbidden, "the server may not read this file"};
    case ENXIO:
    case ENODEV:
      return {OpenProblem::not_a_file, "not a regular file"};
    default:
      base::throw_system_error(error, "open", name);
  }
}

std::uint64_t version_of(const struct stat& status) {
  std::uint64_t version = 0;
  for (const std::uint64_t field :
       {static_cast<std::uint64_t>(status.st_size), static_cast<std::uint64_t>(status.st_ino),
        static_cast<std::uint64_t>(status.st_mtim.tv_sec),
        static_cast<std::uint64_t>(status.st_mtim.tv_nsec),
        static_cast<std::uint64_t>(status.st_ctim.tv_sec),
        static_cast<std::uint64_t>(status.st_ctim.tv_nsec)}) {
    version = base::SplitMix64(version ^ field).next();
  }
  return std::max<std::uint64_t>(version, 1);
}

// The time that a file changed now would be given: that of the kernel's last tick
// (clock_gettime(2)).
base::Duration file_clock() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

// Has the clock that dates the file gone on since its last change? Some file systems round down to
// steps of their own: 10 ms on exFAT, whole seconds or two of them on FAT, ext3 and HFS+. `now`: of
// before the file was looked at.
bool is_settled(const struct stat& status, base::Duration now) {
  using namespace std::chrono_literals;
  const timespec& changed = status.st_ctim;
  base::Duration step{0};
  if (changed.tv_nsec == 0) {
    step = 2s;
  } else if (changed.tv_nsec % 10'000'000 == 0) {
    step = 10ms;
  }
  const timespec past = base::to_timespec(now - step);
  return std::pair(changed.tv_sec, changed.tv_nsec) < std::pair(past.tv_sec, past.tv_nsec);
}

struct stat status_of(int fd, const std::string& name) {
  struct stat status {};
  base::check(::fstat(fd, &status), "stat", name);
  return status;
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
using FolderStream = std::unique_ptr<DIR, CloseFolder>;

FolderStream open_folder_stream(int folder) {
  // The stream owns its descriptor and moves its position, so it gets an open file of its own.
  const int fd = base::check(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open",
                             "the served folder");
  FolderStream stream(::fdopendir(fd));
  if (!stream) {
    const base::FileDescriptor owner(fd);
    base::check(-1, "read", "the served folder");
  }
  return stream;
}

base::FileDescriptor open_folder(const std::string& path) {
  return base::FileDescriptor(
      base::check(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open folder", path));
}

}  // namespace

ServedRoot::ServedRoot(const std::string& path)
    : folder_(open_folder(path)), resolver_(usable_resolver(folder_.get())) {}

ServedRoot::ServedRoot(const std::string& path, Resolver resolver)
    : folder_(open_folder(path)), resolver_(resolver) {}

std::variant<ServedFile, OpenFailure> ServedRoot::open(const std::string& name) const {
  if (auto failure = judge_name(name)) {
    return *failure;
  }
  const auto now = file_clock();
  auto [fd, error] = open_beneath(folder_.get(), name, resolver_);
  if (error != 0) {
    return explain(error, name);
  }
  const struct stat status = status_of(fd.get(), name);
  if (S_ISDIR(status.st_mode)) {
    return OpenFailure{OpenProblem::not_a_file, "this is a folder"};
  }
  if (!S_ISREG(status.st_mode)) {
    return OpenFailure{OpenProblem::not_a_file, "not a regular file"};
  }
  return ServedFile{
      .fd = std::move(fd),
      .name = name,
      .size = static_cast<std::uint64_t>(status.st_size),
      .modified = std::chrono::sys_seconds(std::chrono::seconds(status.st_mtim.tv_sec)),
      .version = version_of(status),
      .is_settled = is_settled(status, now)};
}

std::vector<ServedRoot::Entry> ServedRoot::list() const {
  const FolderStream folder = open_folder_stream(folder_.get());
  std::vector<Entry> entries;
  while (const dirent* entry = ::readdir(folder.get())) {
    // Looked at before it is opened, because opening a pipe or a device may have effects; opened,
    // because only that tells whether it may be read and lies in the root.
    struct stat status {};
    if (::fstatat(folder_.get(), entry->d_name, &status, 0) < 0 || !S_ISREG(status.st_mode)) {
      continue;
    }
    const auto opened = open(entry->d_name);
    if (const auto* const file = std::get_if<ServedFile>(&opened)) {
      entries.push_back({file->name, file->size});
    }
  }
  std::ranges::sort(entries, {}, &Entry::name);
  return entries;
}

std::uint64_t file_version(int fd) {
  return version_of(status_of(fd, "served file"));
}

}  // namespace dlab::storage
