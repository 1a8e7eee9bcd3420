#include "part4_mirrors/complaints.hpp"

#include <algorithm>

namespace dlab::part4 {
namespace {

constexpr std::size_t kMostChunks = 20;

std::string line(const Failure& failure, const std::vector<std::string>& names,
                 const char* indent) {
  std::string text("\n");
  return text.append(indent).append(names[failure.mirror]).append(": ").append(failure.reason);
}

// The chunk's trail, and behind it who had been given up before its turn.
std::vector<Failure> whole_trail(const ChunkSchedule& schedule, std::size_t chunk) {
  auto trail = schedule.trail(chunk);
  const MirrorTable& mirrors = schedule.mirrors();
  for (std::size_t mirror = 0; mirror < mirrors.size(); ++mirror) {
    const bool was_tried = std::ranges::any_of(
        trail, [mirror](const Failure& failure) { return failure.mirror == mirror; });
    if (!was_tried && mirrors.is_given_up(mirror)) {
      trail.push_back({mirror, "given up: " + mirrors.reason(mirror)});
    }
  }
  return trail;
}

}  // namespace

std::string cannot_transfer(const std::vector<Failure>& failures,
                            const std::vector<std::string>& names) {
  std::string text = "Cannot transfer this file";
  for (const auto& failure : failures) {
    text += line(failure, names, "  ");
  }
  return text;
}

std::string missing_bytes(const ChunkSchedule& schedule, const std::vector<std::string>& names,
                          bool keeps) {
  std::string text;
  const auto missing = schedule.missing();
  for (std::size_t i = 0; i < std::min(missing.size(), kMostChunks); ++i) {
    const auto range = missing[i].range;
    const std::string end =
        range.end == kUnknownEnd ? "to the end" : "to " + std::to_string(range.end);
    text += "\n  chunk " + std::to_string(missing[i].chunk) + ": bytes " +
            std::to_string(range.begin) + " " + end + " are missing";
    for (const auto& failure : whole_trail(schedule, missing[i].chunk)) {
      text += line(failure, names, "    ");
    }
  }
  if (missing.size() > kMostChunks) {
    text += "\n  and " + std::to_string(missing.size() - kMostChunks) + " more";
  }
  if (keeps && schedule.received_bytes() > 0) {
    text += "\n  the other " + std::to_string(schedule.received_bytes()) +
            " bytes are kept: --resume goes on from them";
  }
  return text;
}

}  // namespace dlab::part4
