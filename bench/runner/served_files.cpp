#include "bench/runner/served_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "bench/runner/files.hpp"
#include "common/base/check.hpp"
#include "common/base/file_descriptor.hpp"
#include "common/base/random.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;
using base::check;

constexpr std::uint64_t kMostDense = std::uint64_t{2} << 30U;
constexpr std::size_t kBlock = std::size_t{1} << 20U;

std::vector<char> random_block(base::SplitMix64& random) {
  std::vector<char> block(kBlock);
  for (std::size_t at = 0; at < kBlock; at += sizeof(std::uint64_t)) {
    const std::uint64_t word = random.next();
    std::memcpy(block.data() + at, &word, sizeof word);
  }
  return block;
}

// Writes the block at `offset`, cut off at the end of the file.
void write_block(const base::FileDescriptor& file, const std::vector<char>& block,
                 std::uint64_t offset, std::uint64_t end, const std::string& path) {
  std::size_t done = 0;
  const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, end - offset));
  while (done < length) {
    done += static_cast<std::size_t>(check(
        pwrite(file.get(), block.data() + done, length - done, static_cast<off_t>(offset + done)),
        "write", path));
  }
}

void fill(const base::FileDescriptor& file, std::uint64_t bytes, const std::string& path) {
  base::SplitMix64 random(bytes);
  check(ftruncate(file.get(), static_cast<off_t>(bytes)), "truncate", path);
  if (bytes > kMostDense) {
    for (const std::uint64_t offset : {std::uint64_t{0}, bytes / 2, bytes - kBlock}) {
      write_block(file, random_block(random), offset, bytes, path);
    }
    return;
  }
  for (std::uint64_t offset = 0; offset < bytes; offset += kBlock) {
    write_block(file, random_block(random), offset, bytes, path);
  }
}

base::FileDescriptor open_to_read(const fs::path& path) {
  return base::FileDescriptor(
      check(open(path.c_str(), O_RDONLY | O_CLOEXEC), "open", path.string()));
}

// Up to a block from `offset`.
std::size_t read_block(const base::FileDescriptor& file, std::vector<char>& block,
                       std::uint64_t offset, const fs::path& path) {
  std::size_t done = 0;
  while (done < block.size()) {
    const auto length = check(pread(file.get(), block.data() + done, block.size() - done,
                                    static_cast<off_t>(offset + done)),
                              "read", path.string());
    if (length == 0) {
      break;
    }
    done += static_cast<std::size_t>(length);
  }
  return done;
}

}  // namespace

std::uint64_t stored_bytes(std::uint64_t bytes) {
  return bytes > kMostDense ? 3 * kBlock : bytes;
}

std::string ServedFiles::name_for(std::uint64_t bytes) const {
  std::string name = "bytes-" + std::to_string(bytes) + ".bin";
  const fs::path path = folder_ / name;
  if (!fs::exists(path)) {
    const base::FileDescriptor file(
        check(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644), "create",
              path.string()));
    fill(file, bytes, path.string());
  }
  return name;
}

void copy_to_own_folder(const fs::path& source, const fs::path& folder) {
  fs::create_directories(folder);
  fs::copy_file(source, folder / source.filename());
}

void replace_by_another(const fs::path& served) {
  const fs::path another = served.string() + ".another";
  write_file(another, "");
  fs::resize_file(another, fs::file_size(served));
  fs::rename(another, served);
}

std::string difference(const fs::path& source, const fs::path& output) {
  std::error_code error;
  const auto size = fs::file_size(output, error);
  if (error) {
    return "there is no output file";
  }
  const auto expected = fs::file_size(source);
  if (size != expected) {
    return "the output has " + std::to_string(size) + " bytes, not " + std::to_string(expected);
  }
  const auto first = open_to_read(source);
  const auto second = open_to_read(output);
  std::vector<char> original(kBlock);
  std::vector<char> copy(kBlock);
  for (std::uint64_t offset = 0; offset < size; offset += kBlock) {
    const auto length = read_block(first, original, offset, source);
    if (read_block(second, copy, offset, output) != length ||
        std::memcmp(original.data(), copy.data(), length) != 0) {
      return "the output differs from the source within the MiB at byte " + std::to_string(offset);
    }
  }
  return "";
}

}  // namespace dlab::bench
