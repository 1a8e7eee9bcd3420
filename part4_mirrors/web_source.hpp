#pragma once

#include <optional>
#include <string>

#include "part4_mirrors/web_transfer.hpp"

namespace dlab::part4 {

// A mirror that is a web server: HTTP/1.1 ranges (RFC 9110 section 14), with or without TLS.
class WebSource : public RangeSource {
 public:
  WebSource(MirrorAddress mirror, const SourceSetup& setup)
      : mirror_(std::move(mirror)), setup_(setup) {}

  void open(const RangeRequest& request) override;
  FileHead head() override;
  bool receive(std::size_t most, const Take& take) override;
  std::uint16_t local_port() override { return transfer_->local_port(); }

 private:
  MirrorAddress mirror_;
  SourceSetup setup_;
  RangeRequest request_;
  std::optional<WebTransfer> transfer_;
  std::uint64_t left_ = 0;  // bytes of the answer
};

}  // namespace dlab::part4
