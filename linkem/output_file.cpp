#include "linkem/output_file.hpp"

#include <system_error>

#include "common/base/output.hpp"

namespace dlab::linkem {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20U;

}  // namespace

OutputFile::OutputFile(const std::filesystem::path& path)
    : path_(path.string()), file_(base::open_output(path_)) {
  buffer_.reserve(kBufferBytes);
}

void OutputFile::write(std::string_view bytes) {
  if (!complaint_.empty()) {
    return;
  }
  if (buffer_.size() + bytes.size() > kBufferBytes) {
    flush();
  }
  buffer_ += bytes;
}

void OutputFile::flush() {
  try {
    base::write_all(file_, path_, buffer_);
  } catch (const std::system_error& error) {
    complaint_ = error.what() + std::string("; the file is cut short");
  }
  buffer_.clear();
}

}  // namespace dlab::linkem
