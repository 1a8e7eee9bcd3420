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

}  // namespace
}  // namespace dlab::serve
