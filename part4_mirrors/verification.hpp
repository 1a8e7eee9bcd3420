#pragma once

#include <functional>

#include "common/storage/digest.hpp"
#include "part4_mirrors/mirror_digests.hpp"
#include "part4_mirrors/teller.hpp"

namespace dlab::part4 {

// Can the whole be compared with anything: with a digest that is known, or that of a mirror that
// has answered before?
bool can_be_verified(const Mirrors& mirrors, const Wanted& wanted);

// Compares the digest of what came with the one that is wanted; else with those of all mirrors that
// have brought bytes, or of the others when none of them answers. `digest_of_received` may throw to
// stop. Throws base::IntegrityError when what came is not what was sent,
// download::Spoilt when the mirrors differ, std::runtime_error when none can be asked.
void verify(const std::function<storage::Sha256Value()>& digest_of_received, const Inquiry& inquiry,
            const Mirrors& mirrors, const Wanted& wanted);

}  // namespace dlab::part4
