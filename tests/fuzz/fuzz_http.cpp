// A stream of bytes taken for HTTP requests, one after another, and all their ranges.

#include <cstddef>
#include <cstdint>

#include "common/wire/http.hpp"
#include "common/wire/http_conditions.hpp"
#include "common/wire/http_range.hpp"
#include "common/wire/http_target.hpp"
#include "tests/fuzz/messages.hpp"

namespace {

using namespace dlab;

void check_range(const std::string& field, std::uint64_t size) {
  const auto asked = wire::parse_byte_range(field, size);
  const bool inside = asked.begin < asked.end && asked.end <= size;
  fuzz::must(inside == (asked.kind == wire::RangeKind::part));
}

// A client is never told that it has what nobody has.
void check_conditions(const wire::HttpRequest& request) {
  constexpr std::chrono::sys_seconds kNow{std::chrono::seconds(784'111'777)};
  const wire::Validators current{.tag = wire::entity_tag(1), .last_modified = kNow};
  const auto judged = wire::judge_conditions(request, current, kNow);
  const bool may_have_it = request.if_none_match || request.if_modified_since;
  fuzz::must(judged != wire::HttpStatus::not_modified || may_have_it);
  fuzz::must(wire::range_is_wanted(request, current, kNow) ==
             (request.if_range.value_or(current.tag) == current.tag));
}

void check(const wire::HttpRequest& request) {
  check_conditions(request);
  fuzz::must(request.path.find('\0') == std::string::npos);
  const auto target = std::string("/").append(wire::percent_encoded(request.path));
  fuzz::must(wire::path_of_target(target) == request.path);
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1000}, ~std::uint64_t{0}}) {
    check_range(request.range.value_or(""), size);
  }
}

// What comes behind a request does not change it, and a front of it is no other request.
void check_ends(std::span<const std::byte> head) {
  std::vector<std::byte> longer(head.begin(), head.end());
  longer.push_back(std::byte{'\n'});
  fuzz::must(wire::parse_http_request(longer).bytes == head.size());
  const auto cut = wire::parse_http_request(head.first(head.size() - 1));
  fuzz::must(!cut.request && cut.error == wire::HttpStatus::none);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (auto rest = std::as_bytes(std::span(data, size));;) {
    const auto parsed = wire::parse_http_request(rest);
    if (!parsed.request) {
      // More is asked for only as long as it may come; or the stream is given up.
      fuzz::must(parsed.bytes == 0);
      fuzz::must(parsed.error != wire::HttpStatus::none || rest.size() < wire::kMaxHttpHeadBytes);
      return 0;
    }
    fuzz::must(parsed.error == wire::HttpStatus::none);
    fuzz::must(parsed.bytes > 0 && parsed.bytes <= rest.size());
    check(*parsed.request);
    check_ends(rest.first(parsed.bytes));
    rest = rest.subspan(parsed.bytes);
  }
}
