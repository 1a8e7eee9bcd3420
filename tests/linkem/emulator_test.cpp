#include "linkem/emulator.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <set>
#include <sstream>

#include "common/base/check.hpp"
#include "common/base/output.hpp"
#include "common/base/random.hpp"
#include "linkem/host_sockets.hpp"
#include "linkem/loss.hpp"
#include "linkem/named_links.hpp"
#include "linkem/probe.hpp"
#include "tests/common/support/child.hpp"
#include "tests/common/support/temp_folder.hpp"
#include "tests/common/support/until.hpp"

namespace dlab::linkem {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kPatience = 60s;  // a bound, never waited for

StarSpec star_with(const LinkSpec& server, std::size_t hosts = 2, std::uint64_t seed = 1) {
  StarSpec spec;
  spec.seed = seed;
  spec.hosts.push_back({"server", server});
  for (std::size_t host = 1; host < hosts; ++host) {
    spec.hosts.push_back({"host" + std::to_string(host), {}});
  }
  return spec;
}

// Why no star can be had here; blank when one can.
std::string unavailable() {
  const test::TempFolder folder;
  const std::string path = folder / "reason";
  test::in_child([&] {
    try {
      require_namespaces();
      const Emulator star(star_with({}));
    } catch (const Unavailable& error) {
      test::write_file(path, error.what());
    }
    return 0;
  });
  return test::read_file(path);
}

// Stars with real devices, each test's in a process of its own.
class RealStar : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = unavailable(); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
  }

  template <typename Body>
  static void in_namespaces(Body body) {
    EXPECT_EQ(test::in_child([&] {
                prepare_namespaces();
                try {
                  body();
                } catch (const std::exception& error) {
                  ADD_FAILURE() << error.what();
                }
                return HasFailure() ? 1 : 0;
              }),
              0);
  }
};

