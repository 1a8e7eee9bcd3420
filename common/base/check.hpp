#pragma once

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

namespace dlab::base {

// Throws std::system_error whose text reads "connect 127.0.0.1:9000: Connection refused".
// `object` may be a foreign name: it is made printable.
[[noreturn]] void throw_system_error(int error_number, std::string_view operation,
                                     std::string_view object);

// Every system call's result goes through here: returns it, or throws with operation and object
// when it is negative. Captures errno before anything else can change it.
template <typename Result>
Result check(Result result, std::string_view operation, std::string_view object) {
  if (result < 0) {
    const int error_number = errno;
    throw_system_error(error_number, operation, object);
  }
  return result;
}

// Calls `system_call` again for as long as a signal interrupts it.
template <typename SystemCall>
auto retry_interrupted(SystemCall system_call) {
  for (;;) {
    const auto result = system_call();
    if (result >= 0 || errno != EINTR) {
      return result;
    }
  }
}

}  // namespace dlab::base
