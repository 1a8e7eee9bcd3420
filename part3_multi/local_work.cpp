#include "part3_multi/local_work.hpp"

namespace dlab::part3 {

LocalWork::LocalWork(Transfer& transfer, unsigned number, report::ConnectionReport& report)
    : transfer_(transfer), number_(number), report_(report) {
  report_.connection = number;
}

std::optional<HeldTask> LocalWork::begin_life() {
  const bool first_life = report_.attempts == 0;
  TaskPtr task = first_life ? nullptr : transfer_.board.claim(number_);
  if (!first_life && !task) {
    return std::nullopt;
  }
  ++report_.attempts;
  return std::optional<HeldTask>(std::in_place, *this, assigned(std::move(task)));
}

void LocalWork::connected(std::uint16_t local_port, base::Duration handshake) {
  const double handshake_s = base::to_seconds(handshake);
  const double shortest = transfer_.round_trip_s;
  if (shortest == 0 || handshake_s < shortest) {
    transfer_.round_trip_s = handshake_s;
  }
  report_.local_port = local_port;
  if (number_ == 0) {
    transfer_.let_others_connect();
  }
}

TaskPtr LocalWork::claim() {
  return assigned(transfer_.board.claim(number_));
}

TaskPtr LocalWork::claim_next(const Task& current) {
  return assigned(transfer_.board.claim_next(current));
}

TaskPtr LocalWork::open(const wire::File& file) {
  return assigned(transfer_.on_header(file));
}

TaskPtr LocalWork::assigned(TaskPtr task) {
  if (task) {
    lane().assigned += task->asked.size();
  }
  return task;
}

void LocalWork::take_in(Task& task, std::span<const std::byte> data) {
  const auto arrived = base::Clock::now() - transfer_.t0;
  storage::keep(transfer_.sink, task.position, data);
  account(task, data.size(), arrived, base::Clock::now() - transfer_.t0);
}

void LocalWork::account(Task& task, std::uint64_t bytes, base::Duration arrived,
                        base::Duration done) {
  const std::uint64_t offset = task.position;
  transfer_.board.advance(task, bytes);
  const std::uint64_t fresh = transfer_.received.add({offset, offset + bytes});
  transfer_.bytes += bytes;
  transfer_.duplicate_bytes += bytes - fresh;
  if (!report_.first_byte_s) {
    report_.first_byte_s = base::to_seconds(arrived);
  }
  report_.timeline.add(arrived, bytes);
  report_.bytes += bytes;
  report_.done_s = base::to_seconds(done);
  lane().received += bytes;
  transfer_.progress.have += fresh;
}

void LocalWork::finish(const Task& task, double sent_s, std::optional<double> first_byte_s) {
  const double now_s = base::to_seconds(base::Clock::now() - transfer_.t0);
  if (!report_.done_s) {
    report_.first_byte_s = report_.done_s = now_s;  // an empty range is here with its header
  }
  transfer_.rows.add({.connection = number_,
                      .index = task.index,
                      .offset_bytes = task.asked.begin,
                      .bytes = task.position - task.asked.begin,
                      .sent_s = sent_s,
                      .first_byte_s = first_byte_s.value_or(now_s),
                      .done_s = *report_.done_s});
}

}  // namespace dlab::part3
