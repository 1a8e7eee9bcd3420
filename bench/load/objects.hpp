#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/random.hpp"

namespace dlab::load {

// Something to ask for, and how often beside the others.
struct Object {
  std::string name;
  double weight = 1;
};

// "a.bin" or "a.bin=0.25". What follows the last "=" is a weight only when it is a number above 0.
// Nothing when there is no name.
std::optional<Object> parse_object(std::string_view text);

// Draws from objects by their weights.
class ObjectChoice {
 public:
  // At least one object.
  ObjectChoice(const std::vector<Object>& objects, std::uint64_t seed);

  // The next one's index. A single object costs no random number.
  std::size_t next();

 private:
  std::vector<double> sums_;  // of the weights up to and with each
  base::SplitMix64 random_;
};

}  // namespace dlab::load
