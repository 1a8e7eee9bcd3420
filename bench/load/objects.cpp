#include "bench/load/objects.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace dlab::load {
namespace {

std::optional<double> parse_weight(std::string_view text) {
  double weight = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
  const bool good = error == std::errc() && end == text.data() + text.size() && weight > 0 &&
                    std::isfinite(weight);
  return good ? std::optional(weight) : std::nullopt;
}

}  // namespace

std::optional<Object> parse_object(std::string_view text) {
  const std::size_t equals = text.rfind('=');
  const auto weight =
      equals == std::string_view::npos ? std::nullopt : parse_weight(text.substr(equals + 1));
  const auto name = weight ? text.substr(0, equals) : text;
  if (name.empty()) {
    return std::nullopt;
  }
  return Object{std::string(name), weight.value_or(1)};
}

ObjectChoice::ObjectChoice(const std::vector<Object>& objects, std::uint64_t seed) : random_(seed) {
  double sum = 0;
  for (const auto& object : objects) {
    sum += object.weight;
    sums_.push_back(sum);
  }
}

std::size_t ObjectChoice::next() {
  if (sums_.size() == 1) {
    return 0;
  }
  const auto found = std::ranges::upper_bound(sums_, random_.uniform() * sums_.back());
  // A product that was rounded up to the whole sum lies behind the last one.
  return std::min(static_cast<std::size_t>(found - sums_.begin()), sums_.size() - 1);
}

}  // namespace dlab::load
