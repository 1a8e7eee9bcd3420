#include "common/storage/file_io.hpp"

#include <unistd.h>

#include "common/base/check.hpp"

namespace dlab::storage {

std::size_t read_some_at(int fd, std::uint64_t offset, std::span<std::byte> data) {
  const auto count = base::retry_interrupted(
      [&] { return ::pread(fd, data.data(), data.size(), static_cast<off_t>(offset)); });
  return static_cast<std::size_t>(base::check(count, "read", "file"));
}

void read_exactly_at(int fd, std::uint64_t offset, std::span<std::byte> data) {
  while (!data.empty()) {
    const std::size_t count = read_some_at(fd, offset, data);
    if (count == 0) {
      base::throw_system_error(ENODATA, "read", "file that became shorter");
    }
    offset += count;
    data = data.subspan(count);
  }
}

void write_all_at(int fd, const std::string& name, std::uint64_t offset,
                  std::span<const std::byte> data) {
  while (!data.empty()) {
    const auto count = base::retry_interrupted(
        [&] { return ::pwrite(fd, data.data(), data.size(), static_cast<off_t>(offset)); });
    const auto written = static_cast<std::size_t>(base::check(count, "write", name));
    offset += written;
    data = data.subspan(written);
  }
}

}  // namespace dlab::storage
