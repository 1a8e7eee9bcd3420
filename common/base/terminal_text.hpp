#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dlab::base {

// What others wrote (names, addresses, messages), made fit for a terminal. Texts are UTF-8; columns
// are counted as wcwidth(3) does: two for a wide character, none for one that combines.

// `text` with a '?' in place of all that could steer a terminal or mislead its reader: control
// characters (C0, DEL, C1, ends of lines), those that turn the direction of writing (Unicode
// Standard Annex 9), bytes that are no UTF-8, and characters of unknown width.
std::string printable(std::string_view text);
// The same of each line: ends of lines ("\n") stay. For a text of ours that quotes others.
std::string printable_lines(std::string_view text);

// How many columns `text` takes once it is printable.
std::size_t columns_of(std::string_view text);
// The longest front of `text` that takes at most so many columns. No character is cut in two, and
// what combines with one goes with it.
std::string_view front_columns(std::string_view text, std::size_t columns);
// `text` where it fits, else a front of it and "...", in at most so many columns (3 or more).
std::string shortened(std::string_view text, std::size_t columns);
// The same, filled with blanks to exactly so many columns.
std::string padded(std::string_view text, std::size_t columns);

}  // namespace dlab::base
