#include "bench/runner/turn.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <tuple>

#include "bench/runner/interrupt.hpp"
#include "common/base/check.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;
using base::check;
using namespace std::chrono_literals;

constexpr const char* kName = "dlab-bench.turn";
constexpr auto kLookEvery = 200ms;
constexpr std::size_t kLongestNote = 200;

// Another user's file must not be opened with O_CREAT in such a folder (protected_regular,
// proc(5)), so it is either made or opened. Neither follows a link, nor waits for a FIFO's reader.
base::FileDescriptor open_or_make(const fs::path& path) {
  constexpr int kFlags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  for (;;) {
    base::FileDescriptor file(open(path.c_str(), kFlags));
    if (file.is_open() || errno != ENOENT) {
      check(file.get(), "open", path.string());
      return file;
    }
    const mode_t mask = umask(0);  // everybody is to lock it
    base::FileDescriptor made(open(path.c_str(), kFlags | O_CREAT | O_EXCL, 0666));
    const int error_number = errno;
    umask(mask);
    if (made.is_open() || error_number != EEXIST) {
      errno = error_number;
      check(made.get(), "create", path.string());
      return made;
    }
  }
}

// A note is written to the file: one that has another name too is somebody's.
void require_file_of_its_own(const base::FileDescriptor& file, const fs::path& path) {
  struct stat about {};
  check(fstat(file.get(), &about), "stat", path.string());
  if (!S_ISREG(about.st_mode) || about.st_nlink > 1) {
    base::throw_system_error(EEXIST, "create", path.string());
  }
}

// Whether `path` still names this file: it may have been removed since it was opened.
bool is_in_place(const base::FileDescriptor& file, const fs::path& path) {
  struct stat opened {};
  struct stat named {};
  check(fstat(file.get(), &opened), "stat", path.string());
  return lstat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

// The whole file, by its holder.
struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

// False while somebody else has it.
bool try_lock(const base::FileDescriptor& file, const fs::path& path) {
  auto lock = whole_file();
  if (fcntl(file.get(), F_SETLK, &lock) == 0) {
    return true;
  }
  if (errno != EACCES && errno != EAGAIN) {
    base::throw_system_error(errno, "lock", path.string());
  }
  return false;
}

// What the holder says of itself. Anybody may have written it: nothing but plain characters are
// shown.
std::string note_in(const base::FileDescriptor& file) {
  std::array<char, kLongestNote> text{};
  const auto length = pread(file.get(), text.data(), text.size(), 0);
  std::string note;
  for (ssize_t i = 0; i < length && text[static_cast<std::size_t>(i)] != '\n'; ++i) {
    const char c = text[static_cast<std::size_t>(i)];
    note += c >= ' ' && c <= '~' ? c : '?';
  }
  return note;
}

// Who has it: the process by the kernel's word, what it does by its own. Blank when it has just
// been given up.
std::string holder_of(const base::FileDescriptor& file, const fs::path& path) {
  auto lock = whole_file();
  check(fcntl(file.get(), F_GETLK, &lock), "look at the lock", path.string());
  if (lock.l_type == F_UNLCK) {
    return "";
  }
  const auto note = note_in(file);
  return "pid " + std::to_string(lock.l_pid) + (note.empty() ? "" : ", " + note);
}

bool everybody_may_write(const fs::path& folder) {
  struct stat about {};
  constexpr mode_t kShared = S_ISVTX | S_IWOTH | S_IXOTH;
  return stat(folder.c_str(), &about) == 0 && S_ISDIR(about.st_mode) &&
         (about.st_mode & kShared) == kShared;
}

}  // namespace

Turn::Turn(const fs::path& folder, const Tell& tell) : path_(folder / kName) {
  try {
    wait(tell);
  } catch (const std::system_error& error) {
    problem_ = error.what();
  }
}

Turn::~Turn() {
  if (problem_.empty()) {
    write_note("");
  }
}

void Turn::write_note(const std::string& note) const {
  std::ignore = ftruncate(lock_.get(), 0);
  std::ignore = pwrite(lock_.get(), note.data(), note.size(), 0);
}

void Turn::wait(const Tell& tell) {
  std::string told;
  for (;;) {
    check_interrupted();
    lock_ = open_or_make(path_);
    require_file_of_its_own(lock_, path_);
    if (!try_lock(lock_, path_)) {
      const auto holder = holder_of(lock_, path_);
      if (!holder.empty() && holder != told) {
        tell(holder);
        told = holder;
      }
    } else if (is_in_place(lock_, path_)) {
      return;
    }
    std::this_thread::sleep_for(kLookEvery);
  }
}

fs::path default_turn_folder() {
  const fs::path locks = "/run/lock";
  return everybody_may_write(locks) ? locks : fs::path("/tmp");
}

}  // namespace dlab::bench
