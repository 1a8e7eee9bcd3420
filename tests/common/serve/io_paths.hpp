#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "common/net/io_path.hpp"

namespace dlab::test {

// All ways from a file to a socket, and their names, for suites that try each.
constexpr std::array kIoPaths{net::IoPath::copy, net::IoPath::sendfile, net::IoPath::mmap};

inline std::string name_of(const testing::TestParamInfo<net::IoPath>& path) {
  switch (path.param) {
    case net::IoPath::copy:
      return "copy";
    case net::IoPath::sendfile:
      return "sendfile";
    default:
      return "mmap";
  }
}

}  // namespace dlab::test
