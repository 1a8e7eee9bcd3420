#include "part4_mirrors/preparations.hpp"

#include <algorithm>
#include <utility>

#include "common/base/errors.hpp"
#include "common/wire/http_target.hpp"

namespace dlab::part4 {
namespace {

// What a record says of one mirror, by origin.
KnownVersions::Versions versions_of(const Mirror& mirror, const KnownVersions::Versions& recorded) {
  KnownVersions::Versions versions;
  for (const auto& [name, version] : recorded) {
    if (const auto origin = origin_of(mirror, name)) {
      versions[*origin] = version;
    }
  }
  return versions;
}

}  // namespace

void refuse_contradictions(const cli::ClientOptions& options) {
  const bool discards = options.sink == cli::SinkKind::discard;
  if (discards && options.verify()) {
    throw base::UsageError("--verify needs a file: chunks come in any order and are not kept");
  }
}

std::size_t place_of_trusted(const std::string& line, const Mirrors& mirrors) {
  const ServersFile named = parse_servers(line);
  const auto found = std::ranges::find_if(mirrors, [&named](const Mirror& mirror) {
    return named.mirrors.size() == 1 && mirror.address == named.mirrors.front();
  });
  const std::string shown = wire::without_userinfo(line);
  if (found == mirrors.end()) {
    throw base::UsageError("--trust " + shown + ": the servers file does not name it");
  }
  if (!found->tells_digests()) {
    throw base::UsageError("--trust " + shown + ": a web server tells no digest");
  }
  return static_cast<std::size_t>(found - mirrors.begin());
}

void begin_with(const std::optional<storage::ControlRecord>& record, Mirrors& mirrors) {
  const auto recorded = record ? record->mirrors : KnownVersions::Versions();
  for (auto& mirror : mirrors) {
    auto versions = versions_of(mirror, recorded);
    mirror.is_recorded = !versions.empty();
    mirror.versions.begin_with(std::move(versions));
    mirror.has_brought = mirror.is_recorded;
    mirror.is_checked = false;
  }
}

storage::ControlRecord record_to_begin_with(const std::string& name, std::uint64_t size,
                                            const std::optional<storage::ControlRecord>& record,
                                            const Mirrors& mirrors) {
  auto begun = record.value_or(storage::ControlRecord{.name = name, .size = size});
  for (const auto& mirror : mirrors) {
    for (const auto& [origin, version] : mirror.versions.all()) {
      if (version != wire::kAnyVersion) {
        begun.mirrors[recorded_name(mirror, origin)] = version;
      }
    }
  }
  return begun;
}

}  // namespace dlab::part4
