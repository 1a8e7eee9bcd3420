#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

#include "common/storage/checkpointer.hpp"
#include "common/storage/control_file.hpp"
#include "common/storage/part_file.hpp"

namespace dlab::storage {

// The file is not the one any more that an earlier run has begun: all of it is to be brought anew.
class Outdated : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What has come does not belong together: nothing of it is worth going on from.
class Spoilt : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One attempt to bring a file.
struct Attempt {
  PartFile& part;
  Checkpointer& received;
  const std::optional<ControlRecord>& record;  // what is here already; nothing: no byte
};

// A download that a later run can go on with: NAME.part and NAME.part.dlab beside the target, until
// it is whole. For one thread.
class Resumable {
 public:
  using Bring = std::function<void(const Attempt& attempt)>;
  using StartingOver = std::function<void(const Outdated& why)>;

  // `name`: the file's, which the record of an earlier run must have. Unless `resume`, what such a
  // run has left is replaced. Throws as PartFile does.
  Resumable(std::string target, const std::string& name, bool resume);

  // Gives the file its final name once `bring` has returned, which resizes the part file, starts
  // `received`, brings what is missing and verifies it. When it throws Outdated while there is a
  // record, `starting_over` hears why, and it is called once more, without one. Whatever else it
  // throws comes out, and what has come is kept, but for base::IntegrityError and Spoilt.
  void complete(const Bring& bring, const StartingOver& starting_over);

 private:
  void attempt(const Bring& bring);

  PartFile part_;
  std::optional<ControlRecord> record_;
};

}  // namespace dlab::storage
