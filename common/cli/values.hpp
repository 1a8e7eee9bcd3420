#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "common/base/units.hpp"
#include "common/net/endpoint.hpp"

namespace dlab::cli {

// Options whose values carry units (common/base/units.hpp) or name a server. A value that is none,
// or out of range, is refused with what would be right. `store` receives each value that is taken.

// A check that a number lies from `low` to `high`. CLI::Range's words depend on its version.
template <typename Number>
CLI::Validator in_range(Number low, Number high) {
  const CLI::Range range(low, high);
  std::ostringstream bounds;
  bounds << " not in range " << low << " to " << high;
  return CLI::Validator(range).operation([range, words = bounds.str()](std::string& value) {
    return range(value).empty() ? std::string() : "Value " + value + words;
  });
}

struct ByteRangeAllowed {
  base::ByteCount least;
  base::ByteCount most;
};

CLI::Option* add_bytes(CLI::App& app, const std::string& option, const std::string& help,
                       ByteRangeAllowed allowed, std::function<void(base::ByteCount)> store);

CLI::Option* add_duration(CLI::App& app, const std::string& option, const std::string& help,
                          std::function<void(std::chrono::nanoseconds)> store);

// The same for an option whose name says that it takes seconds: there a number may stand alone.
CLI::Option* add_seconds(CLI::App& app, const std::string& option, const std::string& help,
                         std::function<void(std::chrono::nanoseconds)> store);

// The same for a timeout: it is 1 ms at least, and kept in `value`.
CLI::Option* add_timeout(CLI::App& app, const std::string& option, const std::string& help,
                         std::chrono::nanoseconds& value);

CLI::Option* add_rate(CLI::App& app, const std::string& option, const std::string& help,
                      std::function<void(base::BitRate)> store);

// The same for a list, separated by commas; `store` is called for each rate.
CLI::Option* add_rates(CLI::App& app, const std::string& option, const std::string& help,
                       std::function<void(base::BitRate)> store);

// The argument SERVER, which must be there: HOST:PORT with a port that is not 0.
CLI::Option* add_server(CLI::App& app, net::Endpoint& server);

// Refuses an option's value: "--buffer 0: must lie between 1 B and 1.0 GiB".
[[noreturn]] void refuse(const std::string& option, std::string_view value,
                         const std::string& reason);

// One of a few words, each beside the value that it stands for.
template <typename Value>
CLI::Option* add_choice(CLI::App& app, const std::string& option, const std::string& help,
                        Value& value, const std::vector<std::pair<std::string, Value>>& words) {
  std::string listed;
  for (const auto& [word, meaning] : words) {
    listed += (listed.empty() ? "" : ", ") + word;
  }
  return app
      .add_option_function<std::string>(
          option,
          [option, listed, &value, words](const std::string& given) {
            const auto named = [&given](const auto& word) {
              return word.first == given;
            };
            const auto found = std::ranges::find_if(words, named);
            if (found == words.end()) {
              refuse(option, given, "is none of " + listed);
            }
            value = found->second;
          },
          help)
      ->type_name("{" + listed + "}");
}

// The same for an enumeration whose names stand in its order.
template <typename Value, std::size_t Count>
CLI::Option* add_choice(CLI::App& app, const std::string& option, const std::string& help,
                        Value& value, const std::array<std::string_view, Count>& names) {
  std::vector<std::pair<std::string, Value>> words;
  words.reserve(Count);
  for (std::size_t i = 0; i < Count; ++i) {
    words.emplace_back(names.at(i), static_cast<Value>(i));
  }
  return add_choice(app, option, help, value, words);
}

}  // namespace dlab::cli
