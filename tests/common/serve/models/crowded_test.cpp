#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "common/serve/child_processes.hpp"
#include "common/serve/model.hpp"
#include "tests/common/support/hex.hpp"
#include "tests/common/support/stream_pair.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::serve {
namespace {

// From now on this process can start neither a thread nor another process.
void start_nothing_more() {
  const rlimit one{1, 1};
  ::setrlimit(RLIMIT_NPROC, &one);
  if (::geteuid() == 0 && ::setuid(65534) != 0) {
    ::_exit(1);  // root is under no such limit
  }
}

class CrowdedServers : public testing::TestWithParam<ModelKind> {};

INSTANTIATE_TEST_SUITE_P(Of, CrowdedServers,
                         testing::Values(ModelKind::threads, ModelKind::processes),
                         [](const auto& kind) { return std::string(name_of(kind.param)); });

// It waited 4 s for each silent one before it.
TEST_P(CrowdedServers, tell_who_is_one_too_many_so_however_silent_the_others_are) {
  const test::TempFolder folder;
  HostOptions options;
  options.root = folder.path();
  options.limits.refusal_timeout = std::chrono::hours(1);
  Host host(options);
  ChildProcesses server;
  server.start([&] {
    start_nothing_more();
    make_model(GetParam(), host, 0)->run();
  });
  std::vector<net::TcpStream> silent;
  for (int i = 0; i < 20; ++i) {
    silent.push_back(test::connect_to(host.listener()));
  }
  auto client = test::connect_to(host.listener());
  client.send_all(test::raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  const auto told = test::text(test::receive(client, 10'000));
  EXPECT_TRUE(told.starts_with("HTTP/1.1 503 Service Unavailable\r\n")) << told;
}

}  // namespace
}  // namespace dlab::serve
