#pragma once

#include "linkem/tool/options.hpp"

namespace dlab::linkem::tool {

// Measures the link, prints asked against measured, stores it where that was asked for. Returns 0
// when it is certified, 1 when it is not.
int certify(const Options& options);

}  // namespace dlab::linkem::tool
