#include "common/cli/values.hpp"

#include <algorithm>
#include <utility>

namespace dlab::cli {
namespace {

// The option's last name: "--output" of "-o,--output".
std::string long_name(const std::string& option) {
  const std::size_t comma = option.rfind(',');
  return comma == std::string::npos ? option : option.substr(comma + 1);
}

CLI::Option* add_parsed(CLI::App& app, const std::string& option, const std::string& help,
                        std::function<void(const std::string&, const std::string&)> take,
                        const char* type) {
  return app
      .add_option_function<std::string>(
          option,
          [name = long_name(option), take = std::move(take)](const std::string& text) {
            take(name, text);
          },
          help)
      ->type_name(type);
}

base::BitRate rate_of(const std::string& option, const std::string& text) {
  const auto rate = base::parse_bit_rate(text);
  if (!rate) {
    refuse(option, text, "is no rate (10Mbit, 1Gbit, 10MB/s)");
  }
  return *rate;
}

std::chrono::nanoseconds duration_of(const std::string& option, const std::string& text,
                                     std::optional<std::chrono::nanoseconds> parsed) {
  if (!parsed || *parsed > std::chrono::hours(24)) {
    refuse(option, text, "is no time from 0 to 24 hours with its unit (10s, 250ms, 2min)");
  }
  return *parsed;
}

}  // namespace

void refuse(const std::string& option, std::string_view value, const std::string& reason) {
  throw CLI::ValidationError(option + " " + std::string(value), reason);
}

CLI::Option* add_bytes(CLI::App& app, const std::string& option, const std::string& help,
                       ByteRangeAllowed allowed, std::function<void(base::ByteCount)> store) {
  return add_parsed(
      app, option, help,
      [allowed, store = std::move(store)](const std::string& name, const std::string& text) {
        const auto bytes = base::parse_byte_count(text);
        if (!bytes) {
          refuse(name, text, "is no size (8192, 64KiB, 1MB)");
        }
        if (*bytes < allowed.least || *bytes > allowed.most) {
          refuse(name, text,
                 "must lie between " + base::format_byte_count(allowed.least) + " and " +
                     base::format_byte_count(allowed.most));
        }
        store(*bytes);
      },
      "BYTES");
}

CLI::Option* add_duration(CLI::App& app, const std::string& option, const std::string& help,
                          std::function<void(std::chrono::nanoseconds)> store) {
  return add_parsed(
      app, option, help,
      [store = std::move(store)](const std::string& name, const std::string& text) {
        store(duration_of(name, text, base::parse_duration(text)));
      },
      "TIME");
}

CLI::Option* add_seconds(CLI::App& app, const std::string& option, const std::string& help,
                         std::function<void(std::chrono::nanoseconds)> store) {
  return add_parsed(
      app, option, help,
      [store = std::move(store)](const std::string& name, const std::string& text) {
        const auto seconds = base::parse_duration(text + "s");
        store(duration_of(name, text, seconds ? seconds : base::parse_duration(text)));
      },
      "SECONDS");
}

CLI::Option* add_timeout(CLI::App& app, const std::string& option, const std::string& help,
                         std::chrono::nanoseconds& value) {
  return add_duration(app, option, help, [&value, option](std::chrono::nanoseconds given) {
    if (given < std::chrono::milliseconds(1)) {
      refuse(option, "", "must be at least 1ms");
    }
    value = given;
  });
}

CLI::Option* add_rate(CLI::App& app, const std::string& option, const std::string& help,
                      std::function<void(base::BitRate)> store) {
  return add_parsed(
      app, option, help,
      [store = std::move(store)](const std::string& name, const std::string& text) {
        store(rate_of(name, text));
      },
      "RATE");
}

CLI::Option* add_rates(CLI::App& app, const std::string& option, const std::string& help,
                       std::function<void(base::BitRate)> store) {
  return add_parsed(
      app, option, help,
      [store = std::move(store)](const std::string& name, const std::string& text) {
        for (std::size_t begin = 0; begin <= text.size();) {
          const std::size_t end = std::min(text.find(',', begin), text.size());
          store(rate_of(name, text.substr(begin, end - begin)));
          begin = end + 1;
        }
      },
      "RATE[,RATE...]");
}

CLI::Option* add_server(CLI::App& app, net::Endpoint& server) {
  return add_parsed(
             app, "SERVER", "the server, as HOST:PORT or [IPv6]:PORT",
             [&server](const std::string& name, const std::string& text) {
               const auto endpoint = net::parse_endpoint(text);
               if (!endpoint || endpoint->port == 0) {
                 refuse(name, text, "is no HOST:PORT (127.0.0.1:9001, [::1]:9001)");
               }
               server = *endpoint;
             },
             "HOST:PORT")
      ->required();
}

}  // namespace dlab::cli
