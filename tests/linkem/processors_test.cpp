#include "linkem/processors.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "tests/common/support/child.hpp"

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

TEST(Processors, what_was_refused_is_listed_with_what_it_depends_on) {
  EXPECT_EQ(refused({true, true, true, true}), "");
  EXPECT_EQ(refused({.realtime = false, .awake = true, .locked_memory = false, .pinned = true}),
            "real-time scheduling (ulimit -r), locked memory (ulimit -l)");
}

// How a process whose limit is low fares that asks for memory once it is locked. Its limit is at
// most that of the tests: not every root may raise it (CAP_SYS_RESOURCE).
int after_locking(rlim_t limit_bytes) {
  return test::in_child([=] {
    rlimit limit{};
    getrlimit(RLIMIT_MEMLOCK, &limit);
    limit.rlim_cur = limit.rlim_max = std::min(limit.rlim_max, limit_bytes);
    if (setrlimit(RLIMIT_MEMLOCK, &limit) != 0 || (geteuid() == 0 && setuid(65534) != 0)) {
      return 2;
    }
    lock_memory();
    const std::vector<char> more(64 << 20, 'x');
    return more.back() == 'x' ? 0 : 1;
  });
}

TEST(Processors, locked_memory_leaves_room_for_more) {
  EXPECT_EQ(after_locking(8 << 20), 0);
  EXPECT_EQ(after_locking(256 << 20), 0);
  EXPECT_EQ(after_locking(0), 0);
}

}  // namespace
}  // namespace dlab::linkem
