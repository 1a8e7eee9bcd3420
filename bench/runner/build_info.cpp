#include "bench/runner/build_info.hpp"

#include <gnu/libc-version.h>

#include <boost/version.hpp>
#include <string_view>

#include <CLI/Version.hpp>
#include <nlohmann/json.hpp>

namespace dlab::bench {

nlohmann::ordered_json build_info() {
  return {
      {"type", DLAB_BUILD_TYPE},
      {"flags", DLAB_BUILD_FLAGS},
      {"sanitizers", DLAB_BUILD_SANITIZERS},
      {"compiler", DLAB_BUILD_COMPILER},
      {"libraries",
       {
           {"glibc", gnu_get_libc_version()},
           {"benchmark", DLAB_BENCHMARK_VERSION},
           {"boost", BOOST_LIB_VERSION},
           {"cli11", CLI11_VERSION},
           {"isal", DLAB_ISAL_VERSION},
           {"nlohmann-json", std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + "." +
                                 std::to_string(NLOHMANN_JSON_VERSION_MINOR) + "." +
                                 std::to_string(NLOHMANN_JSON_VERSION_PATCH)},
           {"openssl", DLAB_OPENSSL_VERSION},
       }},
  };
}

std::optional<std::string> not_for_measuring() {
  const std::string_view type = DLAB_BUILD_TYPE;
  const std::string_view sanitizers = DLAB_BUILD_SANITIZERS;
  if (type != "Release") {
    return "this is a " + std::string(type.empty() ? "plain" : type) +
           " build; only a Release build is measured (--allow-debug overrules)";
  }
  if (!sanitizers.empty()) {
    return "this build carries sanitizers (" + std::string(sanitizers) +
           "); only an optimised build is measured (--allow-debug overrules)";
  }
  return std::nullopt;
}

std::string source_folder() {
  return DLAB_SOURCE_FOLDER;
}

}  // namespace dlab::bench
