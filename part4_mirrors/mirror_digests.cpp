#include "part4_mirrors/mirror_digests.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "common/exchange/patience.hpp"

namespace dlab::part4 {
namespace {

constexpr std::size_t kAtOnce = 64;

}  // namespace

FileHead Inquiry::head(const Mirror& mirror, std::uint64_t version) const {
  const auto source = make_source(mirror.address, {options_, open_streams_, std::span<std::byte>(),
                                                   options_.stall_timeout, cacert_});
  source->open({.name = name_, .version = version, .range = {}});
  return source->head();
}

wire::FileDigest Inquiry::digest(const Mirror& mirror, std::uint64_t version) const {
  exchange::MessageChannel channel(
      net::TcpStream::connect(net::resolve(*mirror.address.endpoint, false), options_.socket,
                              options_.connect_timeout, &open_streams_));
  const net::OpenStreams::Entry entry(open_streams_, channel.stream());
  channel.stream().set_stall_timeout(options_.stall_timeout);
  return exchange::ask_digest(channel, {.version = version, .name = name_});
}

wire::FileDigest Inquiry::check(Mirror& mirror,
                                const std::optional<storage::Sha256Value>& wanted) const {
  const wire::FileDigest told = digest(mirror, mirror.versions.of(""));
  if (wanted && told.sha256 != *wanted) {
    throw exchange::ProtocolError(mirror.address.text + ": serves another file");
  }
  note_version(mirror, "", told.version);
  mirror.is_checked = true;
  return told;
}

Contents Inquiry::survey(const Mirror& mirror) const {
  Contents told;
  try {
    told.size = head(mirror, wire::kAnyVersion).size;
    if (mirror.tells_digests()) {
      const wire::FileDigest answer = digest(mirror, wire::kAnyVersion);
      told.size = answer.size;
      told.sha256 = answer.sha256;
    }
  } catch (const std::exception& error) {
    told.trouble = error.what();
  }
  return told;
}

std::vector<Contents> Inquiry::survey_all(const Mirrors& mirrors) const {
  return ask_all(mirrors.size(), [&](std::size_t mirror) { return survey(mirrors[mirror]); });
}

Contents Inquiry::told_digest(const Mirror& mirror) const {
  try {
    const wire::FileDigest answer =
        exchange::ask_patiently([&] { return digest(mirror, mirror.versions.of("")); },
                                open_streams_, options_.stall_timeout);
    return {.size = answer.size, .sha256 = answer.sha256};
  } catch (const std::exception& error) {
    return {.trouble = error.what()};
  }
}

std::vector<Contents> ask_all(std::size_t mirrors,
                              const std::function<Contents(std::size_t)>& ask) {
  std::vector<Contents> told(mirrors);
  std::atomic<std::size_t> next = 0;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(mirrors, kAtOnce); ++i) {
      threads.emplace_back([&] {
        for (std::size_t mirror = next++; mirror < mirrors; mirror = next++) {
          told[mirror] = ask(mirror);
        }
      });
    }
  }
  return told;
}

}  // namespace dlab::part4
