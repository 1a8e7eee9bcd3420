#include "common/storage/resumable.hpp"

#include <utility>

#include "common/base/errors.hpp"

namespace dlab::storage {
namespace {

// What an earlier run left, if it fits the file of this download.
std::optional<ControlRecord> find_leftovers(const PartFile& part, const std::string& name) {
  auto record = load_control(Checkpointer::control_path(part));
  const bool fits = record && record->name == name && record->size == part.size();
  return fits ? record : std::nullopt;
}

bool is_worth_nothing(const std::exception& error) {
  return dynamic_cast<const base::IntegrityError*>(&error) != nullptr ||
         dynamic_cast<const Spoilt*>(&error) != nullptr;
}

}  // namespace

Resumable::Resumable(std::string target, const std::string& name, bool resume)
    : part_(std::move(target), resume ? PartFile::Leftovers::keep : PartFile::Leftovers::discard) {
  if (resume) {
    record_ = find_leftovers(part_, name);
  }
}

void Resumable::complete(const Bring& bring, const StartingOver& starting_over) {
  if (record_) {
    try {
      return attempt(bring);
    } catch (const Outdated& why) {
      starting_over(why);
      record_.reset();
    }
  }
  part_.start_over();
  attempt(bring);
}

void Resumable::attempt(const Bring& bring) {
  Checkpointer received(&part_);
  if (!record_) {
    received.forget();
  }
  try {
    bring({part_, received, record_});
  } catch (const std::exception& error) {
    received.stop();
    if (is_worth_nothing(error)) {
      received.forget();
    } else if (received.save() || record_) {
      part_.keep();
    }
    throw;
  }
  received.stop();
  part_.commit();
  received.forget();
}

}  // namespace dlab::storage
