#include "part4_mirrors/web_transfer.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/base/check.hpp"
#include "common/net/socket_options.hpp"

namespace dlab::part4 {
namespace {

// How often a wait looks whether all has been ended.
constexpr std::chrono::milliseconds kGlance{100};

}  // namespace

WebTransfer::WebTransfer(const WebTarget& target, const SourceSetup& setup)
    : url_(target.url), setup_(setup), handle_(target, setup) {
  handle_.set(CURLOPT_SOCKOPTFUNCTION, &WebTransfer::on_socket);
  handle_.set(CURLOPT_SOCKOPTDATA, this);
  handle_.set(CURLOPT_PREREQFUNCTION, &WebTransfer::on_connection);
  handle_.set(CURLOPT_PREREQDATA, this);
  handle_.set(CURLOPT_WRITEFUNCTION, &WebTransfer::on_body);
  handle_.set(CURLOPT_WRITEDATA, this);
}

void WebTransfer::connect() {
  const bool in_time =
      drive_until([this] { return local_port_ != 0; }, setup_.options.connect_timeout);
  if (!in_time || result_ == CURLE_OPERATION_TIMEDOUT) {
    base::throw_system_error(ETIMEDOUT, "connect", url_);
  }
  throw_if_failed();
}

WebAnswer WebTransfer::answer() {
  if (!drive_until([this] { return has_body_; }, setup_.tick)) {
    base::throw_system_error(ETIMEDOUT, "receive from", url_);
  }
  if (!has_body_) {
    throw_if_failed();
  }
  return handle_.answer();
}

std::uint64_t WebTransfer::receive(std::uint64_t most, const RangeSource::Take& take) {
  room_ = most;
  take_ = &take;
  if (std::exchange(is_paused_, false)) {
    handle_.unpause();
    throw_if_thrown();
  }
  const bool in_time = drive_until([&] { return room_ < most; }, setup_.tick);
  const std::uint64_t taken = most - std::exchange(room_, 0);
  if (taken == 0 && !in_time) {
    base::throw_system_error(ETIMEDOUT, "receive from", url_);
  }
  if (taken == 0) {
    throw_if_failed();
  }
  return taken;
}

int WebTransfer::on_socket(void* self, curl_socket_t fd, curlsocktype) {
  auto& transfer = *static_cast<WebTransfer*>(self);
  try {
    net::apply(transfer.setup_.options.socket, fd, transfer.url_);
    return CURL_SOCKOPT_OK;
  } catch (...) {
    transfer.thrown_ = std::current_exception();
    return CURL_SOCKOPT_ERROR;
  }
}

int WebTransfer::on_connection(void* self, char*, char*, int, int port) {
  static_cast<WebTransfer*>(self)->local_port_ = static_cast<std::uint16_t>(port);
  return CURL_PREREQFUNC_OK;
}

std::size_t WebTransfer::on_body(char* data, std::size_t unit, std::size_t count, void* self) {
  auto& transfer = *static_cast<WebTransfer*>(self);
  try {
    return transfer.hand_out(std::as_bytes(std::span(data, unit * count)));
  } catch (...) {
    transfer.thrown_ = std::current_exception();
    return CURL_WRITEFUNC_ERROR;
  }
}

// Takes all of `data`, or libcurl pauses and later comes with all of it again.
std::size_t WebTransfer::hand_out(std::span<const std::byte> data) {
  has_body_ = true;
  const auto rest = data.subspan(again_);
  const auto taken = rest.first(std::min<std::uint64_t>(rest.size(), room_));
  if (!taken.empty()) {
    (*take_)(taken);
    room_ -= taken.size();
  }
  if (taken.size() == rest.size()) {
    again_ = 0;
    return data.size();
  }
  again_ += taken.size();
  is_paused_ = true;
  return CURL_WRITEFUNC_PAUSE;
}

// Lets libcurl work until it has, the transfer is over, or time is up: false.
template <typename Reached>
bool WebTransfer::drive_until(Reached reached, base::Duration at_most) {
  const auto deadline = base::Deadline::after(at_most);
  for (;;) {
    if (!result_) {
      result_ = handle_.perform();
      throw_if_thrown();
    }
    if (result_ || reached()) {
      return true;
    }
    if (deadline.passed()) {
      return false;
    }
    handle_.wait(std::min<base::Duration>(deadline.left(), kGlance));
    setup_.open_streams.throw_if_ended();
  }
}

void WebTransfer::throw_if_thrown() {
  if (thrown_) {
    std::rethrow_exception(thrown_);
  }
}

void WebTransfer::throw_if_failed() {
  if (result_.value_or(CURLE_OK) != CURLE_OK) {
    throw_web_failure(handle_.failure(*result_), request(), url_);
  }
}

}  // namespace dlab::part4
