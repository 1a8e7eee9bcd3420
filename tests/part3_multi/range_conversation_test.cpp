#include "part3_multi/range_conversation.hpp"

#include "common/exchange/requests.hpp"
#include "tests/part3_multi/conversation_steps.hpp"

namespace dlab::part3 {
namespace {

using Next = RangeConversation::Next;
using Ranges = std::vector<storage::ByteRange>;

TEST(RangeConversation, one_range_after_another_until_there_is_no_more_work) {
  FakeWork work({{0, 4}, {4, 10}});
  Talk talk(work);
  EXPECT_EQ(talk.conversation.next(), Next::exchange);
  EXPECT_EQ(talk.asks(), (Ranges{{0, 4}}));
  talk.comes(header({0, 4}) + "abcd");
  EXPECT_EQ(talk.conversation.next(), Next::exchange);
  EXPECT_EQ(talk.asks(), (Ranges{{4, 10}}));
  talk.comes(header({4, 10}) + "efghij");
  EXPECT_EQ(talk.conversation.next(), Next::done);
  EXPECT_EQ(work.content.substr(0, 11), "abcdefghij.");
  EXPECT_EQ(work.finished, (Ranges{{0, 4}, {4, 10}}));
}

// `data` comes in pieces of so many bytes.
void comes_in_pieces(Talk& talk, std::string_view data, std::size_t piece) {
  for (std::size_t i = 0; i < data.size(); i += piece) {
    EXPECT_EQ(talk.conversation.next(), Next::exchange) << "at " << i;
    talk.comes(data.substr(i, piece));
  }
}

TEST(RangeConversation, answers_may_come_in_pieces_of_any_size) {
  const std::string first = header({0, 4}) + "ab";
  const std::string rest = "cd" + header({4, 10}) + "efghij";  // asked for after half of the first
  for (std::size_t piece = 1; piece <= rest.size(); ++piece) {
    FakeWork work({{0, 4}, {4, 10}});
    Talk talk(work);
    comes_in_pieces(talk, first, piece);
    comes_in_pieces(talk, rest, piece);
    EXPECT_EQ(talk.conversation.next(), Next::done);
    EXPECT_EQ(work.content.substr(0, 11), "abcdefghij.") << "in pieces of " << piece;
  }
}

TEST(RangeConversation, half_way_through_a_range_the_next_one_is_asked_for) {
  FakeWork work({{0, 8}, {8, 12}});
  Talk talk(work);
  talk.conversation.next();
  talk.asks();
  talk.comes(header({0, 8}) + "abc");
  talk.conversation.next();
  EXPECT_EQ(talk.asks(), Ranges{});
  talk.comes("d");
  talk.conversation.next();
  EXPECT_EQ(talk.asks(), (Ranges{{8, 12}}));
  talk.comes("ef");
  talk.conversation.next();
  EXPECT_EQ(talk.asks(), Ranges{}) << "once is enough";
}

TEST(RangeConversation, the_first_of_all_asks_before_the_size_is_known) {
  FakeWork work({});
  work.known = false;
  Talk talk(work, wire::Get{.offset = 0, .length = 100, .name = "file"});
  EXPECT_EQ(talk.conversation.next(), Next::exchange);
  EXPECT_EQ(talk.asks(), (Ranges{{0, 100}}));
  const auto any_version = wire::encode(wire::File{.size = 3, .version = 9, .length = 3});
  talk.conversation.received(any_version);
  talk.comes("abc");
  EXPECT_EQ(talk.conversation.next(), Next::done);
  EXPECT_EQ(work.content.substr(0, 4), "abc.");
}

TEST(RangeConversation, the_others_wait_until_there_is_work) {
  FakeWork work({{0, 4}});
  work.known = false;
  Talk talk(work);
  EXPECT_EQ(talk.conversation.next(), Next::wait_for_work);
  EXPECT_EQ(talk.asks(), Ranges{});
  work.known = true;
  EXPECT_EQ(talk.conversation.next(), Next::exchange);
  EXPECT_EQ(talk.asks(), (Ranges{{0, 4}}));
}

TEST(RangeConversation, a_range_that_others_took_over_ends_early_and_the_stream_with_it) {
  FakeWork work({{0, 8}});
  Talk talk(work);
  talk.conversation.next();
  talk.comes(header({0, 8}) + "abcd");
  work.latest->end = 4;
  EXPECT_EQ(talk.conversation.next(), Next::out_of_step);
  EXPECT_EQ(work.finished, (Ranges{{0, 8}}));
  EXPECT_EQ(work.given_back, Ranges{});
}

TEST(RangeConversation, no_more_is_received_at_once_than_is_wanted) {
  FakeWork work({{0, 8}});
  Talk talk(work);
  talk.conversation.next();
  EXPECT_EQ(talk.conversation.room(100), 100U) << "a header, and perhaps a body";
  talk.comes(header({0, 8}) + "ab");
  talk.conversation.next();
  EXPECT_EQ(talk.conversation.room(100), 6U);
  EXPECT_EQ(talk.conversation.room(5), 5U);
  work.latest->end = 4;
  talk.conversation.next();
  EXPECT_EQ(talk.conversation.room(100), 2U);
}

TEST(RangeConversation, an_empty_range_is_here_with_its_header) {
  FakeWork work({});
  Talk talk(work, wire::Get{.name = "file"});
  talk.comes(header({0, 0}, 0));
  EXPECT_EQ(talk.conversation.next(), Next::done);
  EXPECT_EQ(work.finished, (Ranges{{0, 0}}));
}

TEST(RangeConversation, a_request_may_leave_in_pieces) {
  FakeWork work({{0, 4}});
  Talk talk(work);
  talk.conversation.next();
  const std::size_t whole = talk.conversation.to_send().size();
  for (std::size_t left = whole; left > 0; --left) {
    EXPECT_EQ(talk.conversation.to_send().size(), left);
    talk.conversation.sent(1);
  }
  EXPECT_TRUE(talk.conversation.to_send().empty());
}

TEST(RangeConversation, what_a_dying_conversation_leaves_undone_goes_back) {
  FakeWork work({{0, 8}, {8, 12}});
  {
    Talk talk(work);
    talk.conversation.next();
    talk.comes(header({0, 8}) + "abcde");
    talk.conversation.next();
  }
  EXPECT_EQ(work.given_back, (Ranges{{5, 8}, {8, 12}}));
}

TEST(RangeConversation, a_task_goes_back_when_its_server_is_never_reached) {
  FakeWork work({});
  { const RangeConversation conversation(work, {}, HeldTask(work, work.make({3, 9}))); }
  EXPECT_EQ(work.given_back, (Ranges{{3, 9}}));
}

TEST(RangeConversation, what_the_server_does_wrong_is_found) {
  const auto refusal = wire::encode(wire::Error{wire::ErrorCode::busy, "later"});
  const auto hears = [](std::string_view data) {
    FakeWork work({{0, 4}});
    Talk talk(work);
    talk.conversation.next();
    talk.comes(data);
  };
  EXPECT_THROW(hears({reinterpret_cast<const char*>(refusal.data()), refusal.size()}),
               exchange::Refused);
  EXPECT_THROW(hears("HTTP/1.1 200 OK"), exchange::ProtocolError);
  EXPECT_THROW(hears(header({0, 3})), exchange::ProtocolError) << "shorter";
  EXPECT_THROW(hears(header({1, 4})), exchange::ProtocolError) << "another place";
  EXPECT_THROW(hears(header({0, 4}) + "abcdx"), exchange::ProtocolError) << "unasked";
}

// What closed() says after `data` has come.
std::string complaint_after(const std::string& data) {
  FakeWork work({{0, 4}});
  Talk talk(work);
  talk.conversation.next();
  talk.comes(data);
  talk.conversation.next();
  try {
    talk.conversation.closed();
  } catch (const net::CutShort& error) {
    return error.what();
  }
}

TEST(RangeConversation, an_end_that_comes_too_early_says_where_it_was) {
  EXPECT_EQ(complaint_after(""),
            "get \"file\" from server:1: the server closed the connection without an answer");
  EXPECT_EQ(complaint_after(header({0, 4}).substr(0, 20)),
            "receive from server:1: closed within a message");
  EXPECT_EQ(complaint_after(header({0, 4}) + "abc"),
            "get \"file\" from server:1: connection closed with 1 bytes of a range still to come");
}

}  // namespace
}  // namespace dlab::part3
