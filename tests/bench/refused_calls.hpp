#pragma once

#include <initializer_list>

namespace dlab::test {

// From now on the kernel refuses these system calls (SYS_...) to this process with `error_number`,
// as file systems and sandboxes do (seccomp(2)). For good: call it in a child. Throws
// std::system_error.
void refuse_calls(std::initializer_list<int> calls, int error_number);

}  // namespace dlab::test
