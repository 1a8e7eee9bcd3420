#include "common/serve/models/client_table.hpp"

#include <gtest/gtest.h>

namespace dlab::serve {
namespace {

using namespace std::chrono_literals;
using Table = ClientTable<int>;

constexpr base::TimePoint kStart{1h};

TEST(ClientTable, a_key_is_never_used_again) {
  Table table;
  const auto first = table.add(nullptr);
  const auto second = table.add(nullptr);
  EXPECT_GT(first, 0U);
  EXPECT_NE(first, second);
  table.remove(second);
  EXPECT_EQ(table.find(second), nullptr);
  EXPECT_GT(table.add(nullptr), second);
  EXPECT_NE(table.find(first), nullptr);
  EXPECT_FALSE(table.empty());
}

TEST(ClientTable, what_is_noted_beside_a_client_stays_with_it) {
  Table table;
  const auto first = table.add(nullptr);
  const auto second = table.add(nullptr);
  table.find(first)->extra = 7;
  EXPECT_EQ(table.find(first)->extra, 7);
  EXPECT_EQ(table.find(second)->extra, 0);
}

TEST(ClientTable, without_deadlines_nothing_is_due) {
  Table table;
  table.add(nullptr);
  EXPECT_EQ(table.earliest(), base::TimePoint::max());
  EXPECT_FALSE(table.pop_due(kStart));
}

TEST(ClientTable, clients_are_due_in_the_order_of_their_deadlines_and_once) {
  Table table;
  const auto late = table.add(nullptr);
  const auto soon = table.add(nullptr);
  table.set_deadline(late, kStart + 2s);
  table.set_deadline(soon, kStart + 1s);
  EXPECT_EQ(table.earliest(), kStart + 1s);
  EXPECT_FALSE(table.pop_due(kStart + 1s - 1ns));
  EXPECT_EQ(table.pop_due(kStart + 2s), soon);
  EXPECT_EQ(table.pop_due(kStart + 2s), late);
  EXPECT_FALSE(table.pop_due(kStart + 1h));
}

TEST(ClientTable, a_deadline_put_off_is_not_due_before_its_time) {
  Table table;
  const auto key = table.add(nullptr);
  for (int i = 1; i <= 1000; ++i) {
    table.set_deadline(key, kStart + i * 1s);
  }
  EXPECT_FALSE(table.pop_due(kStart + 999s));
  EXPECT_LE(table.earliest(), kStart + 1000s);
  EXPECT_EQ(table.pop_due(kStart + 1000s), key);
  EXPECT_FALSE(table.pop_due(kStart + 1h));
}

TEST(ClientTable, a_deadline_brought_forward_is_due_then_and_once) {
  Table table;
  const auto key = table.add(nullptr);
  table.set_deadline(key, kStart + 10s);
  table.set_deadline(key, kStart + 1s);
  EXPECT_EQ(table.pop_due(kStart + 1s), key);
  EXPECT_FALSE(table.pop_due(kStart + 1h));
}

TEST(ClientTable, one_that_has_gone_is_never_due) {
  Table table;
  const auto gone = table.add(nullptr);
  const auto here = table.add(nullptr);
  table.set_deadline(gone, kStart);
  table.set_deadline(here, kStart);
  table.remove(gone);
  EXPECT_EQ(table.pop_due(kStart), here);
  EXPECT_FALSE(table.pop_due(kStart));
}

TEST(ClientTable, those_who_line_up_are_served_once_in_their_order) {
  Table table;
  const auto first = table.add(nullptr);
  const auto second = table.add(nullptr);
  EXPECT_FALSE(table.is_anybody_in_line());
  table.line_up(second);
  table.line_up(first);
  table.line_up(second);
  EXPECT_TRUE(table.is_anybody_in_line());
  std::vector<Table::Key> served;
  table.serve_line([&](Table::Key key, Table::Client&) { served.push_back(key); });
  EXPECT_EQ(served, (std::vector{second, first}));
  EXPECT_FALSE(table.is_anybody_in_line());
}

TEST(ClientTable, who_lines_up_again_while_served_waits_for_the_next_round) {
  Table table;
  const auto key = table.add(nullptr);
  table.line_up(key);
  int served = 0;
  const auto serve = [&](Table::Key again, Table::Client&) {
    ++served;
    table.line_up(again);
  };
  table.serve_line(serve);
  EXPECT_EQ(served, 1);
  table.serve_line(serve);
  EXPECT_EQ(served, 2);
}

// Served from the line and because of its deadline, it would have two operations under way.
TEST(ClientTable, one_in_line_is_not_due) {
  Table table;
  const auto key = table.add(nullptr);
  table.set_deadline(key, kStart);
  table.line_up(key);
  EXPECT_FALSE(table.pop_due(kStart + 1h));
  table.serve_line([&](Table::Key, Table::Client&) { table.set_deadline(key, kStart + 2h); });
  EXPECT_EQ(table.pop_due(kStart + 2h), key);
}

TEST(ClientTable, one_that_has_gone_is_not_in_line) {
  Table table;
  const auto gone = table.add(nullptr);
  table.line_up(gone);
  table.remove(gone);
  table.serve_line([](Table::Key, Table::Client&) { FAIL(); });
}

}  // namespace
}  // namespace dlab::serve
