#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/wire/codec.hpp"
#include "part3_multi/range_conversation.hpp"
#include "tests/part3_multi/board_steps.hpp"

namespace dlab::part3 {

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

// Work that hands out the given ranges in order, and remembers what became of them.
class FakeWork : public ConnectionWork {
 public:
  explicit FakeWork(const std::vector<storage::ByteRange>& ranges, std::uint64_t size = 1000)
      : content(size, '.'), ranges_(ranges.begin(), ranges.end()) {}

  void connected(std::uint16_t, base::Duration) override {}
  bool can_claim() override { return known; }
  void wait_until_claimable() override {}
  TaskPtr claim() override { return take(); }
  TaskPtr claim_next(const Task&) override { return take(); }
  TaskPtr open(const wire::File& file) override {
    known = true;
    return make({file.offset, file.offset + file.length});
  }
  std::uint64_t version() override { return 7; }
  std::uint64_t wanted(const Task& task) override {
    return task.end - std::min(task.position, task.end);
  }
  void take_in(Task& task, std::span<const std::byte> data) override {
    for (const std::byte byte : data) {
      content[task.position++] = static_cast<char>(byte);
    }
  }
  void finish(const Task& task, double, std::optional<double>) override {
    finished.push_back(task.asked);
  }
  void close(const TaskPtr& task) override {
    if (task->position < task->end) {
      given_back.push_back({task->position, task->end});
    }
  }

  TaskPtr make(storage::ByteRange range) {
    latest =
        std::make_shared<Task>(Task{.asked = range, .position = range.begin, .end = range.end});
    return latest;
  }

  bool known = true;  // is there work to claim?
  std::string content;
  std::vector<storage::ByteRange> finished, given_back;
  TaskPtr latest;

 private:
  TaskPtr take() {
    if (ranges_.empty()) {
      return nullptr;
    }
    const auto range = ranges_.front();
    ranges_.pop_front();
    return make(range);
  }

  std::deque<storage::ByteRange> ranges_;
};

// A conversation with a server that is played by the test.
struct Talk {
  using Next = RangeConversation::Next;

  explicit Talk(FakeWork& fake, std::optional<wire::Get> first = std::nullopt)
      : work(fake),
        conversation(fake,
                     {.name = "file", .t0 = base::Clock::now(), .first_request = std::move(first)},
                     HeldTask(fake, nullptr)) {
    conversation.begin("server:1");
  }

  // The ranges that the conversation asks for now, all taken by the socket at once.
  std::vector<storage::ByteRange> asks() {
    std::vector<storage::ByteRange> ranges;
    auto out = conversation.to_send();
    const std::size_t whole = out.size();
    while (!out.empty()) {
      const auto parsed = wire::parse_frame(out);
      const auto get = wire::decode<wire::Get>(parsed.frame->body);
      EXPECT_EQ(get->name, "file");
      ranges.push_back({get->offset, get->offset + get->length});
      out = out.subspan(parsed.bytes);
    }
    conversation.sent(whole);
    return ranges;
  }

  void comes(std::string_view data) { conversation.received(bytes_of(data)); }

  FakeWork& work;
  RangeConversation conversation;
};

// The header of an answer, as bytes.
inline std::string header(storage::ByteRange range, std::uint64_t size = 1000) {
  const auto frame = wire::encode(wire::File{
      .size = size, .version = 7, .offset = range.begin, .length = range.size(), .name = "file"});
  return {reinterpret_cast<const char*>(frame.data()), frame.size()};
}

}  // namespace dlab::part3
