#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/net/endpoint.hpp"

namespace dlab::part4 {

// Where a copy of the file can be had: from a server of ours, or by URL from a web server.
struct MirrorAddress {
  // HOST:PORT or the URL without user and password: how the mirror is named everywhere.
  std::string text;
  std::optional<net::Endpoint> endpoint;  // none: `text` is a URL
  std::string userinfo{};  // "user:password" as in the URL (RFC 3986 section 3.2.1); never shown
  bool operator==(const MirrorAddress& other) const { return text == other.text; }
};

// What a servers file holds, or the first line of it that makes no sense.
struct ServersFile {
  std::vector<MirrorAddress> mirrors;  // in the file's order, each once
  std::size_t wrong_line = 0;          // counted from 1; 0: none
  std::string wrong;                   // what is wrong with it
};

// A mirror a line: "HOST PORT", "HOST:PORT", "[IPv6]:PORT", or a URL that begins with http:// or
// https://. A # at the front of a line or behind a blank begins a comment. Lines may end as on
// Windows. What is said to be wrong hides what may be a password. Pure.
ServersFile parse_servers(std::string_view text);

// The mirrors that the file at `path` names, at least one. Throws std::system_error when it cannot
// be read, and base::UsageError that names the file and the line when it makes no sense, or when
// `path` is a URL itself.
std::vector<MirrorAddress> load_servers(const std::string& path);

}  // namespace dlab::part4
