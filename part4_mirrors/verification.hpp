#pragma once

#include <functional>

#include "common/storage/part_file.hpp"
#include "part4_mirrors/mirror_digests.hpp"
#include "part4_mirrors/teller.hpp"

namespace dlab::part4 {

// Can the whole be compared with anything: with a digest that is known, or that of a mirror that
// has answered before?
bool can_be_verified(const Mirrors& mirrors, const Wanted& wanted);

// Compares the digest of all `size` bytes of `part` with the one that is wanted; else with those of
// all mirrors that have brought bytes, or of the others when none of them answers. `on_progress`
// may throw to stop. Throws base::IntegrityError when what came is not what was sent,
// storage::Spoilt when the mirrors differ, std::runtime_error when none can be asked.
void verify(const storage::PartFile& part, std::uint64_t size, const Inquiry& inquiry,
            const Mirrors& mirrors, const Wanted& wanted, const std::function<void()>& on_progress);

}  // namespace dlab::part4
