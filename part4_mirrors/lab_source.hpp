#pragma once

#include <optional>

#include "common/exchange/requests.hpp"
#include "part4_mirrors/range_source.hpp"

namespace dlab::part4 {

// A mirror that speaks our own protocol (docs/protocol.md): GET, FILE, raw bytes.
class LabSource : public RangeSource {
 public:
  LabSource(net::Endpoint mirror, const SourceSetup& setup)
      : mirror_(std::move(mirror)), setup_(setup) {}

  void open(const RangeRequest& request) override;
  FileHead head() override;
  bool receive(std::size_t most, const Take& take) override;
  std::uint16_t local_port() override;

 private:
  net::Endpoint mirror_;
  SourceSetup setup_;
  wire::Get get_;
  std::optional<exchange::MessageChannel> channel_;
  std::optional<net::OpenStreams::Entry> entry_;
};

}  // namespace dlab::part4
