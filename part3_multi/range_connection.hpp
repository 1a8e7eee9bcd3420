#pragma once

#include "common/base/page_buffer.hpp"
#include "common/net/tcp_stream.hpp"
#include "common/report/transfer_report.hpp"
#include "part3_multi/comebacks.hpp"
#include "part3_multi/local_work.hpp"
#include "part3_multi/range_conversation.hpp"

namespace dlab::part3 {

// One of the N connections, on a thread of its own: brings one range after another until the board
// has no more, comes back after failures, closes as soon as it has no work.
class RangeConnection {
 public:
  // `report` is this connection's and no other thread's until run() has returned.
  RangeConnection(Transfer& transfer, unsigned number, report::ConnectionReport& report);

  // The thread's body. Never throws: what cannot be mended ends the whole transfer.
  void run();

 private:
  bool bring_ranges();

  Transfer& transfer_;
  unsigned number_;
  LocalWork work_;
  Comebacks comebacks_;
  base::PageBuffer buffer_;
};

// What connection `number` talks about in a new life.
RangeConversation::Subject subject_of(const Transfer& transfer, unsigned number);

// One life of a connection, with calls that block: connects, and brings ranges until there is no
// more work. True when there may be some for another life. Throws what ends it early.
bool live(Transfer& transfer, ConnectionWork& work, RangeConversation& conversation,
          base::PageBuffer& buffer);

}  // namespace dlab::part3
