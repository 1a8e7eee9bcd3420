#include "bench/runner/cpu_quota.hpp"

#include <gtest/gtest.h>

#include "tests/bench/data_files.hpp"

namespace dlab::bench {
namespace {

using namespace std::chrono_literals;

// A machine's /proc and control groups, as files.
class CpuQuotaTest : public testing::Test {
 protected:
  void is_in_group(const std::string& line) const { files_.write("proc/self/cgroup", line + "\n"); }
  void mounts(const std::string& line) const {
    files_.write("proc/self/mountinfo", "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + line + "\n");
  }
  [[nodiscard]] CpuQuota quota() const { return CpuQuota(files_.folder()); }

  DataFiles files_;
};

TEST_F(CpuQuotaTest, a_machine_without_control_groups_has_none) {
  EXPECT_EQ(quota().cpus(), std::nullopt);
  EXPECT_EQ(quota().throttled(), 0ns);
}

TEST_F(CpuQuotaTest, of_nested_groups_the_smallest_counts) {
  is_in_group("0::/user/alice");
  mounts("30 21 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate");
  files_.write("sys/fs/cgroup/user/cpu.max", "50000 100000\n");
  files_.write("sys/fs/cgroup/user/alice/cpu.max", "max 100000\n");
  EXPECT_EQ(quota().cpus(), 0.5);
  files_.write("sys/fs/cgroup/user/alice/cpu.max", "25000 100000\n");
  EXPECT_EQ(quota().cpus(), 0.25);
}

TEST_F(CpuQuotaTest, what_all_of_them_stood_still_adds_up) {
  is_in_group("0::/user/alice");
  mounts("30 21 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw");
  files_.write("sys/fs/cgroup/user/cpu.stat",
               "usage_usec 9\nnr_throttled 3\nthrottled_usec 1000\n");
  files_.write("sys/fs/cgroup/user/alice/cpu.stat", "throttled_usec 500\n");
  EXPECT_EQ(quota().throttled(), 1500us);
}

TEST_F(CpuQuotaTest, version_1_has_files_of_its_own) {
  is_in_group("4:cpu,cpuacct:/alice\n0::/");
  mounts("31 21 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct");
  files_.write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  files_.write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota().cpus(), std::nullopt);
  files_.write("sys/fs/cgroup/cpu/alice/cpu.cfs_quota_us", "150000\n");
  files_.write("sys/fs/cgroup/cpu/alice/cpu.cfs_period_us", "100000\n");
  files_.write("sys/fs/cgroup/cpu/alice/cpu.stat", "nr_periods 7\nthrottled_time 2000000\n");
  EXPECT_EQ(quota().cpus(), 1.5);
  EXPECT_EQ(quota().throttled(), 2ms);
}

// Its own group is all that it sees, under a path that only the machine outside knows.
TEST_F(CpuQuotaTest, a_container_sees_its_own_group) {
  is_in_group("4:cpu:/docker/c0ffee");
  mounts("31 21 0:27 /docker/c0ffee /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu");
  files_.write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000\n");
  files_.write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota().cpus(), 2);
}

TEST(HeldBack, a_hundredth_of_a_run_may_be_and_more_makes_it_void) {
  EXPECT_EQ(held_back_too_long(0, 0.2), std::nullopt);
  EXPECT_EQ(held_back_too_long(0.01, 1), std::nullopt);
  EXPECT_EQ(held_back_too_long(0.05, 0.11),
            "a CPU quota held the programs back: for 50 ms in a run of 110 ms");
}

}  // namespace
}  // namespace dlab::bench
