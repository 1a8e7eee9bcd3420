#include "part4_mirrors/teller.hpp"

#include <algorithm>
#include <numeric>

#include "common/storage/resumable.hpp"
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

FileHead ask(const Inquiry& inquiry, Mirror& mirror, Wanted& wanted) {
  if (mirror.tells_digests() && (wanted.sha256 || wanted.trusted)) {
    const wire::FileDigest told = inquiry.check(mirror, wanted.sha256);
    wanted.sha256 = told.sha256;
    return {.size = told.size, .version = told.version};
  }
  const FileHead head = inquiry.head(mirror, mirror.version);
  note_version(mirror, head.version);
  return head;
}

}  // namespace

FileHead ask_what_it_is(const Inquiry& inquiry, Mirrors& mirrors, Wanted& wanted) {
  std::vector<Failure> failures;
  for (const std::size_t mirror : in_turn(mirrors, wanted)) {
    try {
      return ask(inquiry, mirrors[mirror], wanted);
    } catch (const exchange::Refused& refused) {
      throw_if_outdated(mirrors[mirror], refused);
      failures.push_back({mirror, refused.what()});
    } catch (const std::exception& error) {
      inquiry.throw_if_ended();
      failures.push_back({mirror, error.what()});
    }
  }
  throw std::runtime_error(cannot_transfer(failures, names_of(mirrors)));
}

void throw_if_outdated(const Mirror& mirror, const exchange::Refused& refused) {
  if (mirror.is_recorded && refused.code() == wire::ErrorCode::version_changed) {
    throw storage::Outdated("the file has changed on " + mirror.address.text);
  }
}

}  // namespace dlab::part4