// Sends `count` numbered packets from the first host to the second; which of them arrived. Few are
// on their way at any time: neither the device's queue nor the receiver's buffer holds them all.
std::set<std::uint32_t> survivors(const Emulator& star, std::uint32_t count) {
  constexpr std::uint32_t kMostUnderWay = 256;
  const auto sender = socket_on(star, 0, SOCK_DGRAM, 0);
  const auto receiver = socket_on(star, 1, SOCK_DGRAM, 0);
  prepare_receiver(receiver);
  const auto to = address_of(1, bind_any(receiver, 1));
  const auto before = star.snapshot().up[0];
  std::set<std::uint32_t> arrived;
  std::array<std::byte, 64> buffer{};
  const auto take = [&] {
    while (receive_stamped(receiver, buffer)) {
      std::uint32_t number = 0;
      std::memcpy(&number, buffer.data(), sizeof number);
      arrived.insert(number);
    }
  };
  const auto all_are_through = [&](std::uint32_t sent) {
    take();
    const auto now = star.snapshot().up[0];
    return now.carried_packets == before.carried_packets + sent &&
           arrived.size() == sent - (now.lost_packets - before.lost_packets);
  };
  for (std::uint32_t i = 0; i < count;) {
    const auto sent =
        sendto(sender.get(), &i, sizeof i, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    i += sent == sizeof i ? 1 : 0;
    if (i % kMostUnderWay == 0 || i == count) {
      test::until([&] { return all_are_through(i); });
    }
  }
  return arrived;
}

TEST_F(RealStar, the_seed_decides_which_packets_are_lost) {
  in_namespaces([] {
    const LossSpec loss{0.05, 3};
    LinkSpec link;
    link.up.loss = loss;
    link.up.delay = 1ms;
    for (const std::uint64_t seed : {1U, 1U, 2U}) {
      LossProcess process(loss, base::SplitMix64(seed).next());
      std::set<std::uint32_t> expected;
      for (std::uint32_t i = 0; i < 3000; ++i) {
        if (!process.loses_next()) {
          expected.insert(i);
        }
      }
      EXPECT_EQ(survivors(Emulator(star_with(link, 2, seed)), 3000), expected) << seed;
    }
  });
}

TEST_F(RealStar, a_link_may_get_another_rate_at_work) {
  in_namespaces([] {
    LinkSpec link;
    link.up.rate = {8e6};  // a byte takes a microsecond
    const Emulator star(star_with(link));
    EXPECT_EQ(survivors(star, 20).size(), 20U);
    const auto before = star.snapshot().up[0];
    EXPECT_EQ(before.busy, before.carried_bytes * 1us);
    star.set_rate(0, {8e5});
    EXPECT_EQ(survivors(star, 20).size(), 20U);
    const auto after = star.snapshot().up[0];
    EXPECT_EQ(after.busy - before.busy, (after.carried_bytes - before.carried_bytes) * 10us);
    EXPECT_THROW(star.set_rate(2, {8e5}), std::out_of_range);
  });
}

TEST_F(RealStar, no_packet_is_larger_than_ethernets) {
  in_namespaces([] {
    const Emulator star(star_with({}));
    EXPECT_TRUE(push_tcp(star, 0, 1, 3'000'000, kPatience));
    const auto snapshot = star.snapshot();
    EXPECT_EQ(snapshot.up[0].largest_packet, 1500U);
    EXPECT_EQ(snapshot.down[1].largest_packet, 1500U);
    EXPECT_EQ(snapshot.punctuality.tun_drops, 0U);
  });
}

TEST_F(RealStar, a_large_datagram_travels_in_pieces) {
  in_namespaces([] {
    const Emulator star(star_with({}));
    const auto sender = socket_on(star, 0, SOCK_DGRAM, 0);
    const auto receiver = socket_on(star, 1, SOCK_DGRAM, 0);
    const auto to = address_of(1, bind_any(receiver, 1));
    std::vector<std::byte> data(4000, std::byte{7});
    sendto(sender.get(), data.data(), data.size(), 0, reinterpret_cast<const sockaddr*>(&to),
           sizeof to);
    std::vector<std::byte> buffer(8000);
    std::optional<Datagram> datagram;
    test::until([&] { return (datagram = receive_stamped(receiver, buffer)).has_value(); });
    EXPECT_EQ(datagram->length, data.size());
    EXPECT_EQ(star.snapshot().up[0].carried_packets, 3U);
    EXPECT_LE(star.snapshot().up[0].largest_packet, 1500U);
  });
}

TEST_F(RealStar, thirty_two_hosts_reach_each_other) {
  in_namespaces([] {
    const Emulator star(star_with({}, 32));
    ASSERT_EQ(star.hosts(), 32U);
    for (std::size_t host = 0; host < star.hosts(); ++host) {
      EXPECT_EQ(ping(star, host, (host + 5) % 32, 1, 0ms, kPatience).size(), 1U) << host;
    }
    const auto snapshot = star.snapshot();
    EXPECT_EQ(snapshot.punctuality.delivered_packets, 64U);
    EXPECT_EQ(snapshot.punctuality.tun_drops, 0U);
  });
}

TEST(Emulator, a_star_without_hosts_or_with_too_many_is_refused) {
  EXPECT_THROW(Emulator(StarSpec{}), std::invalid_argument);
  EXPECT_THROW(Emulator(star_with({}, kMostHosts + 1)), std::invalid_argument);
}

TEST_F(RealStar, a_round_trip_is_never_shorter_than_asked) {
  in_namespaces([] {
    const Emulator star(star_of(*find_link("wan"), 1));
    const auto round_trips = ping(star, 1, 0, 5, 1ms, kPatience);
    ASSERT_EQ(round_trips.size(), 5U);
    // The clock that stamps them may be adjusted meanwhile.
    EXPECT_GT(*std::ranges::min_element(round_trips), 39'500'000);
  });
}

std::size_t open_descriptors() {
  using std::filesystem::directory_iterator;
  return static_cast<std::size_t>(std::distance(directory_iterator("/proc/self/fd"), {}));
}

TEST_F(RealStar, it_ends_with_its_object) {
  in_namespaces([] {
    const auto before = open_descriptors();
    pid_t pid = -1;
    {
      const Emulator star(star_with({}, 4));
      pid = star.pid();
      EXPECT_EQ(kill(pid, 0), 0);
    }
    EXPECT_EQ(open_descriptors(), before);
    EXPECT_EQ(kill(pid, 0), -1);
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
  });
}

TEST_F(RealStar, it_ends_with_a_process_that_is_killed) {
  std::array<int, 2> ends{};
  base::check(pipe(ends.data()), "pipe", "for a test");
  EXPECT_EQ(test::in_child([&] {
              prepare_namespaces();
              const Emulator star(star_with({}));
              const pid_t pid = star.pid();
              base::check(write(ends[1], &pid, sizeof pid), "write", "a pid");
              return raise(SIGKILL);
            }),
            -1);
  pid_t pid = -1;
  ASSERT_EQ(read(ends[0], &pid, sizeof pid), std::ssize(std::array<std::byte, sizeof pid>{}));
  const std::string status = "/proc/" + std::to_string(pid) + "/stat";
  test::until([&] {
    const auto text = test::read_file(status);  // an ended one may wait for its new parent
    return text.empty() || text.find(") Z ") != text.npos;
  });
  close(ends[0]);
  close(ends[1]);
}

TEST_F(RealStar, a_file_that_cannot_be_written_is_told) {
  for (const bool log : {true, false}) {
    in_namespaces([=] {
      auto spec = star_with({});
      (log ? spec.log : spec.pcap) = "/nonexistent/folder/file";
      try {
        const Emulator star(spec);
        ADD_FAILURE() << "came up";
      } catch (const std::exception& error) {
        EXPECT_STREQ(error.what(), "open /nonexistent/folder/file: No such file or directory");
      }
    });
  }
}

TEST_F(RealStar, a_dead_one_is_noticed) {
  in_namespaces([] {
    const Emulator star(star_with({}));
    kill(star.pid(), SIGKILL);
    EXPECT_THROW((void)star.snapshot(), std::runtime_error);
  });
}

std::uint32_t number_at(const std::string& text, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, text.data() + at, sizeof number);
  return number;
}

