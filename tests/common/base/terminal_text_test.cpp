#include "common/base/terminal_text.hpp"

#include <gtest/gtest.h>

namespace dlab::base {
namespace {

TEST(TerminalText, letters_of_any_script_stay) {
  for (const char* text : {"", "a b~", "größe", "日本語.txt", "e\xcc\x81t\xc3\xa9", "😀"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(TerminalText, control_characters_are_replaced) {
  EXPECT_EQ(printable(std::string_view("a\x1b[2J\n\0\x7f\a b", 11)), "a?[2J???? b");
}

TEST(TerminalText, so_are_those_of_the_second_set_in_whichever_form) {
  EXPECT_EQ(printable("a\xc2\x9b"
                      "31mb"),
            "a?31mb");  // U+009B, a sequence's introducer
  EXPECT_EQ(printable("\xc2\x80\xc2\x85\xc2\x9f\xc2\xa0"), "???\xc2\xa0");
  EXPECT_EQ(printable("a\x9b"
                      "31mb"),
            "a?31mb");  // the byte alone
}

TEST(TerminalText, what_turns_the_direction_of_writing_is_replaced) {
  EXPECT_EQ(printable("photo\u202Egpj.exe"), "photo?gpj.exe");
  EXPECT_EQ(printable("\u061C\u200E\u200F\u202A\u2066\u2069"), "??????");
  EXPECT_EQ(printable("א"), "א");
}

TEST(TerminalText, line_ends_that_are_no_control_characters_are_replaced) {
  EXPECT_EQ(printable("a\u2028b\u2029c"), "a?b?c");
}

TEST(TerminalText, bytes_that_are_no_characters_are_replaced_one_by_one) {
  EXPECT_EQ(printable("\xff\xfe"), "??");
  EXPECT_EQ(printable("\xc0\xaf"), "??");                 // a longer form than is needed
  EXPECT_EQ(printable("\xed\xa0\x80"), "???");            // half of a pair
  EXPECT_EQ(printable("x\xe6\x97"), "x??");               // cut short
  EXPECT_EQ(printable("\xf4\x90\x80\x80").front(), '?');  // behind the last character
}

TEST(TerminalText, lines_stay_lines_where_they_are_ours) {
  EXPECT_EQ(printable_lines("a\n  b\x1b\nc"), "a\n  b?\nc");
  EXPECT_EQ(printable_lines("a\r\n"), "a?\n");
}

TEST(TerminalText, wide_characters_take_two_columns_and_combining_ones_none) {
  EXPECT_EQ(columns_of("abc"), 3U);
  EXPECT_EQ(columns_of("日本"), 4U);
  EXPECT_EQ(columns_of("e\xcc\x81"), 1U);
  EXPECT_EQ(columns_of("\x1b\xff"), 2U);  // as what stands for them
}

TEST(TerminalText, a_front_ends_between_characters) {
  EXPECT_EQ(front_columns("日本語", 4), "日本");
  EXPECT_EQ(front_columns("日本語", 3), "日");
  EXPECT_EQ(front_columns("e\xcc\x81"
                          "a",
                          1),
            "e\xcc\x81");
  EXPECT_EQ(front_columns("größe", 3), "grö");
  EXPECT_EQ(front_columns("ab", 9), "ab");
  EXPECT_EQ(front_columns("ab", 0), "");
}

TEST(TerminalText, what_does_not_fit_is_shortened_and_says_so) {
  EXPECT_EQ(shortened("12345", 5), "12345");
  EXPECT_EQ(shortened("123456", 5), "12...");
  EXPECT_EQ(shortened("日本語日本語", 8), "日本...");
}

TEST(TerminalText, a_cell_has_its_width_whatever_stands_in_it) {
  EXPECT_EQ(padded("ab", 5), "ab   ");
  EXPECT_EQ(padded("日本語日本語", 8), "日本... ");
  EXPECT_EQ(padded("123456", 5), "12...");
}

}  // namespace
}  // namespace dlab::base
