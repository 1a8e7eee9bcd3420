#pragma once

#include "linkem/tool/options.hpp"

namespace dlab::linkem::tool {

// Throws Unavailable where neither root nor a user namespace is to be had. Call first.
void require_namespaces();

// A shell on the client's host; it tells how to get a further one. Returns its exit status.
int run_shell(const Options& options);

// A shell on a host of a star that another linkem keeps. Returns only by exec or by throwing.
int join_shell(const Options& options);

}  // namespace dlab::linkem::tool
