#pragma once

#include <string>
#include <vector>

#include "common/storage/served_root.hpp"

namespace dlab::serve {

// A page of HTML with a link to each of the files, for browsers and screen readers: no script, no
// picture. Files that would make it longer than 4 MiB are left out, and it says so.
std::string listing_page(const std::vector<storage::ServedRoot::Entry>& entries);

}  // namespace dlab::serve
