#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/storage/digest.hpp"

namespace dlab::part4 {

// What mirrors have under one name, compared. All of it is pure.

// What one of them tells.
struct Contents {
  std::optional<std::uint64_t> size;
  std::optional<storage::Sha256Value> sha256;
  std::string trouble;  // why it does not tell them; empty without them: it was not asked
};

// The mirrors whose contents are the same. Without a digest: those of one size that tell none.
struct ContentsGroup {
  std::uint64_t size = 0;
  std::optional<storage::Sha256Value> sha256;
  std::vector<std::size_t> mirrors;  // in order
  bool operator==(const ContentsGroup&) const = default;
};

// In the order of their first mirrors; who tells no size is in none. `contents`: by mirror.
std::vector<ContentsGroup> group(const std::vector<Contents>& contents);

// What the digests that were told mean for a file that has come.
enum class Match {
  good,       // all are its own
  corrupted,  // all are one, and it is another
  different,  // they differ: nobody can say which one is meant
  unknown,    // none was told
};
Match compare(const storage::Sha256Value& received, const std::vector<Contents>& contents);

// The complaint of a download whose mirrors differ: a line for each group, and for each mirror that
// was asked and tells nothing. `names`: of the mirrors.
std::string different_contents(const std::vector<Contents>& contents,
                               const std::vector<std::string>& names);
// Of one that nobody can verify: why, for each that was asked.
std::string not_verified(const std::vector<Contents>& contents,
                         const std::vector<std::string>& names);

}  // namespace dlab::part4
