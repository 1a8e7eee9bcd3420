// What HTTP costs a server for each request: reading it, and writing the head of the answer.

#include <benchmark/benchmark.h>

#include <span>
#include <string_view>

#include "common/wire/http.hpp"
#include "common/wire/http_head.hpp"

namespace dlab::wire {
namespace {

// As wrk, curl and a browser send them.
constexpr std::string_view kShort = "GET /1k.bin HTTP/1.1\r\nHost: 127.0.0.1:9003\r\n\r\n";
constexpr std::string_view kRange =
    "GET /Data.jpg HTTP/1.1\r\nHost: 127.0.0.1:9003\r\nRange: bytes=1048576-2097151\r\n"
    "User-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n";
constexpr std::string_view kBrowser =
    "GET /Data%20file.jpg HTTP/1.1\r\nHost: 127.0.0.1:9003\r\nConnection: keep-alive\r\n"
    "Upgrade-Insecure-Requests: 1\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) "
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36\r\n"
    "Accept: text/html,application/xhtml+xml,image/avif,image/webp,*/*;q=0.8\r\n"
    "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: en-GB,en;q=0.9\r\n\r\n";

void parse_http(benchmark::State& state, std::string_view request) {
  const auto bytes = std::as_bytes(std::span(request));
  for (auto _ : state) {
    benchmark::DoNotOptimize(parse_http_request(bytes));
  }
}
BENCHMARK_CAPTURE(parse_http, short, kShort);
BENCHMARK_CAPTURE(parse_http, range, kRange);
BENCHMARK_CAPTURE(parse_http, browser, kBrowser);

constexpr std::chrono::sys_seconds kDate{std::chrono::seconds(784'111'777)};
const HttpHead kHead{.date = kDate,
                     .content_length = 1024,
                     .content_type = "application/octet-stream",
                     .validators = {.tag = "\"0123456789abcdef\"", .last_modified = kDate}};

void write_http_head(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(http_head(kHead));
  }
}
BENCHMARK(write_http_head);

// Both, as a server does them.
void parse_and_answer_http(benchmark::State& state) {
  const auto bytes = std::as_bytes(std::span(kShort));
  for (auto _ : state) {
    const auto parsed = parse_http_request(bytes);
    HttpHead head = kHead;
    head.content_type = content_type_of(parsed.request->path);
    head.keep_alive = parsed.request->keep_alive;
    benchmark::DoNotOptimize(http_head(head));
  }
}
BENCHMARK(parse_and_answer_http);

}  // namespace
}  // namespace dlab::wire
