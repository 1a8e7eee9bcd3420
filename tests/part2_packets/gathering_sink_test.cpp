#include "part2_packets/gathering_sink.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dlab::part2 {
namespace {

// Notes every write as "offset:bytes".
struct NotingSink : storage::Sink {
  void write_at(std::uint64_t offset, std::span<const std::byte> data) override {
    writes.push_back(std::to_string(offset) + ":" +
                     std::string(reinterpret_cast<const char*>(data.data()), data.size()));
  }
  std::vector<std::string> writes;
};

struct GatheringSinkTest : testing::Test {
  void write(std::uint64_t offset, std::string_view text) {
    sink.write_at(offset, std::as_bytes(std::span(text)));
  }
  void expect(const std::vector<std::string>& writes) {
    EXPECT_EQ(inner.writes, writes);
    inner.writes.clear();
  }

  NotingSink inner;
  GatheringSink sink{inner, 20};
};

TEST_F(GatheringSinkTest, neighbours_are_written_together) {
  write(0, "ab");
  write(2, "cd");
  expect({});
  sink.flush();
  expect({"0:abcd"});
}

TEST_F(GatheringSinkTest, a_gap_ends_a_piece) {
  write(0, "ab");
  write(5, "f");
  expect({"0:ab"});
  sink.flush();
  expect({"5:f"});
}

TEST_F(GatheringSinkTest, going_back_ends_a_piece) {
  write(5, "f");
  write(0, "ab");
  expect({"5:f"});
  sink.flush();
  expect({"0:ab"});
}

TEST_F(GatheringSinkTest, a_full_buffer_is_written) {
  for (std::uint64_t i = 0; i < 11; ++i) {
    write(2 * i, "xy");
  }
  expect({"0:xyxyxyxyxyxyxyxyxyxy"});
  sink.flush();
  expect({"20:xy"});
}

TEST_F(GatheringSinkTest, a_long_piece_goes_through_behind_what_was_gathered) {
  write(0, "ab");
  write(2, "long piece");
  expect({"0:ab", "2:long piece"});
  write(12, "cd");
  sink.flush();
  expect({"12:cd"});
}

TEST_F(GatheringSinkTest, a_long_piece_elsewhere_goes_through_as_well) {
  write(0, "ab");
  write(100, "long piece");
  expect({"0:ab", "100:long piece"});
  write(0, "cd");
  sink.flush();
  expect({"0:cd"});
}

TEST_F(GatheringSinkTest, flushing_twice_writes_once) {
  write(0, "ab");
  sink.flush();
  sink.flush();
  expect({"0:ab"});
}

}  // namespace
}  // namespace dlab::part2
