#pragma once

#include <optional>
#include <string>

namespace dlab::download {

// Where a download goes.
struct Target {
  // A plain file is made beside `path` and takes its place; all else is written to in order.
  bool is_plain_file = true;
  std::string path;               // of the file itself: links have been followed
  std::optional<int> descriptor;  // of this process, which is to be written to
};

// What the word for a place to save to, and the name of what is saved, mean. `output`: empty for
// ./BASENAME, a folder for FOLDER/BASENAME, "-" for standard output, else the path itself. A link
// is followed: what it points to is the target, and the link stays. Throws std::system_error and
// std::runtime_error for a target that cannot be: a folder or a socket, or a file that may not be
// replaced, in a folder that is not there, or of a name that is too long or none.
Target find_target(const std::string& output, const std::string& name);

}  // namespace dlab::download
