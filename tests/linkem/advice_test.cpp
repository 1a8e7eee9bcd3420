#include "linkem/advice.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace dlab::linkem {
namespace {

// An ordinary user on a machine of his own, and root in a container that got no flags.
const Machine kUser{.tun = true, .profile = "/home/ann/dlab/build/apparmor/dlab"};
const Machine kContained{.root = true, .container = true, .filtered = true};

std::string behind_colon(const std::string& advice) {
  return advice.substr(advice.rfind("): ") + 3);
}

TEST(Advice, a_container_gets_the_flags_that_it_lacks) {
  Machine machine = kContained;
  const auto flags = [&] {
    return behind_colon(no_namespaces(machine, Step::user_namespace, EPERM));
  };
  EXPECT_EQ(flags(),
            "start the container with --cap-add SYS_ADMIN --cap-add NET_ADMIN --device "
            "/dev/net/tun");
  machine.tun = true;
  machine.sys_admin = true;
  EXPECT_EQ(flags(), "start the container with --cap-add NET_ADMIN");
  machine.root = false;
  machine.sys_admin = false;
  EXPECT_EQ(flags(), "start the container with --security-opt seccomp=unconfined");
  machine.user_namespaces_off = true;
  EXPECT_EQ(flags(),
            "start the container with --user root --cap-add SYS_ADMIN --cap-add NET_ADMIN");
}

TEST(Advice, a_root_that_may_not_is_not_told_to_be_root) {
  const Machine machine{.root = true, .tun = true};
  for (const Step step : {Step::user_namespace, Step::mapping, Step::network_namespace}) {
    const auto advice = no_namespaces(machine, step, EPERM);
    EXPECT_EQ(behind_colon(advice),
              "start the container with --cap-add SYS_ADMIN --cap-add NET_ADMIN");
    EXPECT_EQ(advice.find("sudo"), advice.npos);
  }
}

TEST(Advice, where_apparmor_is_in_the_way_its_profile_is_loaded_and_nothing_switched_off) {
  EXPECT_EQ(no_namespaces(kUser, Step::mapping, EPERM),
            "this machine allows no network namespaces (AppArmor lets only programs that it knows "
            "use user namespaces): sudo apparmor_parser -r '/home/ann/dlab/build/apparmor/dlab'");
  Machine older = kUser;  // on which unshare() itself is refused
  older.apparmor = true;
  EXPECT_EQ(no_namespaces(older, Step::user_namespace, EACCES),
            no_namespaces(kUser, Step::mapping, EPERM));
}

TEST(Advice, where_user_namespaces_are_switched_off_root_is_left) {
  Machine machine = kUser;
  machine.user_namespaces_off = true;
  EXPECT_EQ(no_namespaces(machine, Step::user_namespace, ENOSPC),
            "this machine allows no network namespaces (user namespaces are switched off): run it "
            "with sudo");
  EXPECT_EQ(no_namespaces(kUser, Step::user_namespace, EPERM),
            "this machine allows no network namespaces (unshare: Operation not permitted): run it "
            "with sudo");
}

TEST(Advice, a_device_file_is_made_opened_to_all_or_handed_to_the_container) {
  EXPECT_EQ(no_tun(kUser, EACCES), "/dev/net/tun: Permission denied: sudo chmod 666 /dev/net/tun");
  EXPECT_EQ(no_tun({.root = true}, ENOENT),
            "/dev/net/tun: No such file or directory: sh -c 'modprobe tun; mkdir -p /dev/net; "
            "mknod -m 666 /dev/net/tun c 10 200'");
  EXPECT_EQ(no_tun(kContained, EPERM),
            "/dev/net/tun: Operation not permitted: start the container with --device "
            "/dev/net/tun");
}

TEST(Advice, modules_are_loaded_by_root_and_on_the_host) {
  EXPECT_EQ(no_congestion(kUser, "bbr"),
            "this kernel has no congestion control bbr: sudo modprobe tcp_bbr");
  EXPECT_EQ(no_congestion(kContained, "bbr"),
            "this kernel has no congestion control bbr: on the host, modprobe tcp_bbr");
}

TEST(Advice, io_uring_is_refused_by_a_filter_or_by_a_sysctl) {
  EXPECT_EQ(no_io_uring(kContained, EPERM),
            "io_uring: Operation not permitted: start the container with --security-opt "
            "seccomp=unconfined");
  EXPECT_EQ(no_io_uring(kUser, EPERM),
            "io_uring: Operation not permitted: see kernel.io_uring_disabled in sysctl(8)");
}

}  // namespace
}  // namespace dlab::linkem
