#pragma once

#include <stdexcept>

namespace dlab::base {

// The bytes that arrived are not the bytes that were sent (exit code 3).
class IntegrityError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The command line asks for something that makes no sense (exit code 2).
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Somebody asked this program to stop before it was done (exit code 1).
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

}  // namespace dlab::base
