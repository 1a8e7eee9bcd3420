#include "common/base/check.hpp"

#include "common/base/terminal_text.hpp"

namespace dlab::base {

void throw_system_error(int error_number, std::string_view operation, std::string_view object) {
  std::string what(operation);
  if (!object.empty()) {
    what.append(" ").append(printable(object));
  }
  throw std::system_error(error_number, std::generic_category(), what);
}

}  // namespace dlab::base
