#include "part4_mirrors/verification.hpp"

#include <algorithm>
#include <future>

#include "common/base/errors.hpp"
#include "common/download/resumable.hpp"

namespace dlab::part4 {
namespace {

std::vector<Contents> ask_those(const Inquiry& inquiry, const Mirrors& mirrors, bool who_brought) {
  return ask_all(mirrors.size(), [&](std::size_t mirror) {
    const bool asks = mirrors[mirror].tells_digests() && mirrors[mirror].has_brought == who_brought;
    return asks ? inquiry.told_digest(mirrors[mirror]) : Contents();
  });
}

std::vector<Contents> ask_for_digests(const Inquiry& inquiry, const Mirrors& mirrors) {
  auto told = ask_those(inquiry, mirrors, true);
  const bool is_told =
      std::ranges::any_of(told, [](const Contents& one) { return one.sha256.has_value(); });
  if (!is_told) {
    const auto others = ask_those(inquiry, mirrors, false);
    for (std::size_t mirror = 0; mirror < told.size(); ++mirror) {
      told[mirror] = mirrors[mirror].has_brought ? told[mirror] : others[mirror];
    }
  }
  return told;
}

void judge(const storage::Sha256Value& received, const std::vector<Contents>& told,
           const Mirrors& mirrors) {
  switch (compare(received, told)) {
    case Match::good:
      return;
    case Match::corrupted:
      throw base::IntegrityError("the bytes that arrived are not the bytes that were sent");
    case Match::different:
      throw download::Spoilt(different_contents(told, names_of(mirrors)));
    case Match::unknown:
      throw std::runtime_error(not_verified(told, names_of(mirrors)));
  }
}

}  // namespace

bool can_be_verified(const Mirrors& mirrors, const Wanted& wanted) {
  return wanted.sha256 || std::ranges::any_of(mirrors, [](const Mirror& mirror) {
           return mirror.tells_digests() && mirror.versions.of("") != wire::kAnyVersion;
         });
}

void verify(const std::function<storage::Sha256Value()>& digest_of_received, const Inquiry& inquiry,
            const Mirrors& mirrors, const Wanted& wanted) {
  std::future<std::vector<Contents>> told;
  if (!wanted.sha256) {  // they compute theirs while we compute ours
    told = std::async(std::launch::async, [&] { return ask_for_digests(inquiry, mirrors); });
  }
  const auto received = digest_of_received();
  if (told.valid()) {
    judge(received, told.get(), mirrors);
  } else if (received != *wanted.sha256) {
    throw base::IntegrityError("the bytes that arrived are not those of the digest " +
                               storage::to_hex(*wanted.sha256));
  }
}

}  // namespace dlab::part4
