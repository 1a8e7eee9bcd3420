#pragma once

#include <exception>
#include <optional>

#include "common/base/backoff.hpp"
#include "part3_multi/transfer.hpp"

namespace dlab::part3 {

// Decides whether and when one connection comes back after a failure.
class Comebacks {
 public:
  Comebacks(Transfer& transfer, unsigned number)
      : transfer_(transfer), number_(number), backoff_(transfer.options.seed + number) {}

  // How long to wait before the next attempt; nothing when there is none, because the transfer is
  // over, or because the server has let in others and is too busy for this one. Ends the transfer
  // with `error` when that cannot be mended.
  std::optional<base::Duration> after(const std::exception_ptr& error);

 private:
  [[nodiscard]] bool is_one_too_many(const std::exception_ptr& error) const;
  [[nodiscard]] bool is_beyond_repair(const std::exception_ptr& error) const;

  Transfer& transfer_;
  unsigned number_;
  base::Backoff backoff_;
  unsigned failures_ = 0;
  std::uint64_t bytes_at_failure_ = 0;
};

}  // namespace dlab::part3
