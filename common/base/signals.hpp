#pragma once

#include <signal.h>

#include <initializer_list>

namespace dlab::base {

// Does this process ignore the signal, as nohup(1), trap '' in a shell and its `&` have it? Whoever
// started it so does not want it to be heard.
bool is_ignored(int signal);

// Those of `signals` that are not ignored.
sigset_t heard_of(std::initializer_list<int> signals);

// A file that grows beyond its limit (setrlimit(2)) is an error of the one who writes, EFBIG, from
// now on, and no end of the process by SIGXFSZ. What it starts is as it would have been.
void fail_beyond_file_size_limit();

}  // namespace dlab::base
