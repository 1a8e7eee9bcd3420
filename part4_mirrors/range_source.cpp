#include "part4_mirrors/range_source.hpp"

#include "common/base/errors.hpp"
#include "part4_mirrors/lab_source.hpp"

namespace dlab::part4 {

std::unique_ptr<RangeSource> make_source(const MirrorAddress& mirror, const SourceSetup& setup) {
  if (!mirror.endpoint) {
    throw base::UsageError(mirror.text + ": web servers cannot be asked, only HOST:PORT");
  }
  return std::make_unique<LabSource>(*mirror.endpoint, setup);
}

}  // namespace dlab::part4
