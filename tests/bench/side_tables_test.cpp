#include "bench/runner/side_tables.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "bench/runner/csv.hpp"

namespace dlab::bench {
namespace {

constexpr const char* kLog =
    "request=GET client=127.0.0.1:1 name=a offset=0 length=10 sent=10 first_ns=2000000000 "
    "last_ns=2500000000 congestion=cubic status=ok\n"
    "request=GET client=127.0.0.1:2 name=a offset=10 length=10 sent=10 first_ns=2100000000 "
    "last_ns=3000000000 congestion=cubic status=ok\n"
    "request=GET client=127.0.0.1:3 name=b offset=0 length=0 sent=0 first_ns=0 last_ns=0 "
    "congestion=cubic status=not-found\n";

TEST(ServerLog, the_sending_time_spans_all_requests_with_a_body) {
  EXPECT_EQ(server_send_seconds(kLog), 1.0);
}

TEST(ServerLog, no_body_means_no_sending_time) {
  EXPECT_EQ(server_send_seconds(""), std::nullopt);
  EXPECT_EQ(server_send_seconds("request=GET sent=0 first_ns=0 last_ns=0\n"), std::nullopt);
}

std::string client_rows(int count) {
  std::string text =
      "connection,index,offset_bytes,bytes,intended_s,sent_s,first_byte_s,done_s,mirror\n";
  for (int i = 0; i < count; ++i) {
    text += "0," + std::to_string(i) + ",0,100,,0.1,0.2,0.3,2\n";
  }
  return text;
}

TEST(LatencyLines, a_row_keeps_its_fields_and_gains_the_run) {
  EXPECT_EQ(latency_lines("r7", client_rows(1), 10, 1), "r7,0,0,0,100,,0.1,0.2,0.3,2\n");
}

TEST(LatencyLines, a_sample_has_the_size_asked_for_and_keeps_the_order) {
  const auto lines = latency_lines("r7", client_rows(1000), 50, 1);
  const auto table = CsvTable::parse("run,c,index,o,b,i,s,f,d,m\n" + lines);
  ASSERT_EQ(table.rows(), 50U);
  for (std::size_t row = 1; row < table.rows(); ++row) {
    EXPECT_LT(std::stoi(std::string(table.field(row - 1, "index"))),
              std::stoi(std::string(table.field(row, "index"))));
  }
}

TEST(LatencyLines, the_same_seed_draws_the_same_sample) {
  EXPECT_EQ(latency_lines("r", client_rows(500), 20, 9),
            latency_lines("r", client_rows(500), 20, 9));
  EXPECT_NE(latency_lines("r", client_rows(500), 20, 9),
            latency_lines("r", client_rows(500), 20, 8));
}

constexpr const char* kServerSamples =
    "t_monotonic_ns,local_port,peer_port,congestion,cwnd_segments,retransmits\n"
    "1000000000,9001,40000,cubic,10,0\n"
    "1500000000,9001,40000,cubic,20,2\n"
    "2000000000,9001,40000,cubic,20,2\n"
    "2000000000,9001,49999,cubic,5,0\n";

nlohmann::json client_report() {
  return {{"t0_monotonic_ns", 500'000'000},
          {"per_connection",
           {{{"connection", 3}, {"local_port", 40000}, {"progress", {{0.25, 100}, {0.5, 200}}}}}}};
}

TEST(ResponseTimes, count_from_when_a_request_was_due) {
  const auto times = response_times_ms(
      "connection,index,offset_bytes,bytes,intended_s,sent_s,first_byte_s,done_s\n"
      "0,0,0,1000,0.000,0.001,0.040,0.041\n"
      "0,1,0,1000,0.050,0.100,0.140,0.150\n");
  ASSERT_EQ(times.size(), 2U);
  EXPECT_NEAR(times[0], 41, 1e-9);
  EXPECT_NEAR(times[1], 100, 1e-9);
}

TEST(Samples, both_sides_count_from_t0_and_share_the_connections_index) {
  EXPECT_EQ(merge_samples("r1", kServerSamples, client_report()).lines,
            "r1,0.5,server,3,10,,,,,,,0,,,,,,\n"
            "r1,1,server,3,20,,,,,,,2,,,,,,\n"
            "r1,1.5,server,3,20,,,,,,,2,,,,,,\n"
            "r1,1.5,server,,5,,,,,,,0,,,,,,\n"
            "r1,0.25,client,3,,,,,,,,,,,,,,100\n"
            "r1,0.5,client,3,,,,,,,,,,,,,,200\n");
}

TEST(Samples, a_risen_retransmission_counter_is_one_loss_event) {
  EXPECT_EQ(merge_samples("r1", kServerSamples, client_report()).loss_events, 1);
}

TEST(Samples, a_table_that_is_no_csv_is_refused) {
  EXPECT_THROW(merge_samples("r1", "a,b\n\"1\n", client_report()), std::runtime_error);
}

}  // namespace
}  // namespace dlab::bench
