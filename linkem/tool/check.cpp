#include "linkem/tool/check.hpp"

#include <cstdio>

#include "linkem/emulator.hpp"
#include "linkem/named_links.hpp"

namespace dlab::linkem::tool {
namespace {

void print(const char* key, const char* value) {
  std::printf("%s=%s\n", key, value);
}

void print(const char* key, bool yes) {
  print(key, yes ? "yes" : "no");
}

void print(const Granted& granted) {
  print("pinned", granted.pinned);
  print("realtime", granted.realtime);
  print("awake", granted.awake);
  print("locked_memory", granted.locked_memory);
}

}  // namespace

int check() {
  const auto [kind, obstacle] = prepare_namespaces();
  print("namespaces", name_of(kind).data());
  try {
    if (kind == NamespaceKind::host) {
      throw Unavailable(obstacle);
    }
    const Emulator star(star_of(NamedLink(), 1));
    print("links", true);
    print(star.granted());
    return 0;
  } catch (const Unavailable& problem) {
    print("links", false);
    print("hint", problem.what());
    return 1;
  }
}

}  // namespace dlab::linkem::tool
