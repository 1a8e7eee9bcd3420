#include "linkem/pcap_writer.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "common/base/check.hpp"

namespace dlab::linkem {
namespace {

constexpr std::size_t kFileBufferBytes = std::size_t{1} << 20U;
constexpr std::uint32_t kMagicNanoseconds = 0xA1B23C4DU;
constexpr std::uint32_t kVersion2_4 = 2U | 4U << 16U;  // two 16-bit fields, in our byte order
constexpr std::uint32_t kLinkTypeRaw = 101;

template <std::size_t count>
bool put(std::FILE* file, const std::array<std::uint32_t, count>& fields) {
  return std::fwrite(fields.data(), sizeof fields[0], fields.size(), file) == fields.size();
}

base::Duration real_time_less_ours() {
  return std::chrono::system_clock::now().time_since_epoch() -
         base::Clock::now().time_since_epoch();
}

}  // namespace

PcapWriter::PcapWriter(const std::filesystem::path& path)
    : path_(path.string()),
      file_(std::fopen(path.c_str(), "wbe")),
      to_real_time_(real_time_less_ours()) {
  if (!file_) {
    base::throw_system_error(errno, "open", path_);
  }
  std::setvbuf(file_.get(), nullptr, _IOFBF, kFileBufferBytes);
  note(put<6>(file_.get(), {kMagicNanoseconds, kVersion2_4, 0, 0, kMtu, kLinkTypeRaw}));
}

void PcapWriter::add(const Packet& packet) {
  if (!complaint_.empty()) {
    return;
  }
  const auto time = (packet.due.time_since_epoch() + to_real_time_).count();
  note(put<4>(file_.get(),
              {static_cast<std::uint32_t>(time / 1'000'000'000),
               static_cast<std::uint32_t>(time % 1'000'000'000), packet.length, packet.length}) &&
       std::fwrite(packet.bytes.data(), 1, packet.length, file_.get()) == packet.length);
}

void PcapWriter::flush() {
  note(std::fflush(file_.get()) == 0);
}

void PcapWriter::note(bool written) {
  if (!written && complaint_.empty()) {
    complaint_ = "write " + path_ + ": " + std::strerror(errno) + "; the capture is cut short";
  }
}

}  // namespace dlab::linkem
