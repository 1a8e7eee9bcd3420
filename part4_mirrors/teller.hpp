#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "common/exchange/requests.hpp"
#include "common/storage/digest.hpp"
#include "part4_mirrors/busy_period.hpp"
#include "part4_mirrors/mirror.hpp"
#include "part4_mirrors/mirror_digests.hpp"
#include "part4_mirrors/work.hpp"

namespace dlab::part4 {

// Which file is meant, where mirrors have different ones under a name.
struct Wanted {
  std::optional<storage::Sha256Value> sha256;  // nothing: all of them must have the same
  std::optional<std::size_t> trusted;  // the mirror whose file it is, which tells the digest
};

// Finds out what the file is: asks the mirrors in turn until one has answered; once it is known
// which file is meant, one that has it. Who is busy is asked again when the time has come.
//
//   while (!(head = teller.ask())) wait until teller.ask_again_at();
class Teller {
 public:
  // All must outlive this. `wanted`: its digest is noted when the trusted mirror has told it.
  // `busy`: of each mirror; what it says is noted.
  Teller(const Inquiry& inquiry, Mirrors& mirrors, Wanted& wanted, std::vector<BusyPeriod>& busy);

  // One that tells the size goes before one that does not. Nothing: all that may still answer
  // are busy. Throws std::runtime_error with each one's reason
  // when there are none of those either, and download::Outdated when one has another version than
  // in an earlier run.
  std::optional<FileHead> ask();
  [[nodiscard]] base::TimePoint ask_again_at() const { return ask_again_at_; }
  // Who has answered.
  [[nodiscard]] std::size_t mirror() const { return *mirror_; }

 private:
  std::optional<FileHead> ask(std::size_t mirror);
  void come_back_to(std::size_t mirror);
  void note_refusal(std::size_t mirror, const exchange::Refused& refused);

  const Inquiry& inquiry_;
  Mirrors& mirrors_;
  Wanted& wanted_;
  std::vector<BusyPeriod>& busy_;
  std::vector<std::size_t> left_;  // whom to ask, in turn
  std::optional<std::size_t> mirror_;
  FileHead head_;  // of mirror_, if it tells no size
  std::vector<Failure> failures_;
  base::TimePoint ask_again_at_{};
};

// Throws download::Outdated when a mirror's refusal means that.
void throw_if_outdated(const Mirror& mirror, const exchange::Refused& refused);

}  // namespace dlab::part4
