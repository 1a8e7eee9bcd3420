#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "common/serve/request_log.hpp"
#include "common/storage/byte_range.hpp"
#include "common/storage/digest_service.hpp"
#include "common/storage/served_root.hpp"

namespace dlab::serve {

// A digest that is being computed; its answer can be made when the job is done.
struct PendingDigest {
  std::shared_ptr<storage::DigestService::Job> job;
  std::uint64_t version = 0;
  std::uint64_t size = 0;
};

// What one request is answered with: bytes made in memory, then perhaps a range of a file. Says
// nothing of how and when they travel.
struct Reply {
  std::vector<std::byte> head;
  std::optional<storage::ServedFile> file;  // none: the head is all
  storage::ByteRange range;                 // of the file
  std::optional<PendingDigest> digest;      // then the head is made when it is done
  bool ends_connection = false;
  bool is_refusal = false;  // of a client, not of a request: it is given less time to read it
  RequestRecord record;     // as the log will have it
};

}  // namespace dlab::serve
