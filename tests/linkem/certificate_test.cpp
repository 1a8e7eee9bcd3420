#include "linkem/certificate.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace dlab::linkem {
namespace {

Certificate with_findings(std::vector<Finding> findings) {
  Certificate certificate;
  certificate.link.name = "wan";
  certificate.findings = std::move(findings);
  return certificate;
}

TEST(Certificate, every_finding_must_hold) {
  const auto good =
      with_findings({{"rate", "Mbit/s", 100, 99.5, 1, true}, {"loss", "%", 0, 0, 0, true}});
  EXPECT_TRUE(good.certified());
  EXPECT_EQ(good.reason(), "");
  const auto bad = with_findings({{"rate", "Mbit/s", 100, 90, 1, false},
                                  {"median RTT", "ms", 40, 40.1, 0.4, true},
                                  {"queue", "packets", 350, std::nullopt, 7, false}});
  EXPECT_FALSE(bad.certified());
  EXPECT_EQ(bad.reason(), "rate, queue");
}

TEST(Certificate, without_findings_nothing_is_certified) {
  EXPECT_FALSE(with_findings({}).certified());
}

TEST(Certificate, its_json_tells_what_was_asked_and_what_was_measured) {
  auto certificate = with_findings({{"rate to the client", "Mbit/s", 100, 99.5, 1, true},
                                    {"queue", "packets", 350, {}, 7, false}});
  certificate.granted.realtime = true;
  certificate.late_pct = 0.5;
  certificate.most_late_ms = 1.25;
  certificate.duration_s = 3;
  EXPECT_EQ(to_json(certificate), nlohmann::json::parse(R"({
    "link": "wan", "certified": false, "realtime": true, "awake": false, "locked_memory": false,
    "pinned": false, "attempts": 0,
    "late_pct": 0.5, "late_max_ms": 1.25, "duration_s": 3.0,
    "findings": [
      {"quantity": "rate to the client", "unit": "Mbit/s", "asked": 100.0, "measured": 99.5,
       "tolerance": 1.0, "holds": true},
      {"quantity": "queue", "unit": "packets", "asked": 350.0, "measured": null,
       "tolerance": 7.0, "holds": false}]})"));
}

}  // namespace
}  // namespace dlab::linkem
