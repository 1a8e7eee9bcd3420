#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace dlab::storage {

// pread(2) and pwrite(2), repeated until all of `data` has moved or the system refuses; they leave
// the file's own position alone, so threads may share `fd`. Throw std::system_error.

// What the file holds from `offset`, at most `data.size()` bytes; 0 at its end.
std::size_t read_some_at(int fd, std::uint64_t offset, std::span<std::byte> data);
// Fills `data`; a file that ends first is an error (ENODATA).
void read_exactly_at(int fd, std::uint64_t offset, std::span<std::byte> data);
// `name`: the file's in errors.
void write_all_at(int fd, const std::string& name, std::uint64_t offset,
                  std::span<const std::byte> data);

}  // namespace dlab::storage
