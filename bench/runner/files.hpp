#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace dlab::bench {

// Small files, whole. Files of /proc have no size, so they are read to their end.
std::string read_file(const std::filesystem::path& path);  // throws std::system_error
// Nothing where there is no such file, or where its process ends while it is read (proc(5)).
std::optional<std::string> read_file_if_any(const std::filesystem::path& path);

// Writes in one write(2), as files of /proc/sys want it; creates or replaces.
// Throws std::system_error.
void write_file(const std::filesystem::path& path, std::string_view content);
// Replaces a file as a whole, by renaming a new one over it; in place where the file system refuses
// that. Throws std::system_error.
void replace_file(const std::filesystem::path& path, std::string_view content);

// Without white space at its ends.
std::string trimmed(std::string_view text);
// The last line that is not blank; blank when there is none.
std::string last_line(std::string_view text);
// The number at the front of `text`; 0 when there is none.
std::int64_t leading_number(std::string_view text);

}  // namespace dlab::bench
