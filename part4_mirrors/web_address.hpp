#pragma once

#include <string>
#include <string_view>

namespace dlab::part4 {

// What the URL of a mirror means (RFC 3986); it begins with http:// or https://. All pure.

// Where a web mirror has the file `name`: a URL whose path ends in "/" or is empty is a folder, to
// which the name is added, percent-encoded. Any other is the file itself.
std::string url_of_file(std::string_view url, std::string_view name);

// The file's name at the end of the URL's path, decoded; empty when the URL names a folder or
// cannot be decoded.
std::string name_in_url(std::string_view url);

}  // namespace dlab::part4
