#include "common/base/page_buffer.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace dlab::base {
namespace {

TEST(PageBuffer, begins_on_a_page_whatever_its_size) {
  for (const std::size_t bytes : {1U, 4096U, 65'536U, 131'072U, 1'048'576U}) {
    const PageBuffer buffer(bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 4096, 0U) << bytes;
  }
}

TEST(PageBuffer, keeps_its_place_on_a_page_and_its_contents_as_it_grows) {
  PageBuffer buffer(100, std::byte{7});
  buffer.resize(1 << 20U);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 4096, 0U);
  EXPECT_EQ(buffer[99], std::byte{7});
  EXPECT_EQ(buffer[100], std::byte{0});
}

}  // namespace
}  // namespace dlab::base
