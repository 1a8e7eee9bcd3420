#include "common/report/latency_rows.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

#include "common/base/output.hpp"

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
  std::ostringstream csv;
  csv << "connection,index,offset_bytes,bytes,intended_s,sent_s,first_byte_s,done_s,mirror\n";
  csv << std::fixed << std::setprecision(9);
  for (const auto& row : rows_) {
    csv << row.connection << ',' << row.index << ',' << row.offset_bytes << ',' << row.bytes << ',';
    if (row.intended_s) {
      csv << *row.intended_s;
    }
    csv << ',' << row.sent_s << ',' << row.first_byte_s << ',';
    if (row.done_s) {
      csv << *row.done_s;
    }
    csv << ',';
    if (row.mirror) {
      csv << *row.mirror;
    }
    csv << '\n';
  }
  base::write_output(path, csv.view());
}

}  // namespace dlab::report
