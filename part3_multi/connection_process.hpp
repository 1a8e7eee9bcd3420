#pragma once

#include <sys/types.h>

#include "common/base/file_descriptor.hpp"
#include "part3_multi/transfer.hpp"

namespace dlab::part3 {

// What a new process does for connection `number`: one life of it, with `task` or none, and then
// the end. `transfer` is a copy of the parent's, of which only what does not change is used. Dies
// with its parent.
[[noreturn]] void be_connection_process(Transfer& transfer, unsigned number, const TaskPtr& task,
                                        base::FileDescriptor channel, pid_t parent) noexcept;

}  // namespace dlab::part3
