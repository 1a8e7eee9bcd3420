#include "part4_mirrors/web_address.hpp"

#include <algorithm>

#include "common/wire/http_target.hpp"

namespace dlab::part4 {
namespace {

// Path, query and fragment: what follows the host.
std::string_view behind_host(std::string_view url) {
  const auto host = url.find("://") + 3;
  return url.substr(std::min(url.find_first_of("/?#", host), url.size()));
}

}  // namespace

std::string url_of_file(std::string_view url, std::string_view name) {
  const std::string_view target = behind_host(url);
  std::string text(url);
  if (target.empty()) {
    text += '/';  // the empty path means the same (RFC 9110 section 4.2.3)
  }
  const bool is_file = !text.ends_with('/') || target.find_first_of("?#") != std::string_view::npos;
  return is_file ? text : text + wire::percent_encoded(name);
}

std::string name_in_url(std::string_view url) {
  const auto target = behind_host(url);
  const auto path = wire::path_of_target(target.substr(0, target.find('#')));
  return path ? path->substr(path->rfind('/') + 1) : std::string();
}

}  // namespace dlab::part4
