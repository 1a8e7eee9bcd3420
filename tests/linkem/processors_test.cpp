#include "linkem/processors.hpp"

#include <gtest/gtest.h>

namespace dlab::linkem {
namespace {

cpu_set_t set_of(std::initializer_list<unsigned> processors) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const unsigned processor : processors) {
    CPU_SET(processor, &set);
  }
  return set;
}

TEST(Processors, a_mask_has_a_bit_for_each) {
  EXPECT_EQ(as_mask(set_of({})), "0");
  EXPECT_EQ(as_mask(set_of({0})), "1");
  EXPECT_EQ(as_mask(set_of({0, 1, 4})), "13");
  EXPECT_EQ(as_mask(set_of({31})), "80000000");
}

TEST(Processors, a_mask_comes_in_groups_of_32) {
  EXPECT_EQ(as_mask(set_of({1, 32})), "1,00000002");
  EXPECT_EQ(as_mask(set_of({0, 95})), "80000000,00000000,00000001");
}

}  // namespace
}  // namespace dlab::linkem
