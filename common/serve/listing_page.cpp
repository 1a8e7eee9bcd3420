#include "common/serve/listing_page.hpp"

#include "common/base/terminal_text.hpp"
#include "common/base/units.hpp"
#include "common/wire/http_target.hpp"

namespace dlab::serve {
namespace {

constexpr std::size_t kMaxPageBytes = std::size_t{4} << 20U;

constexpr std::string_view kBegin = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Files on this server</title>
<style>
body { font: 1rem/1.5 sans-serif; margin: 2rem auto; max-width: 50rem; padding: 0 1rem; }
th, td { padding: 0.2rem 1.5rem 0.2rem 0; text-align: left; overflow-wrap: anywhere; }
td + td, th + th { text-align: right; white-space: nowrap; padding-right: 0; }
</style>
</head>
<body>
<main>
<h1>Files on this server</h1>
)";
constexpr std::string_view kTable = R"(<table>
<thead><tr><th scope="col">Name</th><th scope="col">Size</th></tr></thead>
<tbody>
)";
constexpr std::string_view kEnd = "</main>\n</body>\n</html>\n";

std::string html(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    switch (character) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += character;
    }
  }
  return escaped;
}

void add_row(std::string& page, const storage::ServedRoot::Entry& entry) {
  // From the root: "a:b" alone would name a scheme.
  page.append("<tr><td><a href=\"/").append(wire::percent_encoded(entry.name)).append("\">");
  page.append(html(base::printable(entry.name))).append("</a></td><td>");
  page.append(base::format_byte_count(entry.size)).append("</td></tr>\n");
}

}  // namespace

std::string listing_page(const std::vector<storage::ServedRoot::Entry>& entries) {
  std::string page(kBegin);
  if (entries.empty()) {
    return page.append("<p>There are none.</p>\n").append(kEnd);
  }
  page.append(kTable);
  auto entry = entries.begin();
  for (; entry != entries.end() && page.size() < kMaxPageBytes; ++entry) {
    add_row(page, *entry);
  }
  page.append("</tbody>\n</table>\n");
  if (entry != entries.end()) {
    page.append("<p>").append(std::to_string(entries.end() - entry)).append(" more files are not ");
    page.append("shown.</p>\n");
  }
  return page.append(kEnd);
}

}  // namespace dlab::serve
