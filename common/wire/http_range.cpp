#include "common/wire/http_range.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "common/wire/ascii.hpp"

namespace dlab::wire {
namespace {

constexpr std::string_view kUnit = "bytes=";
constexpr std::string_view kSentUnit = "bytes ";
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

// The same for a size or a place that is to be believed: the largest of them is none.
std::optional<std::uint64_t> exact_number(std::string_view digits) {
  const auto value = number(digits);
  return value == kHuge ? std::nullopt : value;
}

// The bytes "0-99" of a file whose size may be known.
std::optional<SentRange> sent_bytes(std::string_view range, std::optional<std::uint64_t> size) {
  const auto dash = std::min(range.find('-'), range.size());
  const auto first = exact_number(range.substr(0, dash));
  const auto last = exact_number(range.substr(std::min(dash + 1, range.size())));
  if (!first || !last || *last < *first || *last >= size.value_or(kHuge)) {
    return std::nullopt;
  }
  return SentRange{.begin = *first, .end = *last + 1, .size = size};
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

std::optional<SentRange> parse_content_range(std::string_view field) {
  if (!starts_with_ignoring_case(field, kSentUnit)) {
    return std::nullopt;
  }
  const auto said = without_blanks(field.substr(kSentUnit.size()));
  const auto slash = std::min(said.find('/'), said.size());
  const auto range = said.substr(0, slash);
  const auto size_word = said.substr(std::min(slash + 1, said.size()));
  const auto size = exact_number(size_word);
  if (!size && size_word != "*") {
    return std::nullopt;
  }
  if (range == "*") {
    return size ? std::optional(SentRange{.size = size}) : std::nullopt;
  }
  return sent_bytes(range, size);
}

}  // namespace dlab::wire
