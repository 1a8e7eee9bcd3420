#include "part4_mirrors/mirror.hpp"

#include "common/exchange/requests.hpp"

namespace dlab::part4 {

void note_version(Mirror& mirror, std::uint64_t told) {
  std::uint64_t known = wire::kAnyVersion;
  if (!mirror.version.compare_exchange_strong(known, told) && known != told) {
    throw exchange::Refused(mirror.address.text + ": the file was changed during the download",
                            wire::ErrorCode::version_changed);
  }
}

}  // namespace dlab::part4
