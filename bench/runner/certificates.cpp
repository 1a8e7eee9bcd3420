#include "bench/runner/certificates.hpp"

#include <algorithm>
#include <exception>
#include <map>

#include "bench/runner/interrupt.hpp"
#include "bench/runner/run_network.hpp"
#include "linkem/certificate.hpp"

namespace dlab::bench {
namespace {

using linkem::Certificate;
using linkem::NamedLink;

std::map<std::string, NamedLink> links_in(const std::vector<PlannedExperiment>& plan) {
  std::map<std::string, NamedLink> links;
  for (const auto& experiment : plan) {
    for (const auto& cell : experiment.cells) {
      if (auto link = link_of(cell)) {
        links.emplace(link->name, *link);
      }
    }
  }
  return links;
}

bool same_settings(const NamedLink& a, const NamedLink& b) {
  return a.rate == b.rate && a.rtt == b.rtt && a.loss.probability == b.loss.probability &&
         a.loss.burst_packets == b.loss.burst_packets && a.queue_packets == b.queue_packets &&
         a.policy == b.policy && a.jitter == b.jitter;
}

// A measurement of a link like this one, made now unless there is one.
Certificate certificate_for(const NamedLink& link, std::uint64_t seed,
                            std::vector<Certificate>& measured) {
  const auto same = std::ranges::find_if(measured, [&](const Certificate& certificate) {
    return same_settings(certificate.link, link);
  });
  if (same != measured.end()) {
    return *same;
  }
  return measured.emplace_back(linkem::certify(link, seed));
}

nlohmann::ordered_json unavailable(const std::string& name, const std::string& reason,
                                   Progress& progress) {
  progress.say("link " + name + ": " + reason);
  return {{"link", name}, {"certified", false}, {"unavailable", reason}};
}

void say_what_is_missing(const std::vector<Certificate>& measured, Progress& progress) {
  if (measured.empty()) {
    return;
  }
  if (const auto list = linkem::refused(measured.front().granted); !list.empty()) {
    progress.say("the emulator goes without " + list +
                 ": runs whose packets leave late for that are void");
  }
}

}  // namespace

nlohmann::ordered_json certify_links(const std::vector<PlannedExperiment>& plan, std::uint64_t seed,
                                     const linkem::Namespaces& namespaces, Progress& progress) {
  auto entries = nlohmann::ordered_json::object();
  std::vector<Certificate> measured;
  for (const auto& [name, link] : links_in(plan)) {
    check_interrupted();
    if (namespaces.kind == linkem::NamespaceKind::host) {
      entries[name] = unavailable(name, namespaces.obstacle, progress);
      continue;
    }
    try {
      auto certificate = certificate_for(link, seed, measured);
      certificate.link = link;
      entries[name] = linkem::to_json(certificate);
      progress.say(
          "link " + name +
          (certificate.certified() ? ": certified" : ": NOT certified: " + certificate.reason()));
    } catch (const std::exception& problem) {
      entries[name] = unavailable(name, problem.what(), progress);
    }
  }
  say_what_is_missing(measured, progress);
  return entries;
}

}  // namespace dlab::bench
