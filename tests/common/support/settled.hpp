#pragma once

#include <string>
#include <variant>

#include "common/storage/served_root.hpp"
#include "tests/common/support/until.hpp"

namespace dlab::test {

// Waits until the file `name` below `root` has a version that lasts: for a tick of its clock.
inline void let_settle(const storage::ServedRoot& root, const std::string& name) {
  until([&] {
    const auto opened = root.open(name);
    return std::get<storage::ServedFile>(opened).is_settled;
  });
}

}  // namespace dlab::test
