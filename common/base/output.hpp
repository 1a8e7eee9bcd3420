#pragma once

#include <string>
#include <string_view>

#include "common/base/file_descriptor.hpp"

namespace dlab::base {

// Opens a file to be written from its beginning, and makes it where there is none. /dev/stdout,
// /dev/stderr, /dev/fd/N and /proc/self/fd/N are that descriptor itself: opened anew, a file behind
// it would be cut off, and a socket refused (proc_pid_fd(5)). Throws std::system_error.
FileDescriptor open_output(const std::string& path);

// Throws what open_output() would, as far as can be told without opening anything: for what is
// written only when long work is done.
void expect_output(const std::string& path);

// Writes all of `bytes` to what was opened as `path`. Throws std::system_error.
void write_all(const FileDescriptor& file, const std::string& path, std::string_view bytes);

// A whole file at once: both of the above.
void write_output(const std::string& path, std::string_view bytes);

}  // namespace dlab::base
