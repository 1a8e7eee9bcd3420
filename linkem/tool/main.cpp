// linkem: runs programs on hosts of their own, joined by an emulated link.
#include <cstdio>
#include <exception>

#include "common/base/errors.hpp"
#include "common/base/signals.hpp"
#include "common/cli/program.hpp"
#include "linkem/emulator.hpp"
#include "linkem/tool/certify.hpp"
#include "linkem/tool/check.hpp"
#include "linkem/tool/options.hpp"
#include "linkem/tool/session.hpp"
#include "linkem/tool/shells.hpp"
#include "linkem/tool/summary.hpp"

namespace {

namespace linkem = dlab::linkem;
using linkem::tool::Action;
using linkem::tool::Options;

constexpr int kOwnFailure = 125;  // as env(1) and timeout(1) have it

// A client, or a shell in its place.
int run(const Options& options) {
  linkem::require_namespaces();
  auto spec = linkem::star_of(options.link, options.seed);
  spec.log = options.log;
  spec.pcap = options.pcap;
  const linkem::Emulator star(spec);
  linkem::tool::Session session(options, star);
  if (!options.server.empty()) {
    session.start_server();
  }
  if (options.action == Action::shell) {
    linkem::tool::greet(options.link, session.port());
  }
  const int status = session.run_client();
  const auto snapshot = star.snapshot();
  session.stop_server();
  if (!options.quiet) {
    std::fputs(linkem::tool::summarise(options.link, snapshot, session.client_ran(), star.granted())
                   .c_str(),
               stderr);
  }
  if (!snapshot.complaint.empty()) {
    dlab::cli::say("linkem", snapshot.complaint);
    return status != 0 ? status : kOwnFailure;
  }
  return status;
}

int act(const Options& options) {
  switch (options.action) {
    case Action::list:
      std::fputs(linkem::tool::list_links().c_str(), stdout);
      return 0;
    case Action::certify:
      return linkem::tool::certify(options);
    case Action::check:
      return linkem::tool::check();
    case Action::shell:
      return run(linkem::tool::with_shell(options));
    case Action::join:
      return linkem::tool::join_shell(options);
    case Action::run:
      return run(options);
  }
  return kOwnFailure;
}

}  // namespace

int main(int argc, char** argv) {
  dlab::base::fail_beyond_file_size_limit();
  try {
    Options options;
    if (const auto code = linkem::tool::parse_options(argc, argv, options)) {
      return *code == 0 ? 0 : kOwnFailure;
    }
    return act(options);
  } catch (const std::exception& error) {
    dlab::cli::say("linkem", error.what());
    return kOwnFailure;
  }
}
