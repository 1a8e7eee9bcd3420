#include "tests/bench/refused_calls.hpp"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include <cstddef>
#include <vector>

#include "common/base/check.hpp"

namespace dlab::test {

void refuse_calls(std::initializer_list<int> calls, int error_number) {
  std::vector<sock_filter> program{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  for (const int call : calls) {
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<__u32>(call), 0, 1));
    program.push_back(
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<__u32>(error_number)));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  base::check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl", "no new privileges");
  base::check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), "prctl", "seccomp");
}

}  // namespace dlab::test
