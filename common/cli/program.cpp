#include "common/cli/program.hpp"

#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "common/base/errors.hpp"
#include "common/base/output.hpp"
#include "common/base/signals.hpp"
#include "common/base/terminal_text.hpp"
#include "common/base/units.hpp"
#include "common/cli/exit_code.hpp"

namespace dlab::cli {
namespace {

// What the kernel tells with a signal that ends the process becomes an error like any other.
// sendfile(2) has no flag against SIGPIPE.
void make_signals_errors() {
  std::signal(SIGPIPE, SIG_IGN);
  base::fail_beyond_file_size_limit();
}

struct Ending {
  int exit_code = kExitDone;
  std::string error;
};

Ending end_of(const std::function<void()>& body) {
  try {
    body();
    return {};
  } catch (const base::UsageError& error) {
    return {kExitUsage, error.what()};
  } catch (const base::IntegrityError& error) {
    return {kExitIntegrity, error.what()};
  } catch (const std::exception& error) {
    return {kExitFailed, error.what()};
  }
}

void print_summary(const report::TransferReport& report) {
  const double seconds = report.duration_s.value_or(0);
  const double rate = seconds > 0 ? static_cast<double>(report.bytes_received) / seconds / 1e6 : 0;
  std::fprintf(stderr, "%s: %s in %.3f s (transfer %.3f s, %.1f MB/s, first byte after %.1f ms",
               base::printable(report.name).c_str(),
               base::format_byte_count(report.bytes_received).c_str(),
               report.since_t0(base::Clock::now()), seconds, rate, report.ttfb_s.value_or(0) * 1e3);
  if (report.verified) {
    std::fprintf(stderr, "; verification %.3f s), verified\n", report.verify_s.value_or(0));
  } else {
    std::fputs(")\n", stderr);
  }
  if (report.packets) {
    const auto& packets = *report.packets;
    std::fprintf(stderr,
                 "packets: %llu received, %llu duplicates, %llu corrupted, %llu repeated; at most "
                 "%llu places out of order, at most %llu buffered\n",
                 static_cast<unsigned long long>(packets.received),
                 static_cast<unsigned long long>(packets.duplicates),
                 static_cast<unsigned long long>(packets.corrupted),
                 static_cast<unsigned long long>(packets.repeated),
                 static_cast<unsigned long long>(packets.max_displacement_packets),
                 static_cast<unsigned long long>(packets.max_buffered_packets));
  }
}

// A file that cannot be written is better known before a download than after it.
void expect_if_any(const std::string& path) {
  if (!path.empty()) {
    base::expect_output(path);
  }
}

}  // namespace

void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

void say(const std::string& program, const std::string& text) {
  std::fprintf(stderr, "%s: %s\n", program.c_str(), base::printable_lines(text).c_str());
}

int run_program(const std::string& program, const std::function<void()>& body) {
  make_signals_errors();
  allow_many_descriptors();
  const Ending ending = end_of(body);
  if (ending.exit_code != kExitDone) {
    say(program, ending.error);
  }
  return ending.exit_code;
}

int report_on(const ClientOptions& options, report::TransferReport& report,
              const std::function<void()>& body) {
  make_signals_errors();
  allow_many_descriptors();
  const int refused = run_program(report.program, [&] { expect_if_any(options.report); });
  if (refused != kExitDone) {
    return refused;
  }
  const Ending ending = end_of([&] {
    expect_if_any(options.rows);
    body();
  });
  report.exit_code = ending.exit_code;
  report.error = ending.error;
  report.status = ending.exit_code == kExitDone ? "ok" : "failed";
  report::summarise(report);
  if (ending.exit_code != kExitDone) {
    say(report.program, ending.error);
  } else if (!options.quiet) {
    print_summary(report);
  }
  const int report_written = run_program(report.program, [&] {
    if (!options.report.empty()) {
      report::write_json(report, options.report);
    }
  });
  return ending.exit_code != kExitDone ? ending.exit_code : report_written;
}

void announce_listening(const net::SocketAddress& address) {
  std::printf("listening on %s\n", address.text().c_str());
  std::fflush(stdout);
}

}  // namespace dlab::cli
