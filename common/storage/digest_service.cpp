#include "common/storage/digest_service.hpp"

#include <stdexcept>
#include <utility>

namespace dlab::storage {
namespace {

// Enough for any coursework; beyond it everything is forgotten and computed anew.
constexpr std::size_t kRemembered = 1024;

}  // namespace

std::optional<Sha256Value> DigestService::Job::wait(base::Duration at_most) {
  std::unique_lock lock(mutex_);
  finished_.wait_for(lock, at_most, [this] { return value_ || error_; });
  if (error_) {
    std::rethrow_exception(error_);
  }
  return value_;
}

DigestService::~DigestService() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  work_to_do_.notify_all();
}

std::shared_ptr<DigestService::Job> DigestService::digest_of(ServedFile file) {
  const std::lock_guard lock(mutex_);
  if (!worker_.joinable()) {
    worker_ = std::jthread([this] { work(); });
  }
  if (jobs_by_version_.size() >= kRemembered) {
    jobs_by_version_.clear();
  }
  if (!file.is_settled) {
    return start(std::move(file));
  }
  auto& job = jobs_by_version_[file.version];
  if (!job) {
    job = start(std::move(file));
  }
  return job;
}

std::shared_ptr<DigestService::Job> DigestService::start(ServedFile file) {
  auto job = std::make_shared<Job>();
  orders_.push_back({std::move(file), job});
  work_to_do_.notify_one();
  return job;
}

// A failure is not remembered: the file may be readable again next time.
void DigestService::forget(const Order& order) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_by_version_.find(order.file.version);
  if (found != jobs_by_version_.end() && found->second == order.job) {
    jobs_by_version_.erase(found);
  }
}

std::optional<DigestService::Order> DigestService::next_order() {
  std::unique_lock lock(mutex_);
  work_to_do_.wait(lock, [this] { return stopping_ || !orders_.empty(); });
  if (stopping_) {
    return std::nullopt;
  }
  Order order = std::move(orders_.front());
  orders_.pop_front();
  return order;
}

void DigestService::work() {
  while (auto order = next_order()) {
    carry_out(*order);
  }
}

void DigestService::carry_out(Order& order) {
  std::optional<Sha256Value> value;
  std::exception_ptr error;
  try {
    value = digest_of_file(order.file.fd.get(), order.file.size, [&](std::uint64_t done) {
      order.job->done_ = done;
      if (stopping_) {
        throw std::runtime_error("the server is stopping");
      }
    });
  } catch (const std::exception&) {
    error = std::current_exception();
    forget(order);
  }
  const std::lock_guard lock(order.job->mutex_);
  order.job->value_ = value;
  order.job->error_ = error;
  order.job->finished_.notify_all();
}

}  // namespace dlab::storage
