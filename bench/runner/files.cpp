#include "bench/runner/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "common/base/check.hpp"
#include "common/base/file_descriptor.hpp"

namespace dlab::bench {
namespace {

using base::check;

std::string read_all(int fd, const std::string& path) {
  std::string content;
  std::array<char, 16384> buffer{};
  for (;;) {
    const auto length =
        check(base::retry_interrupted([&] { return read(fd, buffer.data(), buffer.size()); }),
              "read", path);
    if (length == 0) {
      return content;
    }
    content.append(buffer.data(), static_cast<std::size_t>(length));
  }
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  const base::FileDescriptor file(
      check(open(path.c_str(), O_RDONLY | O_CLOEXEC), "open", path.string()));
  return read_all(file.get(), path.string());
}

std::optional<std::string> read_file_if_any(const std::filesystem::path& path) {
  const base::FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    return std::nullopt;
  }
  try {
    return read_all(file.get(), path.string());
  } catch (const std::system_error& error) {
    if (error.code().value() == ESRCH) {
      return std::nullopt;
    }
    throw;
  }
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  const base::FileDescriptor file(check(
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), "open", path.string()));
  const auto written =
      check(write(file.get(), content.data(), content.size()), "write", path.string());
  if (static_cast<std::size_t>(written) != content.size()) {
    base::throw_system_error(EIO, "write", path.string());
  }
}

void replace_file(const std::filesystem::path& path, std::string_view content) {
  const std::filesystem::path fresh = path.string() + ".new";
  write_file(fresh, content);
  std::error_code refused;
  std::filesystem::rename(fresh, path, refused);
  if (refused) {
    write_file(path, content);
    std::filesystem::remove(fresh, refused);
  }
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) {
    return "";
  }
  return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

std::string last_line(std::string_view text) {
  const std::string all = trimmed(text);
  const auto line_end = all.find_last_of("\r\n");
  return line_end == std::string::npos ? all : all.substr(line_end + 1);
}

std::int64_t leading_number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace dlab::bench
