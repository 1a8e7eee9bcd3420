#include "bench/runner/readiness.hpp"

#include <chrono>

#include "bench/runner/files.hpp"
#include "bench/runner/proc_net.hpp"
#include "bench/runner/run_problem.hpp"

namespace dlab::bench {
namespace {

using namespace std::chrono_literals;

bool is_ready(const Process& server, std::uint16_t port) {
  const auto said = read_file_if_any(server.spec().output).value_or("");
  return said.find("listening on") != std::string::npos || is_listening(port);
}

}  // namespace

void await_ready(Process& server, std::uint16_t port, const base::Deadline& deadline) {
  while (!is_ready(server, port)) {
    if (server.ended()) {
      throw RunProblem("failed",
                       "the server ended before it listened: " + server.result().how() + ": " +
                           last_line(read_file_if_any(server.spec().errors).value_or("")));
    }
    if (deadline.passed()) {
      throw RunProblem("timeout", "the server did not listen in time");
    }
    wait_any({&server, 1}, 1ms);
  }
}

}  // namespace dlab::bench
