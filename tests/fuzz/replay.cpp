// Runs a fuzz target over the files of the folders named on the command line, and over every cut
// of each: the corpus as a test, in builds without libFuzzer.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::uint8_t> contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The input and all its fronts; each in memory of its own size, so that a sanitizer sees its end.
void replay(const std::vector<std::uint8_t>& input) {
  constexpr std::size_t kMostCuts = 256;
  const std::size_t step = input.size() / kMostCuts + 1;
  for (std::size_t size = 0; size < input.size(); size += step) {
    const std::vector<std::uint8_t> front(input.begin(),
                                          input.begin() + static_cast<std::ptrdiff_t>(size));
    LLVMFuzzerTestOneInput(front.data(), front.size());
  }
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  int files = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      replay(contents(entry.path()));
      ++files;
    }
  }
  std::printf("%d files\n", files);
  return files > 0 ? 0 : 1;
}
