#include "part4_mirrors/contents.hpp"

#include <algorithm>

namespace dlab::part4 {
namespace {

// A line for each mirror that was asked in vain.
std::string troubles(const std::vector<Contents>& contents, const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t mirror = 0; mirror < contents.size(); ++mirror) {
    if (!contents[mirror].trouble.empty()) {
      text += "\n  " + names[mirror] + ": " + contents[mirror].trouble;
    }
  }
  return text;
}

}  // namespace

std::vector<ContentsGroup> group(const std::vector<Contents>& contents) {
  std::vector<ContentsGroup> groups;
  for (std::size_t mirror = 0; mirror < contents.size(); ++mirror) {
    const Contents& told = contents[mirror];
    if (!told.size) {
      continue;
    }
    auto found = std::ranges::find_if(groups, [&told](const ContentsGroup& one) {
      return one.size == told.size && one.sha256 == told.sha256;
    });
    if (found == groups.end()) {
      found = groups.insert(groups.end(), {.size = *told.size, .sha256 = told.sha256});
    }
    found->mirrors.push_back(mirror);
  }
  return groups;
}

Match compare(const storage::Sha256Value& received, const std::vector<Contents>& contents) {
  std::optional<storage::Sha256Value> common;
  for (const auto& told : contents) {
    if (told.sha256 && common && told.sha256 != common) {
      return Match::different;
    }
    common = told.sha256 ? told.sha256 : common;
  }
  if (!common) {
    return Match::unknown;
  }
  return *common == received ? Match::good : Match::corrupted;
}

std::string different_contents(const std::vector<Contents>& contents,
                               const std::vector<std::string>& names) {
  std::string text = "the mirrors have different files under this name";
  for (const auto& one : group(contents)) {
    text += "\n  " + std::to_string(one.size) + " bytes, " +
            (one.sha256 ? "sha256 " + storage::to_hex(*one.sha256) : "no digest");
    const char* before = ": ";
    for (const std::size_t mirror : one.mirrors) {
      text += before + names[mirror];
      before = ", ";
    }
  }
  return text + troubles(contents, names) + "\n  --digest HEX or --trust HOST:PORT decides";
}

std::string not_verified(const std::vector<Contents>& contents,
                         const std::vector<std::string>& names) {
  return "no mirror can be asked for the digest" + troubles(contents, names);
}

}  // namespace dlab::part4
