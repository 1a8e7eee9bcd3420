#include "common/storage/sink.hpp"

#include <unistd.h>

#include <system_error>

#include "common/base/check.hpp"
#include "common/storage/file_io.hpp"

namespace dlab::storage {

void PositionalSink::write_at(std::uint64_t offset, std::span<const std::byte> data) {
  write_all_at(fd_, name_, offset, data);
}

void LockedSink::write_at(std::uint64_t offset, std::span<const std::byte> data) {
  const std::lock_guard lock(mutex_);
  base::check(::lseek(fd_, static_cast<off_t>(offset), SEEK_SET), "seek in", name_);
  while (!data.empty()) {
    const auto count =
        base::retry_interrupted([&] { return ::write(fd_, data.data(), data.size()); });
    data = data.subspan(static_cast<std::size_t>(base::check(count, "write", name_)));
  }
}

std::unique_ptr<Sink> make_sink(WriterKind kind, int fd, std::string name) {
  if (kind == WriterKind::locked) {
    return std::make_unique<LockedSink>(fd, std::move(name));
  }
  return std::make_unique<PositionalSink>(fd, std::move(name));
}

void keep(Sink& sink, std::uint64_t offset, std::span<const std::byte> data) {
  try {
    sink.write_at(offset, data);
  } catch (const std::system_error& error) {
    throw SinkFailed(error.what());
  }
}

}  // namespace dlab::storage
