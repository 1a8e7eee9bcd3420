#include "bench/runner/run_row.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>

#include "bench/runner/columns.hpp"

namespace dlab::bench {
namespace {

std::size_t index_of(std::string_view column) {
  const auto columns = runs_columns();
  const auto found = std::ranges::find(columns, column);
  if (found == columns.end()) {
    throw std::logic_error("runs.csv has no column " + std::string(column));
  }
  return static_cast<std::size_t>(found - columns.begin());
}

}  // namespace

std::string format_number(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

RunRow::RunRow() : fields_(runs_columns().size()) {}

void RunRow::set(std::string_view column, std::string value) {
  fields_[index_of(column)] = std::move(value);
}

const std::string& RunRow::get(std::string_view column) const {
  return fields_[index_of(column)];
}

double RunRow::number(std::string_view column) const {
  const std::string& text = get(column);
  double value = std::numeric_limits<double>::quiet_NaN();
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace dlab::bench
