#include "part4_mirrors/servers_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <utility>

#include "common/base/check.hpp"
#include "common/base/errors.hpp"
#include "common/base/file_descriptor.hpp"
#include "common/base/terminal_text.hpp"
#include "common/wire/ascii.hpp"
#include "common/wire/http_target.hpp"

namespace dlab::part4 {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // some editors begin UTF-8 with it

// The words of a line, without its comment.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (;;) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    if (line.empty() || line.front() == '#') {
      return words;
    }
    const auto length = std::min(line.find_first_of(kBlanks), line.size());
    words.push_back(line.substr(0, length));
    line.remove_prefix(length);
  }
}

bool has_control_character(std::string_view word) {
  return std::ranges::any_of(word, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::optional<MirrorAddress> to_mirror(const std::optional<net::Endpoint>& endpoint) {
  // They are in no name and no address: what has one is a URL that was mistyped.
  if (!endpoint || endpoint->port == 0 || endpoint->host.find_first_of("/@") != std::string::npos) {
    return std::nullopt;
  }
  return MirrorAddress{.text = endpoint->text(), .endpoint = endpoint};
}

// "example.org", "127.0.0.1:80" or "[::1]:8443". A port that is no number begins a password whose
// slash was not encoded.
bool is_host(std::string_view text) {
  const auto behind_address = text.starts_with('[') ? std::min(text.find(']'), text.size()) : 0;
  const auto colon = std::min(text.find(':', behind_address), text.size());
  const auto port = text.substr(std::min(colon + 1, text.size()));
  return colon != 0 && port.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<MirrorAddress> parse_url(std::string_view url) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (wire::starts_with_ignoring_case(url, scheme)) {
      const auto rest = url.substr(scheme.size());
      const auto authority = rest.substr(0, rest.find_first_of("/?#"));
      const auto at = authority.rfind('@');
      const auto host = authority.substr(at + 1);  // without an @: all of it
      if (!is_host(host)) {
        return std::nullopt;
      }
      std::string text(url.substr(0, scheme.size()));
      text.append(host).append(rest.substr(authority.size()));
      return MirrorAddress{
          .text = std::move(text),
          .endpoint = {},
          .userinfo = std::string(authority.substr(0, at == authority.npos ? 0 : at))};
    }
  }
  return std::nullopt;
}

// Between host and port a blank parts what a colon would, so an IPv6 address needs no brackets.
std::optional<MirrorAddress> parse_pair(std::string_view host, std::string_view port) {
  const bool is_bare_ipv6 =
      std::ranges::count(host, ':') >= 2 && host.find('[') == std::string_view::npos;
  std::string place(host);
  if (is_bare_ipv6) {
    place = std::string(1, '[').append(host).append(1, ']');
  }
  return to_mirror(net::parse_endpoint(place.append(1, ':').append(port)));
}

std::optional<MirrorAddress> parse_words(std::span<const std::string_view> words) {
  if (words.size() > 2 || std::ranges::any_of(words, has_control_character)) {
    return std::nullopt;
  }
  if (words.size() == 2) {
    return parse_pair(words[0], words[1]);
  }
  const bool is_url = words[0].find("://") != std::string_view::npos;
  return is_url ? parse_url(words[0]) : to_mirror(net::parse_endpoint(words[0]));
}

std::string_view take_line(std::string_view& text) {
  const auto length = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

std::string read_all(const std::string& path) {
  const base::FileDescriptor file(
      base::check(::open(path.c_str(), O_RDONLY | O_CLOEXEC), "open", path));
  std::string text;
  std::array<char, 4096> piece{};
  for (;;) {
    const auto count = base::check(
        base::retry_interrupted([&] { return ::read(file.get(), piece.data(), piece.size()); }),
        "read", path);
    if (count == 0) {
      return text;
    }
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

ServersFile parse_servers(std::string_view text) {
  ServersFile file;
  std::set<std::string> seen;
  text.remove_prefix(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    const auto words = words_of(line);
    if (words.empty()) {
      continue;
    }
    auto mirror = parse_words(words);
    if (!mirror) {
      return {.mirrors = {},
              .wrong_line = number,
              .wrong = '"' + base::printable(wire::without_userinfo(line)) +
                       "\" is no HOST PORT, HOST:PORT, [IPv6]:PORT, http:// or https:// URL"};
    }
    if (seen.insert(mirror->text).second) {
      file.mirrors.push_back(*std::move(mirror));
    }
  }
  return file;
}

std::vector<MirrorAddress> load_servers(const std::string& path) {
  if (path.find("://") != std::string::npos) {
    throw base::UsageError("SERVERS is a URL: write it into a file, and give that file's name");
  }
  auto file = parse_servers(read_all(path));
  if (file.wrong_line != 0) {
    throw base::UsageError(path + ":" + std::to_string(file.wrong_line) + ": " + file.wrong);
  }
  if (file.mirrors.empty()) {
    throw base::UsageError(path + ": names no server");
  }
  return std::move(file.mirrors);
}

}  // namespace dlab::part4
