#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/backoff.hpp"
#include "part4_mirrors/busy_period.hpp"
#include "part4_mirrors/rules.hpp"
#include "part4_mirrors/work.hpp"

namespace dlab::part4 {

// Whom to ask for a piece.
struct Choice {
  std::optional<std::size_t> mirror;
  // None may be asked now, but one that has not been tried stops resting then, or may have shown
  // that it is back, or have room for another connection. With neither, all have been tried.
  std::optional<base::TimePoint> rested_at;
};

// What is known of the mirrors, by all chunks: who delivers how fast, who rests after a failure,
// who is given up. Pure: moments go in, in their order. Not thread-safe.
class MirrorTable {
 public:
  MirrorTable(const Rules& rules, std::size_t mirrors);

  // The mirror has been asked for something; bytes of it have come; it is over.
  void asked(std::size_t mirror, base::TimePoint now);
  void received(std::size_t mirror, std::uint64_t bytes, base::TimePoint now);
  void ended(std::size_t mirror, base::TimePoint now);
  // How it ended: well; with a failure that may pass; so that there is no sense in coming back.
  void succeeded(std::size_t mirror);
  void failed(std::size_t mirror, const std::string& reason, base::TimePoint now);
  // It sends the whole file to whoever asks for a part: one connection to it is enough.
  void knows_no_ranges(std::size_t mirror) { mirrors_[mirror].knows_ranges = false; }
  // So many of those under way have brought bytes.
  void has_let_in(std::size_t mirror, unsigned asks);
  // It refuses one more than are under way now, or any, perhaps for so long.
  void busy(std::size_t mirror, const std::string& reason, std::optional<base::Duration> wait,
            base::TimePoint now);
  // It has said so before.
  void leave_alone(std::size_t mirror, const BusyPeriod& busy);
  void give_up(std::size_t mirror, const std::string& reason);

  // `loads`: of each mirror.
  [[nodiscard]] Choice choose(const Piece& piece, const std::vector<Load>& loads,
                              base::TimePoint now) const;

  [[nodiscard]] std::size_t size() const { return mirrors_.size(); }
  // Bytes per second; nothing before it has been tested.
  [[nodiscard]] std::optional<double> goodput(std::size_t mirror, base::TimePoint now) const;
  [[nodiscard]] bool is_resting(std::size_t mirror, base::TimePoint now) const;
  [[nodiscard]] bool is_given_up(std::size_t mirror) const { return mirrors_[mirror].given_up; }
  [[nodiscard]] bool is_busy(std::size_t mirror) const { return mirrors_[mirror].busy.lasts(); }
  // Does it let in only so many connections, as far as anybody knows?
  [[nodiscard]] bool counts_connections(std::size_t mirror) const;
  // Until when it is left alone; in the past: it is not.
  [[nodiscard]] base::TimePoint rests_until(std::size_t mirror) const {
    return mirrors_[mirror].rests_until;
  }
  // How many bytes it has brought.
  [[nodiscard]] std::uint64_t bytes(std::size_t mirror) const { return mirrors_[mirror].bytes; }
  // Has a byte come from it after `since`?
  [[nodiscard]] bool has_delivered(std::size_t mirror, base::TimePoint since) const;
  // Its last failure; empty: none.
  [[nodiscard]] const std::string& reason(std::size_t mirror) const {
    return mirrors_[mirror].reason;
  }

 private:
  struct Known {
    RateMeter goodput;
    std::uint64_t bytes = 0;
    base::Backoff rests;
    BusyPeriod busy;
    unsigned let_in = 0;                // under way at once, and have brought bytes
    std::optional<unsigned> most_asks;  // under way at once; none: it has refused none so far
    bool knows_ranges = true;           // as far as anybody knows
    // Of no use so far, or not since its failure: one thread may find out, and not all wait with
    // it.
    bool is_in_doubt = false;
    unsigned asks = 0;      // under way
    unsigned failures = 0;  // in a row
    base::TimePoint rests_until{};
    std::optional<base::TimePoint> last_byte;
    bool given_up = false;
    std::string reason;
  };
  struct Score;

  void rest_while_busy(std::size_t mirror);
  [[nodiscard]] std::optional<base::TimePoint> not_before(std::size_t mirror,
                                                          base::TimePoint now) const;
  [[nodiscard]] Score score(std::size_t mirror, const Piece& piece, const Load& load,
                            base::TimePoint now) const;

  const Rules& rules_;
  std::vector<Known> mirrors_;
};

}  // namespace dlab::part4
