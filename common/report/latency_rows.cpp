#include "common/report/latency_rows.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iomanip>

#include "common/base/check.hpp"

namespace dlab::report {

void LatencyRows::add(const LatencyRow& row) {
  const std::lock_guard lock(mutex_);
  ++seen_;
  if (rows_.size() < kLimit) {
    rows_.push_back(row);
    return;
  }
  const std::uint64_t place = random_.below(seen_);
  if (place < kLimit) {
    rows_[place] = row;
  }
}

void LatencyRows::write_csv(const std::string& path) {
  const std::lock_guard lock(mutex_);
  std::ranges::sort(rows_, {}, &LatencyRow::sent_s);
  std::ofstream file(path);
  file << "connection,index,offset_bytes,bytes,intended_s,sent_s,first_byte_s,done_s,mirror\n";
  file << std::fixed << std::setprecision(9);
  for (const auto& row : rows_) {
    file << row.connection << ',' << row.index << ',' << row.offset_bytes << ',' << row.bytes
         << ',';
    if (row.intended_s) {
      file << *row.intended_s;
    }
    file << ',' << row.sent_s << ',' << row.first_byte_s << ',';
    if (row.done_s) {
      file << *row.done_s;
    }
    file << ',';
    if (row.mirror) {
      file << *row.mirror;
    }
    file << '\n';
  }
  file.close();
  if (!file) {
    base::throw_system_error(errno, "write", path);
  }
}

}  // namespace dlab::report
