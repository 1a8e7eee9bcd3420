#include "common/base/terminal_text.hpp"

#include <locale.h>
#include <wchar.h>

#include <algorithm>
#include <array>
#include <utility>

namespace dlab::base {
namespace {

constexpr std::string_view kInstead = "?";

// Characters that turn the direction of writing: they would show a name's letters in another order.
constexpr std::array<std::pair<wchar_t, wchar_t>, 4> kTurning{
    {{0x061C, 0x061C}, {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}}};

// While this lives, its thread takes multibyte characters for UTF-8, whatever the user's locale is.
class Utf8Locale {
 public:
  Utf8Locale() : before_(::uselocale(utf8())) {}
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;
  ~Utf8Locale() { ::uselocale(before_); }

 private:
  static locale_t utf8() {
    static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
  }
  locale_t before_;
};

struct Character {
  std::string_view bytes;
  int columns = 1;
  bool is_printable = false;
};

// The character at the front of `text`, which is not empty; a byte that begins none stands alone.
Character first_character(std::string_view text) {
  mbstate_t state{};
  wchar_t code = 0;
  const std::size_t length = ::mbrtowc(&code, text.data(), text.size(), &state);
  if (length == 0 || length > text.size()) {
    return {.bytes = text.substr(0, 1)};
  }
  const int columns = ::wcwidth(code);
  const bool turns = std::ranges::any_of(
      kTurning, [code](auto range) { return code >= range.first && code <= range.second; });
  const bool is_printable = columns >= 0 && !turns;
  return {text.substr(0, length), is_printable ? columns : 1, is_printable};
}

}  // namespace

std::string printable(std::string_view text) {
  const Utf8Locale utf8;
  std::string clean;
  while (!text.empty()) {
    const auto character = first_character(text);
    clean += character.is_printable ? character.bytes : kInstead;
    text.remove_prefix(character.bytes.size());
  }
  return clean;
}

std::string printable_lines(std::string_view text) {
  std::string lines;
  for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
    lines.append(printable(text.substr(0, end))).append("\n");
    text.remove_prefix(end + 1);
  }
  return lines + printable(text);
}

std::size_t columns_of(std::string_view text) {
  const Utf8Locale utf8;
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto character = first_character(text);
    columns += static_cast<std::size_t>(character.columns);
    text.remove_prefix(character.bytes.size());
  }
  return columns;
}

std::string_view front_columns(std::string_view text, std::size_t columns) {
  const Utf8Locale utf8;
  std::size_t length = 0;
  while (length < text.size()) {
    const auto character = first_character(text.substr(length));
    const auto wide = static_cast<std::size_t>(character.columns);
    if (wide > columns) {
      break;
    }
    columns -= wide;
    length += character.bytes.size();
  }
  return text.substr(0, length);
}

std::string shortened(std::string_view text, std::size_t columns) {
  constexpr std::string_view kEllipsis = "...";
  if (columns_of(text) <= columns) {
    return std::string(text);
  }
  return std::string(front_columns(text, columns - kEllipsis.size())).append(kEllipsis);
}

std::string padded(std::string_view text, std::size_t columns) {
  std::string cell = shortened(text, columns);
  return cell.append(columns - columns_of(cell), ' ');
}

}  // namespace dlab::base