TEST_F(RealStar, a_capture_holds_every_packet_whole) {
  const test::TempFolder folder;
  in_namespaces([&] {
    auto spec = star_with({});
    spec.pcap = folder / "star.pcap";
    {
      const Emulator star(spec);
      EXPECT_EQ(survivors(star, 40'000).size(), 40'000U);  // more than a buffer holds
    }
    const auto pcap = test::read_file(spec.pcap);
    ASSERT_GE(pcap.size(), 40U);
    // draft-ietf-opsawg-pcap, section 4: magic, version, two zeros, snapshot length, link type.
    EXPECT_EQ(number_at(pcap, 0), 0xA1B23C4DU);
    EXPECT_EQ(number_at(pcap, 4), 2U | 4U << 16U);
    EXPECT_EQ(number_at(pcap, 8), 0U);
    EXPECT_EQ(number_at(pcap, 12), 0U);
    EXPECT_EQ(number_at(pcap, 16), 1500U);
    EXPECT_EQ(number_at(pcap, 20), 101U);
    std::size_t packets = 0;
    std::size_t at = 24;
    for (; at + 16 <= pcap.size(); at += 16 + number_at(pcap, at + 8), ++packets) {
      ASSERT_EQ(number_at(pcap, at + 8), 32U);  // IP, UDP, a number
      ASSERT_EQ(number_at(pcap, at + 12), 32U);
      ASSERT_LT(number_at(pcap, at + 4), 1'000'000'000U);
      ASSERT_EQ(pcap[at + 16], 0x45);
      ASSERT_EQ(number_at(pcap, at + 16 + 28), packets);
    }
    EXPECT_EQ(at, pcap.size());
    EXPECT_EQ(packets, 40'000U);
    const auto age = std::chrono::system_clock::now().time_since_epoch() -
                     std::chrono::seconds(number_at(pcap, 24));
    EXPECT_LT(std::chrono::abs(age), 1h);
  });
}

TEST_F(RealStar, its_files_may_be_descriptors_of_whoever_starts_it) {
  const test::TempFolder folder;
  in_namespaces([&] {
    const auto log = base::open_output(folder / "log");
    const auto pcap = base::open_output(folder / "pcap");
    auto spec = star_with({});
    spec.log = "/dev/fd/" + std::to_string(log.get());
    spec.pcap = "/dev/fd/" + std::to_string(pcap.get());
    survivors(Emulator(spec), 1);
    EXPECT_TRUE(test::read_file(folder / "log").starts_with("t_s,host,direction,"));
    EXPECT_GT(test::read_file(folder / "pcap").size(), 40U);
  });
}

// The rows of a CSV, its header first.
std::vector<std::vector<std::string>> rows_of(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(test::read_file(path));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line);
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) {
      rows.back().push_back(cell);
    }
  }
  return rows;
}

TEST_F(RealStar, a_log_counts_every_packet_once) {
  const test::TempFolder folder;
  in_namespaces([&] {
    auto spec = star_with({});
    spec.log = folder / "star.csv";
    {
      const Emulator star(spec);
      survivors(star, 1000);
      // Until an interval is over.
      test::until([&] { return test::read_file(spec.log).find("server,up") != std::string::npos; });
      survivors(star, 1000);
    }
    const auto rows = rows_of(spec.log);
    ASSERT_FALSE(rows.empty());
    EXPECT_EQ(rows[0], std::vector<std::string>({"t_s", "host", "direction", "offered_packets",
                                                 "carried_packets", "carried_bytes", "lost_packets",
                                                 "dropped_packets", "queued_packets"}));
    EXPECT_GE(rows.size(), 1U + 2 * 4);
    std::map<std::string, std::uint64_t> carried;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      ASSERT_EQ(rows[i].size(), rows[0].size());
      carried[rows[i][1] + " " + rows[i][2]] += std::stoull(rows[i][4]);
    }
    EXPECT_EQ(carried,
              (std::map<std::string, std::uint64_t>{
                  {"server up", 2000}, {"server down", 0}, {"host1 up", 0}, {"host1 down", 2000}}));
  });
}

}  // namespace
}  // namespace dlab::linkem
