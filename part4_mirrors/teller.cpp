#include "part4_mirrors/teller.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "common/download/resumable.hpp"
#include "part4_mirrors/complaints.hpp"

namespace dlab::part4 {
namespace {

// A size that a web server tells is nobody's word for the contents: they are asked last when those
// are given.
std::vector<std::size_t> in_turn(const Mirrors& mirrors, const Wanted& wanted) {
  if (wanted.trusted) {
    return {*wanted.trusted};
  }
  std::vector<std::size_t> order(mirrors.size());
  std::iota(order.begin(), order.end(), 0);
  if (wanted.sha256) {
    std::stable_partition(order.begin(), order.end(), [&mirrors](std::size_t mirror) {
      return mirrors[mirror].tells_digests();
    });
  }
  return order;
}

FileHead head_of(const Inquiry& inquiry, Mirror& mirror, Wanted& wanted) {
  if (mirror.tells_digests() && (wanted.sha256 || wanted.trusted)) {
    const wire::FileDigest told = inquiry.check(mirror, wanted.sha256);
    wanted.sha256 = told.sha256;
    return {.size = told.size, .version = told.version};
  }
  FileHead head = inquiry.head(mirror, mirror.versions.of(""));
  note_version(mirror, head.origin, head.version);
  return head;
}

}  // namespace

Teller::Teller(const Inquiry& inquiry, Mirrors& mirrors, Wanted& wanted,
               std::vector<BusyPeriod>& busy)
    : inquiry_(inquiry),
      mirrors_(mirrors),
      wanted_(wanted),
      busy_(busy),
      left_(in_turn(mirrors, wanted)) {}

std::optional<FileHead> Teller::ask() {
  ask_again_at_ = base::TimePoint::max();
  for (const std::size_t mirror : std::exchange(left_, {})) {
    if (busy_[mirror].until() > base::Clock::now()) {
      come_back_to(mirror);
    } else if (auto head = ask(mirror); head && head->size) {
      mirror_ = mirror;
      return head;
    } else if (head && !mirror_) {
      mirror_ = mirror;
      head_ = *head;
    }
  }
  if (mirror_) {
    return head_;
  }
  if (left_.empty()) {
    throw std::runtime_error(cannot_transfer(failures_, names_of(mirrors_)));
  }
  return std::nullopt;
}

void Teller::come_back_to(std::size_t mirror) {
  left_.push_back(mirror);
  ask_again_at_ = std::min(ask_again_at_, busy_[mirror].until());
}

std::optional<FileHead> Teller::ask(std::size_t mirror) {
  try {
    const FileHead head = head_of(inquiry_, mirrors_[mirror], wanted_);
    busy_[mirror].end();
    return head;
  } catch (const exchange::Refused& refused) {
    note_refusal(mirror, refused);
  } catch (const std::exception& error) {
    inquiry_.throw_if_ended();
    failures_.push_back({mirror, error.what()});
  }
  return std::nullopt;
}

void Teller::note_refusal(std::size_t mirror, const exchange::Refused& refused) {
  throw_if_outdated(mirrors_[mirror], refused);
  const bool is_busy = refused.code() == wire::ErrorCode::busy;
  if (is_busy) {
    busy_[mirror].refused(refused.what(), refused.wait(), base::Clock::now());
  }
  if (is_busy && !busy_[mirror].is_too_long()) {
    come_back_to(mirror);
  } else {
    failures_.push_back({mirror, refused.what()});
  }
}

void throw_if_outdated(const Mirror& mirror, const exchange::Refused& refused) {
  if (mirror.is_recorded && refused.code() == wire::ErrorCode::version_changed) {
    throw download::Outdated("the file has changed on " + mirror.address.text);
  }
}

}  // namespace dlab::part4
