#include "part3_multi/remote_work.hpp"

#include "common/base/child.hpp"
#include "common/base/errors.hpp"
#include "common/exchange/requests.hpp"
#include "tests/part3_multi/conversation_steps.hpp"

namespace dlab::part3 {
namespace {

// Both ends in one process: what the parent says is said before the child asks.
struct Pair {
  explicit Pair(std::array<base::FileDescriptor, 2> ends = base::message_sockets("for a test"))
      : parent(std::move(ends[0])), child(std::move(ends[1])), work(child, sink, t0, 7) {}

  template <typename Kind>
  Kind heard() {
    const auto received = parent.receive_now();
    return std::get<Kind>(received.message.value());
  }
  TaskPtr given(order::Work order) {
    parent.send(order);
    return work.claim();
  }

  ProcessChannel<Order, Note> parent;
  RemoteWork::Channel child;
  storage::DiscardSink sink;
  base::TimePoint t0 = base::Clock::now();
  RemoteWork work;
};

constexpr order::Work kSecondHalf{.task = 5, .asked = {50, 100}, .end = 100, .version = 9};

TEST(RemoteWork, work_is_asked_for_and_comes_with_the_files_version) {
  Pair pair;
  const TaskPtr task = pair.given(kSecondHalf);
  pair.heard<note::Claim>();
  EXPECT_EQ(asked(task), range(50, 100));
  EXPECT_EQ(task->position, 50U);
  EXPECT_EQ(pair.work.version(), 9U);
  pair.parent.send(order::NoWork{});
  EXPECT_EQ(pair.work.claim_next(*task), nullptr);
  EXPECT_EQ(pair.heard<note::ClaimNext>().current, 5U);
}

TEST(RemoteWork, what_has_come_is_told) {
  Pair pair;
  const TaskPtr task = pair.given(kSecondHalf);
  pair.heard<note::Claim>();
  pair.work.take_in(*task, bytes_of("abc"));
  const auto bytes = pair.heard<note::Bytes>();
  EXPECT_EQ(bytes.task, 5U);
  EXPECT_EQ(bytes.count, 3U);
  EXPECT_LE(bytes.arrived, bytes.done);
  EXPECT_EQ(pair.work.wanted(*task), 47U);
}

TEST(RemoteWork, a_task_may_become_shorter_at_any_time) {
  Pair pair;
  const TaskPtr task = pair.given(kSecondHalf);
  pair.parent.send(order::Cut{.task = 5, .end = 80});
  pair.parent.send(order::Cut{.task = 4, .end = 1});  // of one that is closed already
  EXPECT_EQ(pair.work.wanted(*task), 30U);
  pair.parent.send(order::Cut{.task = 5, .end = 60});
  EXPECT_NE(pair.given({.task = 6, .asked = {0, 10}, .end = 10, .version = 9}), nullptr);
  EXPECT_EQ(task->end, 60U) << "a cut may stand before the answer";
}

TEST(RemoteWork, without_a_parent_there_is_no_work) {
  Pair pair;
  { const auto gone = std::move(pair.parent); }
  EXPECT_THROW(pair.work.claim(), std::exception);
}

// A process may be killed between its question and the answer.
TEST(RemoteWork, what_a_process_said_is_heard_after_its_end_and_then_the_end) {
  auto ends = base::message_sockets("for a test");
  ProcessChannel<Order, Note> parent(std::move(ends[0]));
  {
    RemoteWork::Channel child(std::move(ends[1]));
    parent.send(order::NoWork{});  // stays unread
    child.send(note::Claim{});
  }
  for (int times = 0; times < 2; ++times) {  // the end breaks the channel in two ways, in turn
    EXPECT_NO_THROW(parent.send_now(order::NoWork{}));
  }
  EXPECT_TRUE(std::holds_alternative<note::Claim>(parent.receive_now().message.value()));
  EXPECT_TRUE(parent.receive_now().closed);
}

template <typename Error>
std::string told(const Error& error) {
  try {
    std::rethrow_exception(failure_of(describe_failure(std::make_exception_ptr(error))));
  } catch (const Error& same) {
    return same.what();
  }
}

TEST(ProcessNotes, a_failure_stays_what_it_was) {
  EXPECT_EQ(told(storage::SinkFailed("write x: No space left on device")),
            "write x: No space left on device");
  EXPECT_EQ(told(exchange::ProtocolError("nonsense")), "nonsense");
  EXPECT_EQ(told(std::runtime_error("Connection refused")), "Connection refused");
  const exchange::Refused refused("get \"x\"", {wire::ErrorCode::version_changed, "it changed"});
  EXPECT_EQ(told(refused), refused.what());
  try {
    std::rethrow_exception(failure_of(describe_failure(std::make_exception_ptr(refused))));
  } catch (const exchange::Refused& same) {
    EXPECT_EQ(same.code(), wire::ErrorCode::version_changed);
  }
}

TEST(ProcessNotes, a_long_reason_loses_its_middle) {
  const std::string end = std::string(2000, 'x') + ": bad-name";
  const std::string kept = told(std::runtime_error("get " + end));
  EXPECT_EQ(kept.size(), 1023U);
  EXPECT_TRUE(kept.starts_with("get xx")) << kept;
  EXPECT_TRUE(kept.ends_with("xx: bad-name")) << kept;
}

}  // namespace
}  // namespace dlab::part3
