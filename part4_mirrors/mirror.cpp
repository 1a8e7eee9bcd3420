#include "part4_mirrors/mirror.hpp"

#include "common/exchange/requests.hpp"

namespace dlab::part4 {
namespace {

constexpr const char* kRedirected = " -> ";  // no URL has a blank

}  // namespace

void note_version(Mirror& mirror, const std::string& origin, std::uint64_t told) {
  if (!mirror.versions.note(origin, told)) {
    const std::string& place = origin.empty() ? mirror.address.text : origin;
    throw exchange::Refused(place + ": the file was changed during the download",
                            wire::ErrorCode::version_changed);
  }
}

std::string recorded_name(const Mirror& mirror, const std::string& origin) {
  return origin.empty() ? mirror.address.text : mirror.address.text + kRedirected + origin;
}

std::optional<std::string> origin_of(const Mirror& mirror, const std::string& recorded) {
  if (recorded == mirror.address.text) {
    return "";
  }
  const std::string front = mirror.address.text + kRedirected;
  return recorded.starts_with(front) ? std::optional(recorded.substr(front.size())) : std::nullopt;
}

std::vector<std::string> remarks(const Mirrors& mirrors, bool verified) {
  std::vector<std::string> sentences;
  for (const auto& mirror : mirrors) {
    if (mirror.unsure_answers > 1 && !verified) {
      sentences.push_back(mirror.address.text +
                          ": tells neither a strong entity tag nor a date: nothing but the size "
                          "would show that the file was changed between its answers");
    }
    if (mirror.labels_as_encoded) {
      sentences.push_back(mirror.address.text +
                          ": calls encoded what is the file itself: kept as served");
    }
  }
  return sentences;
}

}  // namespace dlab::part4
