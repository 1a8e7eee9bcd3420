// A server with every fault, made of dice, against a model that knows nothing of windows.

#include <set>
#include <vector>

#include "common/base/random.hpp"
#include "part2_packets/packet_order.hpp"
#include "tests/part2_packets/reassembly.hpp"

namespace dlab::part2 {
namespace {

using test::Reassembly;
using test::Verdict;

struct Case {
  std::uint64_t file_bytes;
  std::uint32_t packet_bytes;
  std::uint32_t window;
};

std::string content(std::uint64_t bytes, base::SplitMix64& random) {
  std::string text(bytes, ' ');
  for (char& character : text) {
    character = static_cast<char>('a' + random.below(26));
  }
  return text;
}

class UnreliableServer {
 public:
  UnreliableServer(const Case& values, base::SplitMix64& random)
      : layout_{values.packet_bytes, values.file_bytes},
        window_(values.window),
        random_(random),
        file_(content(values.file_bytes, random)) {}

  // One answer, window by window.
  void answer(SequenceRange packets, Reassembly& to) {
    std::uint64_t begin = packets.begin;
    do {
      const std::uint64_t end = std::min(begin + window_, packets.end);
      arrange({begin, end}, wire::PacketOrder::shuffled, random_.next(), order_);
      for (const std::uint64_t sequence : order_) {
        send(sequence, to);
      }
      ASSERT_TRUE(to.mark(end));
      begin = end;
    } while (begin < packets.end);
    ASSERT_TRUE(to.complete());
  }

  [[nodiscard]] SequenceRange all() const { return layout_.packets_from(0); }
  [[nodiscard]] const std::string& file() const { return file_; }

  std::set<std::uint64_t> arrived;  // the model: what came whole at least once
  std::uint64_t sent = 0;
  std::uint64_t spoilt = 0;

 private:
  void send(std::uint64_t sequence, Reassembly& to) {
    const std::string payload = file_.substr(layout_.offset(sequence), layout_.length(sequence));
    switch (random_.below(6)) {
      case 0:
        return;  // lost
      case 1:
        to.insert_corrupted();
        ++spoilt;
        break;
      case 2:
        EXPECT_EQ(to.insert(sequence, payload + "x"), Verdict::corrupted);
        ++spoilt;
        break;
      case 3:
        to.insert(sequence, payload);
        EXPECT_EQ(to.insert(sequence, payload), Verdict::duplicate);
        arrived.insert(sequence);
        ++sent;
        break;
      default:
        EXPECT_NE(to.insert(sequence, payload), Verdict::corrupted);
        arrived.insert(sequence);
        break;
    }
    ++sent;
  }

  PacketLayout layout_;
  std::uint64_t window_;
  base::SplitMix64& random_;
  std::string file_;
  std::vector<std::uint64_t> order_;
};

void expect_repair(const Case& values, std::uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::SplitMix64 random(seed);
  UnreliableServer server(values, random);
  Reassembly client(values.file_bytes, values.packet_bytes, values.window);
  server.answer(server.all(), client);
  for (int round = 0; round < 200; ++round) {
    const auto holes = client.reassembler().take_holes();
    std::uint64_t missing = 0;
    for (const auto& hole : holes) {
      for (std::uint64_t sequence = hole.begin; sequence < hole.end; ++sequence) {
        EXPECT_FALSE(server.arrived.contains(sequence));
        ++missing;
      }
    }
    EXPECT_EQ(missing + server.arrived.size(), server.all().size());
    for (const auto& hole : holes) {
      client.begin_answer(hole.begin, hole.end);
      server.answer(hole, client);
    }
  }
  EXPECT_EQ(client.file(), server.file());
  EXPECT_EQ(client.counts().received, server.sent);
  EXPECT_EQ(client.counts().corrupted, server.spoilt);
  EXPECT_EQ(client.counts().duplicates, server.sent - server.spoilt - server.all().size());
  EXPECT_LT(client.counts().max_buffered_packets, values.window);
  EXPECT_LT(client.counts().max_displacement_packets, values.window);
}

TEST(ReassemblerAtRandom, every_file_is_whole_in_the_end_whatever_is_lost_spoilt_or_doubled) {
  const std::vector<Case> cases{{1, 1, 1},      {7, 1, 3},     {100, 1, 16},   {1000, 7, 16},
                                {999, 10, 100}, {1000, 10, 5}, {1001, 10, 64}, {50, 100, 4}};
  for (const auto& values : cases) {
    SCOPED_TRACE(std::to_string(values.file_bytes) + " bytes");
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
      expect_repair(values, seed);
    }
  }
}

}  // namespace
}  // namespace dlab::part2
