#pragma once

#include <memory>
#include <span>
#include <string>
#include <type_traits>

#include "common/base/page_buffer.hpp"
#include "common/exchange/requests.hpp"
#include "common/report/transfer_report.hpp"
#include "part4_mirrors/mirror_digests.hpp"
#include "part4_mirrors/mirror_transfer.hpp"
#include "part4_mirrors/range_source.hpp"

namespace dlab::part4 {

// Brings one range after another, each over a connection of its own to the mirror that the board
// names, until nothing is left to bring.
class ChunkWorker {
 public:
  // `report` is this worker's and no other thread's until run() has returned.
  ChunkWorker(MirrorTransfer& transfer, unsigned number, report::ConnectionReport& report);

  // The thread's body. Never throws: what cannot be mended ends the whole transfer.
  void run();

 private:
  void bring(Decision decision);
  void receive_range(Decision& decision);
  void note(const FileHead& head, Mirror& mirror);
  void check(const FileHead& head, const Decision& decision) const;
  void throw_if_beyond_repair(const Decision& decision, const exchange::Refused& refused) const;
  void make_sure_of(Mirror& mirror, const Decision& decision);
  std::unique_ptr<RangeSource> open(const Mirror& mirror, const Decision& decision);
  void receive_stream(RangeSource& source, Decision& decision, double sent_s);
  std::uint64_t skip(RangeSource& source, const Decision& decision, std::uint64_t bytes);
  std::uint64_t receive_body(RangeSource& source, const Decision& decision, double sent_s);
  void receive_bytes(RangeSource& source, const Decision& decision, report::LatencyRow& row);
  [[noreturn]] void throw_cut_short(const Decision& decision, std::uint64_t left) const;
  void take_in(const Decision& decision, std::uint64_t offset, std::span<const std::byte> data);
  template <typename Receive>
  std::invoke_result_t<Receive> patiently(const Decision& decision, Receive receive);
  void obey(const Decision& decision);
  [[nodiscard]] double now_s() const;

  MirrorTransfer& transfer_;
  unsigned number_;
  report::ConnectionReport& report_;
  base::PageBuffer buffer_;
  SourceSetup setup_;
  Inquiry inquiry_;
  base::TimePoint judged_at_{};
};

}  // namespace dlab::part4
