#include "part4_mirrors/mirrors_view.hpp"

#include <algorithm>

namespace dlab::part4 {

MirrorsView view_of(const ChunkSchedule& schedule, base::TimePoint now) {
  MirrorsView view{
      .size = schedule.size(),
      .have = schedule.received().total(),
      .missing = schedule.received().missing({0, schedule.size().value_or(kUnknownEnd)})};
  const MirrorTable& table = schedule.mirrors();
  for (std::size_t i = 0; i < table.size(); ++i) {
    view.mirrors.push_back({.bytes = table.bytes(i),
                            .goodput = table.goodput(i, now),
                            .rests = std::max(base::Duration::zero(), table.rests_until(i) - now),
                            .is_busy = table.is_busy(i),
                            .given_up = table.is_given_up(i),
                            .reason = table.reason(i)});
  }
  for (const auto& [id, ask] : schedule.under_way()) {
    ++view.mirrors[ask.mirror].asks;
    view.coming.push_back({ask.mirror, {std::min(ask.position, ask.end), ask.end}});
  }
  return view;
}

MirrorsView view_of(const std::vector<BusyPeriod>& busy, base::TimePoint now) {
  MirrorsView view;
  for (const auto& period : busy) {
    view.mirrors.push_back({.rests = std::max(base::Duration::zero(), period.until() - now),
                            .is_busy = period.lasts(),
                            .reason = period.reason()});
  }
  return view;
}

}  // namespace dlab::part4
