#include "linkem/tool/certify.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "common/base/output.hpp"
#include "linkem/certificate.hpp"
#include "linkem/tool/shells.hpp"
#include "linkem/tool/summary.hpp"

namespace dlab::linkem::tool {
namespace {

void print(const Certificate& certificate) {
  std::printf("%s\n  %-24s %10s %10s %10s\n", describe(certificate.link).c_str(), "", "asked",
              "measured", "tolerance");
  for (const auto& finding : certificate.findings) {
    const std::string measured =
        finding.measured ? std::to_string(*finding.measured) : std::string("nothing");
    std::printf("  %-24s %10.4g %10.6s %10.3g  %-8s %s\n", finding.quantity.c_str(), finding.asked,
                measured.c_str(), finding.tolerance, finding.unit.c_str(),
                finding.holds ? "ok" : "FAILS");
  }
  std::printf("  latest packet %.2f ms late, %.2f %% over 1 ms; %.1f s\n", certificate.most_late_ms,
              certificate.late_pct, certificate.duration_s);
  if (const auto list = refused(certificate.granted); !list.empty()) {
    std::printf("  without %s\n", list.c_str());
  }
  std::printf(certificate.certified() ? "certified\n" : "NOT certified: %s\n",
              certificate.reason().c_str());
}

}  // namespace

int certify(const Options& options) {
  require_namespaces();
  const auto certificate = linkem::certify(options.link, options.seed);
  print(certificate);
  if (!options.json.empty()) {
    base::write_output(options.json, to_json(certificate).dump(2) + '\n');
  }
  return certificate.certified() ? 0 : 1;
}

}  // namespace dlab::linkem::tool
