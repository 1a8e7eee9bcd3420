#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>

#include "common/base/check.hpp"
#include "common/base/errors.hpp"
#include "linkem/tool/options.hpp"
#include "linkem/tool/server_watch.hpp"
#include "linkem/tool/summary.hpp"

namespace dlab::linkem::tool {
namespace {

using namespace std::chrono_literals;

TEST(AnnouncedPort, is_the_port_behind_the_words) {
  EXPECT_EQ(announced_port("listening on 127.0.0.1:9001"), 9001);
  EXPECT_EQ(announced_port("listening on [::1]:65535"), 65535);
  EXPECT_EQ(announced_port("12:30:59 INFO: listening on 0.0.0.0:80"), 80);
  EXPECT_EQ(announced_port("listening on 127.0.0.1:9001\r"), 9001);
}

TEST(AnnouncedPort, other_lines_announce_nothing) {
  for (const char* line :
       {"", "listening", "listening on ", "listening on 127.0.0.1",
        "listening on 127.0.0.1:", "listening on 127.0.0.1:x", "listening on 127.0.0.1:0",
        "listening on 127.0.0.1:65536", "listening on 127.0.0.1:-1", "10:30 listening on 127.0.0.1",
        "connected to 127.0.0.1:9001", "Listening On 127.0.0.1:9001"}) {
    EXPECT_FALSE(announced_port(line)) << line;
  }
}

// A server's output that comes in these pieces.
struct Spoken {
  Spoken() {
    std::array<int, 2> ends{};
    base::check(pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), "pipe", "for a test");
    output = std::make_unique<ServerOutput>(base::FileDescriptor(ends[0]));
    mouth = base::FileDescriptor(ends[1]);
  }
  // What of it was passed on.
  std::string say(const std::string& text) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(write(mouth.get(), text.data(), text.size()), std::ssize(text));
    EXPECT_TRUE(output->read());
    return testing::internal::GetCapturedStderr();
  }

  std::unique_ptr<ServerOutput> output;
  base::FileDescriptor mouth;
};

TEST(ServerOutput, passes_on_what_it_reads_and_finds_the_port) {
  Spoken server;
  EXPECT_EQ(server.say("starting\nlisten"), "starting\nlisten");
  EXPECT_EQ(server.say("ing on 127.0.0.1:90"), "ing on 127.0.0.1:90");
  EXPECT_FALSE(server.output->port()) << "the line is not over";
  server.say("01\n");
  EXPECT_EQ(server.output->port(), 9001);
  server.say("listening on 127.0.0.1:9002\n");
  EXPECT_EQ(server.output->port(), 9001) << "the first line counts";
}

TEST(ServerOutput, takes_all_that_a_pipe_holds_at_once) {
  Spoken server;
  const std::string text(65536, 'x');
  EXPECT_EQ(server.say(text), text);
}

TEST(ServerOutput, silence_is_no_end) {
  Spoken server;
  EXPECT_TRUE(server.output->read());
  server.mouth.close();
  EXPECT_FALSE(server.output->read());
}

