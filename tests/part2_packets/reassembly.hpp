#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "part2_packets/reassembler.hpp"

namespace dlab::part2::test {

using Verdict = Reassembler::Verdict;

// A reassembler whose story a test tells line by line:
//
//   insert(1, "b"); expect_nothing(); insert(0, "a"); expect("ab");
class Reassembly {
 public:
  Reassembly(std::uint64_t file_bytes, std::uint32_t packet_bytes, std::uint32_t window)
      : layout_{packet_bytes, file_bytes},
        file_(file_bytes, '.'),
        reassembler_(layout_, window, counts_, [this](const Piece& piece) { take(piece); }) {
    reassembler_.begin_answer(layout_.packets_from(0));
  }

  void begin_answer(std::uint64_t begin, std::uint64_t end) {
    reassembler_.begin_answer({begin, end});
  }
  Verdict insert(std::uint64_t sequence, std::string_view payload) {
    return insert_at(sequence, layout_.offset(sequence), payload);
  }
  Verdict insert_at(std::uint64_t sequence, std::uint64_t offset, std::string_view payload) {
    const auto bytes = std::as_bytes(std::span(payload));
    const wire::PacketHeader header{.sequence = sequence,
                                    .offset = offset,
                                    .sent_ns = 1000 + sequence,
                                    .length = static_cast<std::uint32_t>(bytes.size())};
    return reassembler_.insert({header, bytes, {}}, next_moment());
  }
  void insert_corrupted() { reassembler_.insert_corrupted(); }
  bool mark(std::uint64_t next_sequence) { return reassembler_.mark(next_sequence, next_moment()); }

  // What went out since the last look, in the order in which it did.
  void expect(std::string_view text) {
    EXPECT_EQ(released_, text);
    released_.clear();
  }
  void expect_nothing() { expect(""); }
  void expect_holes(const std::vector<SequenceRange>& holes) {
    EXPECT_EQ(reassembler_.take_holes(), holes);
  }
  void expect_file(std::string_view text) const { EXPECT_EQ(file_, text); }
  [[nodiscard]] bool complete() const { return reassembler_.answer_complete(); }

  [[nodiscard]] Reassembler& reassembler() { return reassembler_; }
  [[nodiscard]] const report::PacketCounts& counts() const { return counts_; }
  [[nodiscard]] const Piece& last_piece() const { return last_piece_; }
  [[nodiscard]] const std::string& file() const { return file_; }
  // The moment of the k-th insert or mark, from 1.
  static base::TimePoint moment(int k) { return base::from_ns(k); }

 private:
  base::TimePoint next_moment() { return moment(++moments_); }
  void take(const Piece& piece) {
    const std::string text(reinterpret_cast<const char*>(piece.payload.data()),
                           piece.payload.size());
    released_ += text;
    file_.replace(piece.offset, text.size(), text);
    EXPECT_EQ(piece.offset, layout_.offset(piece.sequence));
    EXPECT_EQ(piece.sent_ns, 1000 + piece.sequence);
    last_piece_ = piece;
  }

  PacketLayout layout_;
  std::string file_;  // as far as it went out; dots elsewhere
  std::string released_;
  report::PacketCounts counts_;
  Piece last_piece_;
  int moments_ = 0;
  Reassembler reassembler_;
};

}  // namespace dlab::part2::test
