#pragma once

namespace dlab::linkem::tool {

// Tries whether links can be had here, and prints what was granted as KEY=VALUE lines, in the end a
// hint about what is missing. Returns 0 when links can be had, 1 when not.
int check();

}  // namespace dlab::linkem::tool
