// Part 4's servers file: what is accepted is accepted again by the names it got, and what is not
// has a line.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "part4_mirrors/servers_file.hpp"
#include "tests/fuzz/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlab;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = part4::parse_servers(text);
  if (file.wrong_line != 0) {
    fuzz::must(file.mirrors.empty() && !file.wrong.empty());
    fuzz::must(file.wrong_line <= static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1);
    return 0;
  }
  std::string again = "\n";  // a byte order mark means something only at the very front
  for (const auto& mirror : file.mirrors) {
    fuzz::must(!mirror.endpoint || (mirror.endpoint->port != 0 && !mirror.endpoint->host.empty()));
    again += mirror.text + "\n";
  }
  fuzz::must(part4::parse_servers(again).mirrors == file.mirrors);
  return 0;
}
