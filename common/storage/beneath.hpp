#pragma once

#include <string>

#include "common/base/file_descriptor.hpp"

namespace dlab::storage {

// Who keeps a path from leading out of a folder.
enum class Resolver {
  kernel,  // openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_MAGICLINKS, as of Linux 5.6
  walk,    // we, one name after another: slower, and needs no new system call
};

// The kernel, unless it does not know openat2(2) or a sandbox refuses it. `folder`: open.
Resolver usable_resolver(int folder);

struct Opened {
  base::FileDescriptor file;
  int error = 0;  // why it is not open (errno(3))
};

// Opens the path `name` for reading. It must stay beneath `folder` all the way: ".." may not climb
// out, links are followed only within, and never those of /proc that lead to what is open
// elsewhere. EXDEV: it leads out; ELOOP: too many links, or one of /proc; else as open(2).
Opened open_beneath(int folder, const std::string& name, Resolver resolver);

}  // namespace dlab::storage
