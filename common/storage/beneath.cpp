#include "common/storage/beneath.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <deque>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace dlab::storage {
namespace {

using base::FileDescriptor;

constexpr int kAttempts = 1000;  // at a path that others rename
constexpr int kMostLinks = 40;   // as many as the kernel follows (path_resolution(7))
// O_NONBLOCK: opening a named pipe must not wait for its writer.
constexpr int kForReading = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
constexpr int kToPass = O_PATH | O_DIRECTORY | O_CLOEXEC;

Opened opened(long result) {
  const int error = errno;
  return result < 0 ? Opened{.file = {}, .error = error}
                    : Opened{.file = FileDescriptor(static_cast<int>(result)), .error = 0};
}

Opened open_by_kernel(int folder, const std::string& name) {
  open_how how{};
  how.flags = kForReading;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  // EAGAIN: something was renamed while ".." was followed, and the kernel could not be sure
  // (openat2(2)).
  for (int attempts_left = kAttempts;; --attempts_left) {
    auto file = opened(::syscall(SYS_openat2, folder, name.c_str(), &how, sizeof how));
    if (file.error != EAGAIN || attempts_left == 0) {
      return file;
    }
  }
}

// Where a folder is, whatever its name.
std::pair<dev_t, ino_t> place_of(const FileDescriptor& folder) {
  struct stat status {};
  ::fstat(folder.get(), &status);
  return {status.st_dev, status.st_ino};
}

bool is_in_proc(const FileDescriptor& folder) {
  struct statfs status {};
  return ::fstatfs(folder.get(), &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}

// The names of a path; the last is one that can be opened for reading, be it ".".
std::deque<std::string> names_in(std::string_view path) {
  std::deque<std::string> names;
  for (std::size_t begin = 0, end = 0; end < path.size(); begin = end + 1) {
    end = std::min(path.find('/', begin), path.size());
    names.emplace_back(path.substr(begin, end - begin));
  }
  if (names.empty() || names.back().empty() || names.back() == "..") {
    names.emplace_back(".");
  }
  return names;
}

// A path on its way. The kernel is given single names, and none that is a link; what a link says is
// put in its place.
//
//   root/sub/ -> link/../file    here_: sub, passed_: root, ahead_: link .. file
class Walk {
 public:
  Walk(int root, const std::string& path)
      : here_(::openat(root, ".", kToPass)),
        error_(here_.is_open() ? 0 : errno),
        ahead_(names_in(path)) {}

  Opened to_the_end() {
    while (error_ == 0) {
      const std::string name = std::move(ahead_.front());
      ahead_.pop_front();
      if (ahead_.empty()) {
        auto last = opened(::openat(here_.get(), name.c_str(), kForReading | O_NOFOLLOW));
        if (last.error != ELOOP) {
          return last;
        }
        follow(name, last.error);
      } else if (name == "..") {
        climb();
      } else if (!name.empty() && name != ".") {
        descend(name);
      }
    }
    return {.file = {}, .error = error_};
  }

 private:
  void descend(const std::string& name) {
    auto next = opened(::openat(here_.get(), name.c_str(), kToPass | O_NOFOLLOW));
    if (next.error == 0) {
      passed_.push_back(place_of(here_));
      here_ = std::move(next.file);
    } else if (next.error == ENOTDIR) {
      follow(name, next.error);
    } else {
      error_ = next.error;
    }
  }

  // It must come out where it went in: somebody may have moved the folder meanwhile.
  void climb() {
    if (passed_.empty()) {
      error_ = EXDEV;
      return;
    }
    auto up = opened(::openat(here_.get(), "..", kToPass));
    error_ = up.error == 0 && place_of(up.file) != passed_.back() ? EXDEV : up.error;
    passed_.pop_back();
    here_ = std::move(up.file);
  }

  // `otherwise`: the error when it is no link.
  void follow(const std::string& name, int otherwise) {
    std::array<char, PATH_MAX> text;
    const auto size = ::readlinkat(here_.get(), name.c_str(), text.data(), text.size());
    if (size < 0) {
      error_ = errno == EINVAL ? otherwise : errno;
    } else if (links_left_-- == 0 || is_in_proc(here_)) {
      error_ = ELOOP;
    } else if (text.front() == '/') {
      error_ = EXDEV;
    } else {
      auto names = names_in({text.data(), static_cast<std::size_t>(size)});
      ahead_.insert(ahead_.begin(), std::move_iterator(names.begin()),
                    std::move_iterator(names.end()));
    }
  }

  FileDescriptor here_;
  int error_;  // of the last step
  std::deque<std::string> ahead_;
  std::vector<std::pair<dev_t, ino_t>> passed_;  // on the way down from the root
  int links_left_ = kMostLinks;
};

}  // namespace

Resolver usable_resolver(int folder) {
  return open_by_kernel(folder, ".").error == 0 ? Resolver::kernel : Resolver::walk;
}

Opened open_beneath(int folder, const std::string& name, Resolver resolver) {
  if (resolver == Resolver::kernel) {
    return open_by_kernel(folder, name);
  }
  if (name.starts_with('/')) {
    return {.file = {}, .error = EXDEV};
  }
  return name.size() < PATH_MAX ? Walk(folder, name).to_the_end()
                                : Opened{.file = {}, .error = ENAMETOOLONG};
}

}  // namespace dlab::storage
