#include "part3_multi/connection_process.hpp"

#include <unistd.h>

#include <utility>

#include "common/base/child.hpp"
#include "common/base/page_buffer.hpp"
#include "part3_multi/range_connection.hpp"
#include "part3_multi/remote_work.hpp"

namespace dlab::part3 {
namespace {

Note live_once(Transfer& transfer, unsigned number, const TaskPtr& task,
               RemoteWork::Channel& channel) {
  try {
    RemoteWork work(channel, transfer.sink, transfer.t0, transfer.version);
    base::PageBuffer buffer(transfer.buffer_bytes);
    RangeConversation conversation(work, subject_of(transfer, number), work.hold(task));
    return note::Ended{.more_work = live(transfer, work, conversation, buffer)};
  } catch (const std::exception&) {
    return describe_failure(std::current_exception());
  }
}

}  // namespace

// Nothing is cleaned up but what this process opened: all else is the parent's, and so are the
// locks that its other threads held when this one was copied. (The C library sees to its own.)
// SIGINT and SIGTERM stay blocked, as in the parent, which answers them for all.
void be_connection_process(Transfer& transfer, unsigned number, const TaskPtr& task,
                           base::FileDescriptor channel, pid_t parent) noexcept {
  if (!base::die_with(parent)) {
    ::_exit(1);
  }
  RemoteWork::Channel to_parent(std::move(channel));
  try {
    to_parent.send(live_once(transfer, number, task, to_parent));
  } catch (const std::exception&) {
    ::_exit(1);
  }
  ::_exit(0);
}

}  // namespace dlab::part3
