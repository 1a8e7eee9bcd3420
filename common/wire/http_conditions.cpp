#include "common/wire/http_conditions.hpp"

#include <algorithm>
#include <string_view>

#include "common/wire/http_date.hpp"

namespace dlab::wire {
namespace {

constexpr std::string_view kWeak = "W/";
constexpr std::size_t kTagDigits = 16;

enum class Comparison { strong, weak };

std::string_view next_in_list(std::string_view& list) {
  const auto comma = std::min(list.find(','), list.size());
  std::string_view item = list.substr(0, comma);
  list.remove_prefix(std::min(comma + 1, list.size()));
  item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
  return item.substr(0, item.find_last_not_of(" \t") + 1);
}

// RFC 9110 section 8.8.3.2.
bool match(std::string_view one, std::string_view other, Comparison comparison) {
  if (comparison == Comparison::strong) {
    return one == other && !one.starts_with(kWeak);
  }
  one.remove_prefix(one.starts_with(kWeak) ? kWeak.size() : 0);
  other.remove_prefix(other.starts_with(kWeak) ? kWeak.size() : 0);
  return one == other;
}

// Is `tag` among those of an If-Match or If-None-Match field? Our tags hold no commas, so one that
// does need not be read right.
bool lists_tag(std::string_view field, std::string_view tag, Comparison comparison) {
  if (field == "*") {
    return true;
  }
  bool found = false;
  while (!field.empty() && !tag.empty() && !found) {
    found = match(next_in_list(field), tag, comparison);
  }
  return found;
}

// The date in a field that counts: none when the field is missing, is no date, or there is nothing
// to compare it with.
std::optional<std::chrono::sys_seconds> date_of(const std::optional<std::string>& field,
                                                const Validators& current,
                                                std::chrono::sys_seconds now) {
  return field && current.last_modified ? parse_http_date(*field, now) : std::nullopt;
}

bool is_the_expected(const HttpRequest& request, const Validators& current,
                     std::chrono::sys_seconds now) {
  if (request.if_match) {
    return lists_tag(*request.if_match, current.tag, Comparison::strong);
  }
  const auto unmodified_since = date_of(request.if_unmodified_since, current, now);
  return !unmodified_since || *current.last_modified <= *unmodified_since;
}

bool client_has_it(const HttpRequest& request, const Validators& current,
                   std::chrono::sys_seconds now) {
  if (request.if_none_match) {
    return lists_tag(*request.if_none_match, current.tag, Comparison::weak);
  }
  const auto modified_since = date_of(request.if_modified_since, current, now);
  return modified_since && *current.last_modified <= *modified_since;
}

}  // namespace

std::string entity_tag(std::uint64_t version, bool is_weak) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string tag(is_weak ? kWeak : "");
  tag += '"';
  for (std::size_t i = 0; i < kTagDigits; ++i) {
    tag += kDigits[version >> (4 * (kTagDigits - 1 - i)) & 0xFU];
  }
  tag += '"';
  return tag;
}

HttpStatus judge_conditions(const HttpRequest& request, const Validators& current,
                            std::chrono::sys_seconds now) {
  if (!is_the_expected(request, current, now)) {
    return HttpStatus::precondition_failed;
  }
  return client_has_it(request, current, now) ? HttpStatus::not_modified : HttpStatus::none;
}

bool range_is_wanted(const HttpRequest& request, const Validators& current,
                     std::chrono::sys_seconds now) {
  if (!request.if_range || match(*request.if_range, current.tag, Comparison::strong)) {
    return true;
  }
  const auto date = date_of(request.if_range, current, now);
  return date && *date == *current.last_modified && *date < now;
}

}  // namespace dlab::wire
