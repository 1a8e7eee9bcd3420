#include "part4_mirrors/range_source.hpp"

#include "part4_mirrors/lab_source.hpp"
#include "part4_mirrors/web_source.hpp"

namespace dlab::part4 {

std::unique_ptr<RangeSource> make_source(const MirrorAddress& mirror, const SourceSetup& setup) {
  if (mirror.endpoint) {
    return std::make_unique<LabSource>(*mirror.endpoint, setup);
  }
  return std::make_unique<WebSource>(mirror, setup);
}

}  // namespace dlab::part4
