#include "common/storage/control_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <system_error>

#include "tests/common/support/child.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::storage {
namespace {

ControlRecord sample() {
  return {
      .name = "Data.jpg", .size = 1000, .version = 77, .received = {{0, 10}, {10, 20}, {30, 40}}};
}

// The sample's text with one piece of it replaced.
std::string damaged(const std::string& piece, const std::string& by) {
  std::string text = format_control(sample());
  const std::size_t place = text.find(piece);
  EXPECT_NE(place, std::string::npos) << piece;
  return text.replace(place, piece.size(), by);
}

// Downloads that a former release began are gone on from.
TEST(ControlFile, the_text_is_pinned) {
  EXPECT_EQ(format_control(sample()),
            R"({"format":"dlab-control-1","name_hex":"446174612e6a7067",)"
            R"("received":[[0,10],[10,20],[30,40]],"size":1000,"version":77})"
            "\n");
}

TEST(ControlFile, a_record_comes_back_from_its_text) {
  EXPECT_EQ(parse_control(format_control(sample())), sample());
}

TEST(ControlFile, the_largest_numbers_and_a_name_of_any_bytes_come_back) {
  ControlRecord record{
      .name = std::string("\xff\0\"\n", 4), .size = INT64_MAX, .version = UINT64_MAX};
  record.received = {{0, INT64_MAX}};
  EXPECT_EQ(parse_control(format_control(record)), record);
}

TEST(ControlFile, a_text_cut_at_any_byte_is_refused) {
  const std::string text = format_control(sample());
  const std::size_t whole = text.size() - 1;  // the last byte is a newline
  for (std::size_t length = 0; length < whole; ++length) {
    EXPECT_FALSE(parse_control(text.substr(0, length))) << "cut after " << length << " bytes";
  }
}

TEST(ControlFile, a_text_with_a_byte_turned_over_is_refused_or_a_valid_record) {
  const std::string text = format_control(sample());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string broken = text;
    broken[i] = static_cast<char>(broken[i] ^ 0xFF);
    const auto record = parse_control(broken);
    EXPECT_FALSE(record) << "no valid UTF-8 or JSON is left at " << i;
  }
}

