// A control file: what is accepted lies within the file, in order, and is written back.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/storage/control_file.hpp"
#include "tests/fuzz/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dlab;
  const auto record = storage::parse_control({reinterpret_cast<const char*>(data), size});
  if (!record) {
    return 0;
  }
  std::uint64_t position = 0;
  for (const auto& range : record->received) {
    fuzz::must(range.begin >= position && range.begin < range.end && range.end <= record->size);
    position = range.end;
  }
  fuzz::must(storage::parse_control(storage::format_control(*record)) == record);
  return 0;
}
