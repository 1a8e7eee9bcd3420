#include "part3_multi/remote_work.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "common/base/errors.hpp"

namespace dlab::part3 {

HeldTask RemoteWork::hold(const TaskPtr& task) {
  return {*this, task ? keep(task) : nullptr};
}

TaskPtr RemoteWork::keep(TaskPtr task) {
  return tasks_.emplace_back(std::move(task));
}

void RemoteWork::connected(std::uint16_t local_port, base::Duration handshake) {
  channel_.send(note::Connected{.local_port = local_port, .handshake = handshake});
}

TaskPtr RemoteWork::claim() {
  channel_.send(note::Claim{});
  return wait_for_work();
}

TaskPtr RemoteWork::claim_next(const Task& current) {
  channel_.send(note::ClaimNext{.current = current.index});
  return wait_for_work();
}

TaskPtr RemoteWork::open(const wire::File& file) {
  channel_.send(note::Header{
      .size = file.size, .version = file.version, .offset = file.offset, .length = file.length});
  return wait_for_work();
}

TaskPtr RemoteWork::wait_for_work() {
  for (;;) {
    const auto received = channel_.receive();
    if (received.closed) {
      throw base::Interrupted();
    }
    if (const auto* const shorter = std::get_if<order::Cut>(&*received.message)) {
      cut(*shorter);
    } else if (const auto* const work = std::get_if<order::Work>(&*received.message)) {
      version_ = work->version;
      return keep(std::make_shared<Task>(Task{.index = work->task,
                                              .asked = work->asked,
                                              .position = work->asked.begin,
                                              .end = work->end}));
    } else {
      return nullptr;
    }
  }
}

void RemoteWork::cut(const order::Cut& cut) {
  const auto task = std::ranges::find(tasks_, cut.task, [](const TaskPtr& t) { return t->index; });
  if (task != tasks_.end()) {
    (*task)->end = cut.end;
  }
}

// Nothing but cuts can come when nothing was asked.
std::uint64_t RemoteWork::wanted(const Task& task) {
  while (const auto shorter = channel_.receive_now().message) {
    cut(std::get<order::Cut>(*shorter));
  }
  return task.end - std::min(task.position, task.end);
}

void RemoteWork::take_in(Task& task, std::span<const std::byte> data) {
  const auto arrived = base::Clock::now() - t0_;
  storage::keep(sink_, task.position, data);
  task.position += data.size();
  channel_.send(note::Bytes{.task = task.index,
                            .count = data.size(),
                            .arrived = arrived,
                            .done = base::Clock::now() - t0_});
}

void RemoteWork::finish(const Task& task, double sent_s, std::optional<double> first_byte_s) {
  channel_.send(note::Finished{.task = task.index, .sent_s = sent_s, .first_byte_s = first_byte_s});
}

void RemoteWork::close(const TaskPtr& task) {
  std::erase(tasks_, task);
  try {
    channel_.send(note::Closed{.task = task->index});
  } catch (const std::system_error&) {
    // The download is gone, and everything with it.
  }
}

}  // namespace dlab::part3
