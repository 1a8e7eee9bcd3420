// HOST:PORT: what is accepted says so again.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/net/endpoint.hpp"
#include "tests/fuzz/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlab;
  const auto endpoint = net::parse_endpoint({reinterpret_cast<const char*>(data), size});
  if (endpoint) {
    fuzz::must(!endpoint->host.empty());
    const auto again = net::parse_endpoint(endpoint->text());
    fuzz::must(again && again->host == endpoint->host && again->port == endpoint->port);
  }
  return 0;
}
