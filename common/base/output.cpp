#include "common/base/output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>

#include "common/base/check.hpp"

namespace dlab::base {
namespace {

// Of this process, where a path stands for one; -1 for all other paths.
int descriptor_behind(std::string_view path) {
  if (path == "/dev/stdout") {
    return STDOUT_FILENO;
  }
  if (path == "/dev/stderr") {
    return STDERR_FILENO;
  }
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (path.starts_with(folder)) {
      int number = -1;
      const auto [end, error] =
          std::from_chars(path.data() + folder.size(), path.data() + path.size(), number);
      return error == std::errc() && end == path.data() + path.size() ? number : -1;
    }
  }
  return -1;
}

}  // namespace

FileDescriptor open_output(const std::string& path) {
  const int behind = descriptor_behind(path);
  const int fd = behind >= 0 ? ::fcntl(behind, F_DUPFD_CLOEXEC, 0)
                             : ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  return FileDescriptor(check(fd, "open", path));
}

void expect_output(const std::string& path) {
  struct stat status {};
  if (descriptor_behind(path) >= 0) {
    return;
  }
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) {
      throw_system_error(EISDIR, "open", path);
    }
    check(::euidaccess(path.c_str(), W_OK), "open", path);
  } else if (errno != ENOENT) {
    throw_system_error(errno, "open", path);
  } else {
    const auto folder = std::filesystem::path(path).parent_path();
    check(::euidaccess(folder.empty() ? "." : folder.c_str(), W_OK | X_OK), "open", path);
  }
}

void write_all(const FileDescriptor& file, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written =
        retry_interrupted([&] { return ::write(file.get(), bytes.data(), bytes.size()); });
    bytes.remove_prefix(static_cast<std::size_t>(check(written, "write", path)));
  }
}

void write_output(const std::string& path, std::string_view bytes) {
  write_all(open_output(path), path, bytes);
}

}  // namespace dlab::base
