#include "linkem/pcap_writer.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <utility>

namespace dlab::linkem {
namespace {

constexpr std::uint32_t kMagicNanoseconds = 0xA1B23C4DU;
constexpr std::uint32_t kVersion2_4 = 2U | 4U << 16U;  // two 16-bit fields, in our byte order
constexpr std::uint32_t kLinkTypeRaw = 101;

template <std::size_t count>
void put(OutputFile& file, const std::array<std::uint32_t, count>& fields) {
  file.write({reinterpret_cast<const char*>(fields.data()), sizeof fields});
}

base::Duration real_time_less_ours() {
  return std::chrono::system_clock::now().time_since_epoch() -
         base::Clock::now().time_since_epoch();
}

}  // namespace

PcapWriter::PcapWriter(OutputFile file)
    : file_(std::move(file)), to_real_time_(real_time_less_ours()) {
  put<6>(file_, {kMagicNanoseconds, kVersion2_4, 0, 0, kMtu, kLinkTypeRaw});
}

void PcapWriter::add(const Packet& packet) {
  const auto time = (packet.due.time_since_epoch() + to_real_time_).count();
  put<4>(file_, {static_cast<std::uint32_t>(time / 1'000'000'000),
                 static_cast<std::uint32_t>(time % 1'000'000'000), packet.length, packet.length});
  file_.write({reinterpret_cast<const char*>(packet.bytes.data()), packet.length});
}

}  // namespace dlab::linkem
