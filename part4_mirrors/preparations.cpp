#include "part4_mirrors/preparations.hpp"

#include <algorithm>

#include "common/base/errors.hpp"
#include "common/wire/http_target.hpp"

namespace dlab::part4 {

void refuse_contradictions(const cli::ClientOptions& options, const MirrorOptions& mirror) {
  const bool discards = options.sink == cli::SinkKind::discard;
  if (discards && options.verify()) {
    throw base::UsageError("--verify needs a file: chunks come in any order and are not kept");
  }
  if (discards && mirror.resume) {
    throw base::UsageError("--resume needs a file: --sink discard keeps nothing");
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
  const auto recorded = record ? record->mirrors : std::map<std::string, std::uint64_t>();
  for (auto& mirror : mirrors) {
    const auto found = recorded.find(mirror.address.text);
    mirror.is_recorded = found != recorded.end();
    mirror.version = mirror.is_recorded ? found->second : wire::kAnyVersion;
    mirror.has_brought = mirror.is_recorded;
    mirror.is_checked = false;
  }
}

storage::ControlRecord record_to_begin_with(const std::string& name, std::uint64_t size,
                                            const std::optional<storage::ControlRecord>& record,
                                            const Mirrors& mirrors) {
  auto begun = record.value_or(storage::ControlRecord{.name = name, .size = size});
  for (const auto& mirror : mirrors) {
    if (mirror.version != wire::kAnyVersion) {
      begun.mirrors[mirror.address.text] = mirror.version;
    }
  }
  return begun;
}

}  // namespace dlab::part4
