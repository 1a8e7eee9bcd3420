#include "common/wire/http_range.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "common/wire/ascii.hpp"

namespace dlab::wire {
namespace {

constexpr std::string_view kUnit = "bytes=";
constexpr std::string_view kBlanks = " \t";
constexpr std::uint64_t kHuge = std::numeric_limits<std::uint64_t>::max();

std::string_view without_blanks(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(kBlanks), text.size());
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// A number of any length: what does not fit is beyond every file, so the largest will do.
std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value);
  if (error == std::errc::invalid_argument || stopped != end) {
    return std::nullopt;
  }
  return error == std::errc::result_out_of_range ? kHuge : value;
}

AskedRange last_bytes(std::uint64_t count, std::uint64_t size) {
  if (count == 0) {
    return {.kind = RangeKind::unsatisfiable};
  }
  if (size == 0) {
    return {};  // satisfiable, but Content-Range has no words for it
  }
  return {.kind = RangeKind::part, .begin = size - std::min(count, size), .end = size};
}

}  // namespace

AskedRange parse_byte_range(std::string_view field, std::uint64_t size) {
  if (!starts_with_ignoring_case(field, kUnit)) {
    return {};
  }
  const auto range = without_blanks(field.substr(kUnit.size()));
  const auto dash = range.find('-');
  if (dash == std::string_view::npos) {
    return {};
  }
  const auto first = number(range.substr(0, dash));
  const auto last = number(range.substr(dash + 1));
  if (dash == 0) {
    return last ? last_bytes(*last, size) : AskedRange{};
  }
  const bool open = dash + 1 == range.size();
  if (!first || (!last && !open) || (!open && *last < *first)) {
    return {};
  }
  if (*first >= size) {
    return {.kind = RangeKind::unsatisfiable};
  }
  const std::uint64_t end = open ? size : std::min(*last, size - 1) + 1;
  return {.kind = RangeKind::part, .begin = *first, .end = end};
}

}  // namespace dlab::wire
