#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/file_descriptor.hpp"

namespace dlab::linkem {

// A file that the emulator writes to at work. A write that fails must not hold up packets: it is
// remembered, and the file gets no more.
class OutputFile {
 public:
  // See base::open_output(). Throws std::system_error.
  explicit OutputFile(const std::filesystem::path& path);

  // Buffered, up to 1 MiB; what is not flushed is not written.
  void write(std::string_view bytes);
  void flush();

  // What kept it from writing, "" for nothing: a full disk.
  [[nodiscard]] const std::string& complaint() const { return complaint_; }
  [[nodiscard]] int fd() const { return file_.get(); }

 private:
  std::string path_;
  base::FileDescriptor file_;
  std::string buffer_;
  std::string complaint_;
};

// Those of a star (StarSpec).
struct OutputFiles {
  std::optional<OutputFile> log;
  std::optional<OutputFile> pcap;
};

}  // namespace dlab::linkem
