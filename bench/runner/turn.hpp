#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "common/base/file_descriptor.hpp"

namespace dlab::bench {

// This machine's turn to measure: who measures beside another session measures that one too, so
// sessions wait for each other, whoever started them. A record lock (fcntl(2)) is of this process
// alone: no child holds it longer, and with a process that was killed it is gone.
class Turn {
 public:
  // Told who has the turn, "pid 4711, " and its note, whenever that is another one than before.
  using Tell = std::function<void(const std::string& holder)>;

  // Waits for the turn. `folder`: where all sessions of the machine find the lock. Throws
  // Interrupted.
  Turn(const std::filesystem::path& folder, const Tell& tell);
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn();

  // Why this machine has no turns: the lock cannot be opened or is refused. Blank: this session has
  // its turn.
  [[nodiscard]] const std::string& problem() const { return problem_; }

  // What those who wait are told of this session: one line. They go without it where it cannot be
  // written.
  void write_note(const std::string& note) const;

 private:
  void wait(const Tell& tell);

  std::filesystem::path path_;
  base::FileDescriptor lock_;
  std::string problem_;
};

// Of the folders in which every user of the machine may make a file, but remove nobody else's, the
// one for locks: /run/lock, else /tmp.
std::filesystem::path default_turn_folder();

}  // namespace dlab::bench