TEST(ControlFile, what_is_no_record_is_refused) {
  for (const char* text :
       {"", "\n", "not JSON", "null", "[]", "7", "{}", "{\"format\":1}", "\xff\xfe"}) {
    EXPECT_FALSE(parse_control(text)) << text;
  }
  EXPECT_FALSE(parse_control(std::string(100'000, '[')));
}

TEST(ControlFile, another_format_is_refused) {
  EXPECT_FALSE(parse_control(damaged("dlab-control-1", "dlab-control-2")));
}

TEST(ControlFile, a_name_that_is_no_hexadecimal_is_refused) {
  const std::string hex = "446174612e6a7067";
  for (const char* other : {"4461746", "44617g", "0x44", "+1", " 4", "-1"}) {
    EXPECT_FALSE(parse_control(damaged(hex, other))) << other;
  }
}

TEST(ControlFile, ranges_that_overlap_or_fall_or_are_empty_are_refused) {
  for (const char* ranges :
       {"[0,10],[9,20]", "[30,40],[0,10]", "[5,5]", "[9,3]", "[0,10],[0,10]"}) {
    EXPECT_FALSE(parse_control(damaged("[0,10],[10,20],[30,40]", ranges))) << ranges;
  }
}

TEST(ControlFile, ranges_beyond_the_size_are_refused) {
  EXPECT_FALSE(parse_control(damaged("[30,40]", "[30,1001]")));
  EXPECT_FALSE(parse_control(damaged("[30,40]", "[1000,1001]")));
  EXPECT_TRUE(parse_control(damaged("[30,40]", "[30,1000]")));
}

TEST(ControlFile, ranges_that_are_no_pair_of_numbers_are_refused) {
  for (const char* range : {"[30]", "[]", "30", "[30,40,50]", "{}", "[\"30\",\"40\"]", "null"}) {
    EXPECT_FALSE(parse_control(damaged("[30,40]", range))) << range;
  }
  EXPECT_FALSE(parse_control(damaged("[[0,10],[10,20],[30,40]]", "{\"a\":[0,10]}")));
}

TEST(ControlFile, a_number_that_is_no_natural_one_is_refused) {
  for (const char* number : {"-1", "1000.5", "1e3", "1e300", "true", "null", "\"1000\"", "[1000]",
                             "18446744073709551616", "-9223372036854775808"}) {
    EXPECT_FALSE(parse_control(damaged(":1000", std::string(":") + number))) << "size " << number;
    EXPECT_FALSE(parse_control(damaged(":77", std::string(":") + number))) << "version " << number;
    EXPECT_FALSE(parse_control(damaged("30,", std::string(number) + ","))) << "begin " << number;
    EXPECT_FALSE(parse_control(damaged(",40", std::string(",") + number))) << "end " << number;
  }
}

TEST(ControlFile, a_size_no_file_can_have_is_refused) {
  EXPECT_FALSE(parse_control(damaged(":1000", ":9223372036854775808")));
}

TEST(ControlFile, a_version_of_zero_is_refused) {
  EXPECT_FALSE(parse_control(damaged(":77", ":0"))) << "it would match any file";
}

// One of a download from two servers.
ControlRecord of_mirrors() {
  return {.name = "Data.jpg",
          .size = 1000,
          .mirrors = {{"127.0.0.1:9004", 0xD15C}, {"http://host/a", UINT64_MAX}},
          .received = {{0, 10}}};
}

TEST(ControlFile, versions_by_mirror_are_pinned) {
  EXPECT_EQ(format_control(of_mirrors()),
            R"({"format":"dlab-control-1","mirrors":{"127.0.0.1:9004":"000000000000d15c",)"
            R"("http://host/a":"ffffffffffffffff"},"name_hex":"446174612e6a7067",)"
            R"("received":[[0,10]],"size":1000,"version":0})"
            "\n");
}

TEST(ControlFile, versions_by_mirror_come_back) {
  EXPECT_EQ(parse_control(format_control(of_mirrors())), of_mirrors());
}

TEST(ControlFile, of_one_server_there_is_no_word_of_mirrors) {
  EXPECT_EQ(format_control(sample()).find("mirrors"), std::string::npos);
}

TEST(ControlFile, a_mirrors_version_that_is_none_is_refused) {
  const std::string text = format_control(of_mirrors());
  const std::string digits = "\"000000000000d15c\"";
  const std::size_t place = text.find(digits);
  ASSERT_NE(place, std::string::npos) << text;
  for (const char* other : {"\"0000000000000000\"", "\"d15c\"", "\"\"", "\"00000000000000d15c\"",
                            "\"000000000000d15g\"", "7", "null", "[]"}) {
    EXPECT_FALSE(parse_control(std::string(text).replace(place, digits.size(), other))) << other;
  }
}

TEST(ControlFile, a_version_of_its_own_beside_those_of_mirrors_is_refused) {
  ControlRecord record = of_mirrors();
  record.version = 7;
  EXPECT_FALSE(parse_control(format_control(record)));
  record.version = 0;
  record.mirrors.clear();
  EXPECT_FALSE(parse_control(format_control(record))) << "neither";
}

TEST(ControlFile, a_mirror_whose_name_is_no_text_does_not_cost_the_record) {
  ControlRecord record = of_mirrors();
  record.mirrors["http://host/\xff"] = 7;
  const auto read = parse_control(format_control(record));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->mirrors.at("127.0.0.1:9004"), 0xD15CU);
}

TEST(ControlFile, a_record_comes_back_from_the_disk_and_leaves_nothing_beside_it) {
  const test::TempFolder folder;
  const std::string path = folder / "a.part.dlab";
  ControlFile(path).save(sample());
  ControlRecord later = sample();
  later.received = {{0, 1000}};
  ControlFile(path).save(later);
  EXPECT_EQ(load_control(path), later);
  EXPECT_FALSE(folder.has("a.part.dlab.new"));
}

TEST(ControlFile, what_cannot_be_read_is_no_record) {
  const test::TempFolder folder;
  EXPECT_FALSE(load_control(folder / "missing"));
  EXPECT_FALSE(load_control(folder.path())) << "a folder";
  EXPECT_FALSE(load_control(folder.write("empty", "")));
}

TEST(ControlFile, a_save_that_fails_leaves_the_old_record_and_nothing_beside_it) {
  const test::TempFolder folder;
  const std::string path = folder / "a.part.dlab";
  ControlFile(path).save(sample());
  const int failed = test::in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit few{.rlim_cur = 10, .rlim_max = 10};
    ::setrlimit(RLIMIT_FSIZE, &few);
    try {
      ControlFile(path).save(sample());
    } catch (const std::system_error&) {
      return 1;
    }
    return 0;
  });
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(load_control(path), sample());
  EXPECT_FALSE(folder.has("a.part.dlab.new"));
}

TEST(ControlFile, nobody_but_its_owner_can_read_it) {
  const test::TempFolder folder;
  ControlFile(folder / "a.part.dlab").save(sample());
  EXPECT_EQ(std::filesystem::status(folder / "a.part.dlab").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(ControlFile, a_link_laid_in_the_way_is_not_followed) {
  const test::TempFolder folder;
  const std::string victim = folder.write("victim", "precious");
  std::filesystem::create_symlink(victim, folder / "a.part.dlab.new");
  EXPECT_THROW(ControlFile(folder / "a.part.dlab").save(sample()), std::system_error);
  EXPECT_EQ(test::read_file(victim), "precious");
}

TEST(ControlFile, where_a_strangers_file_is_in_the_way_the_record_is_written_over_the_old_one) {
  const test::TempFolder folder;
  const std::string path = folder / "a.part.dlab";
  ControlFile(path).save(sample());
  folder.write("a.part.dlab.new", "mine");
  ControlRecord later = sample();
  later.received = {{0, 1000}};
  ControlFile(path).save(later);
  EXPECT_EQ(load_control(path), later);
  EXPECT_EQ(test::read_file(folder / "a.part.dlab.new"), "mine");
}

TEST(ControlFile, the_room_of_a_run_that_was_killed_is_taken_over) {
  const test::TempFolder folder;
  ControlFile killed(folder / "a.part.dlab");
  killed.reserve();
  ControlFile control(folder / "a.part.dlab");
  EXPECT_TRUE(control.is_there());
  EXPECT_TRUE(control.may_be_written());
  control.save(sample());
  EXPECT_EQ(control.load(), sample());
}

TEST(ControlFile, nor_does_it_stay_of_one_that_was_killed_before_it_had_written_there) {
  const test::TempFolder folder;
  folder.write("a.part.dlab.new", "");
  ControlFile control(folder / "a.part.dlab");
  EXPECT_TRUE(control.may_be_written());
  control.reserve();
  control.release();
  EXPECT_FALSE(folder.has("a.part.dlab.new"));
}

TEST(ControlFile, a_link_a_folder_or_a_strangers_text_is_no_record_of_ours) {
  const test::TempFolder folder;
  ControlFile(folder / "real").save(sample());
  std::filesystem::create_symlink(folder / "real", folder / "link");
  std::filesystem::create_directory(folder / "folder");
  folder.write("text", "[\"format\"]");
  for (const char* name : {"link", "folder", "text"}) {
    EXPECT_FALSE(ControlFile(folder / name).may_be_written()) << name;
  }
  EXPECT_FALSE(ControlFile(folder / "link").load());
  EXPECT_TRUE(ControlFile(folder / "none").may_be_written());
  EXPECT_FALSE(ControlFile(folder / "none").is_there());
}

}  // namespace
}  // namespace dlab::storage
