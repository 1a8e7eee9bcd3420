#include "common/base/signals.hpp"

namespace dlab::base {

bool is_ignored(int signal) {
  struct sigaction now {};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

sigset_t heard_of(std::initializer_list<int> signals) {
  sigset_t heard{};
  ::sigemptyset(&heard);
  for (const int signal : signals) {
    if (!is_ignored(signal)) {
      ::sigaddset(&heard, signal);
    }
  }
  return heard;
}

// A handler that does nothing, where SIG_IGN would be inherited.
void fail_beyond_file_size_limit() {
  struct sigaction action {};
  action.sa_handler = [](int) {
  };
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGXFSZ, &action, nullptr);
}

}  // namespace dlab::base