TEST(ServerOutput, an_endless_line_takes_no_memory_and_announces_nothing) {
  Spoken server;
  for (int i = 0; i < 100; ++i) {
    server.say(std::string(60'000, 'x'));
  }
  server.say(" listening on 127.0.0.1:9001\nlistening on 127.0.0.1:9002\n");
  EXPECT_EQ(server.output->port(), 9002);
}

TEST(Listens, asks_the_kernel_and_not_the_server) {
  const base::FileDescriptor listener(
      base::check(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket", "for a test"));
  base::check(listen(listener.get(), 1), "listen", "for a test");  // at any free port
  sockaddr_in6 address{};
  socklen_t length = sizeof address;
  base::check(getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &length),
              "getsockname", "for a test");
  const std::uint16_t port = ntohs(address.sin6_port);
  EXPECT_TRUE(listens(getpid(), port));
  EXPECT_FALSE(listens(getpid(), 1));
  EXPECT_FALSE(listens(-1, port));
}

TEST(Describe, says_what_the_link_is) {
  EXPECT_EQ(describe(*find_link("lossy")),
            "lossy: 100 Mbit/s, RTT 40 ms, 0.1 % loss, queue of 350 packets (drop-tail)");
  EXPECT_EQ(describe(*find_link("bursty")),
            "bursty: 100 Mbit/s, RTT 20 ms, 1 % loss in bursts of 8, queue of 170 packets "
            "(drop-tail)");
  EXPECT_EQ(describe(*find_link("shallow")),
            "shallow: 200 Mbit/s, RTT 12 ms, no loss, queue of 10 packets (single-drop), "
            "bursts of 1 at most");
  EXPECT_EQ(describe({.name = "custom", .rtt = 1500us}),
            "custom: unlimited, RTT 1.5 ms, no loss, queue of 1000 packets (drop-tail)");
}

TEST(ListLinks, has_a_line_for_each) {
  const auto table = list_links();
  for (const auto& link : named_links()) {
    EXPECT_NE(table.find("\n" + link.name + " "), table.npos) << link.name;
    EXPECT_NE(table.find(link.purpose + "\n"), table.npos) << link.name;
  }
}

TEST(Summarise, tells_what_the_link_carried) {
  Snapshot snapshot;
  snapshot.up.resize(2);
  snapshot.down.resize(2);
  snapshot.up[0].carried_packets = 1234;
  snapshot.up[0].lost_packets = 56;
  snapshot.up[0].dropped_packets = 78;
  snapshot.up[0].busy = 500ms;
  snapshot.punctuality.most_late = 1500us;
  const Granted all{true, true, true, true};
  const auto text = summarise(*find_link("wan"), snapshot, 2s, all);
  for (const char* part : {"linkem: wan: 100 Mbit/s", "1234", "56", "78", "25.0 %",
                           "the client ran for 2.000 s", "1.50 ms late"}) {
    EXPECT_NE(text.find(part), text.npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find("WARNING"), text.npos);
  EXPECT_EQ(text.find("without"), text.npos);
  snapshot.punctuality.tun_drops = 3;
  EXPECT_NE(summarise(*find_link("wan"), snapshot, 0s, all).find("WARNING: a TUN device dropped 3"),
            text.npos);
}

TEST(Summarise, tells_what_the_emulator_went_without) {
  Snapshot snapshot;
  snapshot.up.resize(2);
  snapshot.down.resize(2);
  EXPECT_NE(summarise(*find_link("wan"), snapshot, 0s, {.realtime = true, .pinned = true})
                .find("\n  the emulator went without processors kept awake (/dev/cpu_dma_latency), "
                      "locked memory (ulimit -l)\n"),
            std::string::npos);
}

struct Parsed {
  Options options;
  std::optional<int> code;
};

Parsed parsed(std::vector<std::string> words) {
  words.insert(words.begin(), "linkem");
  std::vector<char*> arguments;
  for (auto& word : words) {
    arguments.push_back(word.data());
  }
  Parsed result;
  result.code = parse_options(static_cast<int>(arguments.size()), arguments.data(), result.options);
  return result;
}

TEST(Options, a_named_link_can_be_bent) {
  const auto [options, code] =
      parsed({"--link", "noisy", "--rate", "10Mbit", "--rtt", "7ms", "--jitter", "2ms", "--loss",
              "0.5%", "--loss-burst", "3", "--queue", "12", "--queue-policy", "codel", "--", "x"});
  ASSERT_FALSE(code);
  EXPECT_EQ(options.action, Action::run);
  EXPECT_EQ(options.link.name, "noisy");
  EXPECT_EQ(options.link.rate.bits_per_second, 10e6);
  EXPECT_EQ(options.link.rtt, 7ms);
  EXPECT_EQ(options.link.jitter, 2ms);
  EXPECT_DOUBLE_EQ(options.link.loss.probability, 0.005);
  EXPECT_EQ(options.link.loss.burst_packets, 3);
  EXPECT_EQ(options.link.queue_packets, 12U);
  EXPECT_EQ(options.link.policy, QueuePolicy::codel);
}

TEST(Options, what_is_not_bent_stays_as_named) {
  const auto options = parsed({"--link", "bursty", "--rtt", "7ms", "--", "x"}).options;
  EXPECT_EQ(options.link.rate.bits_per_second, 100e6);
  EXPECT_DOUBLE_EQ(options.link.loss.probability, 0.01);
  EXPECT_EQ(options.link.loss.burst_packets, 8);
  EXPECT_EQ(options.link.queue_packets, 170U);
}

TEST(Options, what_follows_the_dashes_is_the_clients) {
  const auto options = parsed({"--seed", "5", "--", "client", "--seed", "6", "--", "-h"}).options;
  EXPECT_EQ(options.seed, 5U);
  EXPECT_EQ(options.command, std::vector<std::string>({"client", "--seed", "6", "--", "-h"}));
  EXPECT_EQ(options.link.rate.bits_per_second, 0) << "without a link there are no limits";
}

TEST(Options, the_link_to_certify_is_named_either_way) {
  for (const auto& words :
       {std::vector<std::string>{"certify", "lossy"}, {"--link", "lossy", "certify"}}) {
    const auto [options, code] = parsed(words);
    ASSERT_FALSE(code);
    EXPECT_EQ(options.action, Action::certify);
    EXPECT_EQ(options.link.name, "lossy");
  }
}

TEST(Options, what_the_parser_cannot_know_is_refused_too) {
  EXPECT_THROW(parsed({"--link", "nosuch", "--", "x"}), base::UsageError);
  EXPECT_THROW(parsed({"--link", "wan"}), base::UsageError);
  EXPECT_THROW(parsed({"--link", "wan", "--"}), base::UsageError);
}

}  // namespace
}  // namespace dlab::linkem::tool
