#include "common/cli/command_line.hpp"

#include <gtest/gtest.h>

#include "tests/common/cli/parsed.hpp"

namespace dlab::cli {
namespace {

using namespace std::chrono_literals;
using test::parsed;

struct Server {
  void declare(CLI::App& app) {
    add_server_options(app, options, 9001);
    add_io_option(app, io);
  }
  ServerOptions options;
  net::IoPath io = net::IoPath::copy;
};

struct Client {
  void declare(CLI::App& app) { add_client_options(app, options); }
  ClientOptions options;
};

TEST(ServerOptions, have_the_defaults_that_the_house_promises) {
  Server server;
  EXPECT_EQ(parsed(server, {}), "");
  EXPECT_EQ(server.options.root, ".");
  EXPECT_EQ(server.options.listen.text(), "127.0.0.1:9001");
  EXPECT_EQ(server.options.limits.request_timeout, 10s);
  EXPECT_EQ(server.options.limits.stall_timeout, 30s);
  EXPECT_FALSE(server.options.socket.send_buffer);
  EXPECT_FALSE(server.options.log);
}

TEST(ServerOptions, are_taken_with_their_units) {
  Server server;
  EXPECT_EQ(
      parsed(server, {"--port", "0", "--host", "::1", "--buffer", "64KiB", "--send-buffer", "1MB",
                      "--request-timeout", "250ms", "--service-time", "1ms", "--service-every",
                      "50", "--congestion", "reno", "--io", "mmap", "--log"}),
      "");
  EXPECT_EQ(server.options.listen.text(), "[::1]:0");
  EXPECT_EQ(server.options.limits.buffer_bytes, 65'536U);
  EXPECT_EQ(server.options.socket.send_buffer, 1'000'000U);
  EXPECT_EQ(server.options.limits.request_timeout, 250ms);
  EXPECT_EQ(server.options.limits.service_time, 1ms);
  EXPECT_EQ(server.options.limits.service_every, 50U);
  EXPECT_EQ(server.io, net::IoPath::mmap);
  EXPECT_TRUE(server.options.log);
}

TEST(ServerOptions, out_of_range_are_refused_with_the_range) {
  Server server;
  EXPECT_EQ(parsed(server, {"--buffer", "0"}),
            "test: --buffer 0: must lie between 1 B and 1.0 GiB (--help tells more)\n");
  EXPECT_EQ(parsed(server, {"--buffer", "2GiB"}),
            "test: --buffer 2GiB: must lie between 1 B and 1.0 GiB (--help tells more)\n");
  EXPECT_EQ(parsed(server, {"--buffer", "many"}),
            "test: --buffer many: is no size (8192, 64KiB, 1MB) (--help tells more)\n");
  EXPECT_EQ(
      parsed(server, {"--service-time", "25000min"}),
      "test: --service-time 25000min: is no time from 0 to 24 hours with its unit (10s, 250ms, "
      "2min) (--help tells more)\n");
  EXPECT_NE(parsed(server, {"--request-timeout", "0"}).find("must be at least 1ms"),
            std::string::npos);
  EXPECT_NE(parsed(server, {"--backlog", "0"}).find("--backlog: Value 0 not in range 1 to 65535"),
            std::string::npos);
  EXPECT_NE(parsed(server, {"--io", "magic"}).find("is none of copy, sendfile, mmap"),
            std::string::npos);
}

TEST(ServerOptions, a_port_that_is_none_is_refused) {
  for (const char* port : {"65536", "-1", "http", ""}) {
    Server server;
    EXPECT_NE(parsed(server, {"--port", port}).find("not in range 0 to 65535"), std::string::npos)
        << port;
  }
}

TEST(ClientOptions, take_server_and_file) {
  Client client;
  EXPECT_EQ(parsed(client, {"[::1]:9001", "a.jpg", "-o", "out", "--seed", "7", "--quiet"}), "");
  EXPECT_EQ(client.options.server.text(), "[::1]:9001");
  EXPECT_EQ(client.options.name, "a.jpg");
  EXPECT_EQ(client.options.output, "out");
  EXPECT_EQ(client.options.seed, 7U);
  EXPECT_TRUE(client.options.quiet);
}

TEST(ClientOptions, a_server_that_is_none_is_refused_with_an_example) {
  for (const char* server : {"localhost", "localhost:0", "::1:9001", "localhost:70000"}) {
    Client client;
    EXPECT_NE(parsed(client, {server}).find("is no HOST:PORT (127.0.0.1:9001, [::1]:9001)"),
              std::string::npos)
        << server;
  }
}

TEST(ClientOptions, without_a_server_are_refused) {
  Client client;
  EXPECT_NE(parsed(client, {}).find("SERVER"), std::string::npos);
}

TEST(ClientOptions, a_file_is_verified_and_what_is_discarded_is_not_unless_told_so) {
  const auto verifies = [](std::vector<std::string> words) {
    Client client;
    words.insert(words.begin(), "h:1");
    EXPECT_EQ(parsed(client, words), "");
    return client.options.verify();
  };
  EXPECT_TRUE(verifies({}));
  EXPECT_FALSE(verifies({"--no-verify"}));
  EXPECT_FALSE(verifies({"--sink", "discard"}));
  EXPECT_TRUE(verifies({"--sink", "discard", "--verify"}));
}

TEST(ClientOptions, a_sink_that_is_none_is_refused_with_the_choice) {
  Client client;
  const auto error = parsed(client, {"h:1", "--sink", "heap"});
  EXPECT_NE(error.find("file"), std::string::npos);
  EXPECT_NE(error.find("discard"), std::string::npos);
}

TEST(Options, unknown_ones_are_refused) {
  Client client;
  EXPECT_NE(parsed(client, {"h:1", "--no-such"}).find("--no-such"), std::string::npos);
}

struct Times {
  void declare(CLI::App& app) {
    add_duration(app, "--grace", "", [this](std::chrono::nanoseconds time) { grace = time; });
    add_seconds(app, "--seconds", "", [this](std::chrono::nanoseconds time) { seconds = time; });
  }
  std::chrono::nanoseconds grace = -1ns;
  std::chrono::nanoseconds seconds = -1ns;
};

TEST(Times, a_number_alone_is_refused_unless_the_options_name_is_its_unit) {
  Times times;
  EXPECT_NE(parsed(times, {"--grace", "40"}).find("--grace 40: is no time"), std::string::npos);
  EXPECT_EQ(parsed(times, {"--grace", "0", "--seconds", "1.5"}), "");
  EXPECT_EQ(times.grace, 0ns);
  EXPECT_EQ(times.seconds, 1500ms);
  EXPECT_EQ(parsed(times, {"--grace", "40ms", "--seconds", "200ms"}), "");
  EXPECT_EQ(times.grace, 40ms);
  EXPECT_EQ(times.seconds, 200ms);
  EXPECT_NE(parsed(times, {"--seconds", "soon"}).find("--seconds soon: is no time"),
            std::string::npos);
}

struct Rates {
  void declare(CLI::App& app) {
    add_rate(app, "--work", "", [this](base::BitRate rate) { taken.push_back(rate); });
    add_rates(app, "--limit-rate", "", [this](base::BitRate rate) { taken.push_back(rate); });
  }
  std::vector<base::BitRate> taken;
};

TEST(Rates, one_or_a_list_is_taken) {
  Rates rates;
  EXPECT_EQ(parsed(rates, {"--work", "10MB/s", "--limit-rate", "10Mbit,1Gbit"}), "");
  EXPECT_EQ(rates.taken, (std::vector<base::BitRate>{{80e6}, {10e6}, {1e9}}));
}

TEST(Rates, what_is_none_is_refused_with_examples) {
  for (const char* text : {"10", "10Mbit,", ",10Mbit", "10Mbit,,1Gbit", "0Mbit", "fast"}) {
    Rates rates;
    EXPECT_NE(parsed(rates, {"--limit-rate", text}).find("is no rate (10Mbit, 1Gbit, 10MB/s)"),
              std::string::npos)
        << text;
  }
}

}  // namespace
}  // namespace dlab::cli
