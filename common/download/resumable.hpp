#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "common/download/attempt.hpp"
#include "common/storage/checkpointer.hpp"
#include "common/storage/control_file.hpp"
#include "common/storage/part_file.hpp"

namespace dlab::download {

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

// A download that a later run can go on with: NAME.part and NAME.part.dlab beside the target, until
// it is whole. For one thread.
class Resumable {
 public:
  using Bring = std::function<void(const Attempt& attempt)>;
  using StartingOver = std::function<void(const Outdated& why)>;

  // `name`: the file's, which the record of an earlier run must have. Unless `resume`, what such a
  // run has left is replaced. `writer`: how the bytes that come are written. Throws as
  // storage::PartFile does.
  Resumable(const std::string& target, const std::string& name, bool resume,
            storage::WriterKind writer);

  // Gives the file its final name once `bring` has returned, which resizes the part file, starts
  // `received`, brings what is missing and verifies it. When it throws Outdated while there is a
  // record, `starting_over` hears why, and it is called once more, without one. Whatever else it
  // throws comes out, and what has come is kept, but for base::IntegrityError and Spoilt.
  void complete(const Bring& bring, const StartingOver& starting_over);

 private:
  void attempt(const Bring& bring);

  storage::PartFile part_;
  std::unique_ptr<storage::Sink> sink_;
  std::optional<storage::ControlRecord> record_;
};

}  // namespace dlab::download
