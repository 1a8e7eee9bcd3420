#pragma once

#include <cstddef>
#include <optional>

#include "common/exchange/requests.hpp"
#include "common/storage/digest.hpp"
#include "part4_mirrors/mirror.hpp"
#include "part4_mirrors/mirror_digests.hpp"

namespace dlab::part4 {

// Which file is meant, where mirrors have different ones under a name.
struct Wanted {
  std::optional<storage::Sha256Value> sha256;  // nothing: all of them must have the same
  std::optional<std::size_t> trusted;  // the mirror whose file it is, which tells the digest
};

// What the file is: asks the mirrors in turn until one has answered; once it is known which file is
// meant, one that has it. `wanted`: its digest is noted when the trusted mirror has told it. Throws
// std::runtime_error with each one's reason when none answers, and storage::Outdated when one has
// another version than in an earlier run.
FileHead ask_what_it_is(const Inquiry& inquiry, Mirrors& mirrors, Wanted& wanted);

// Throws storage::Outdated when a mirror's refusal means that.
void throw_if_outdated(const Mirror& mirror, const exchange::Refused& refused);

}  // namespace dlab::part4
