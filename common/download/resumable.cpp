#include "common/download/resumable.hpp"

#include <utility>

#include "common/base/errors.hpp"

namespace dlab::download {
namespace {

// What an earlier run left, if it fits the file of this download.
std::optional<storage::ControlRecord> find_leftovers(storage::PartFile& part,
                                                     const std::string& name) {
  auto record = part.control().load();
  const bool fits = record && record->name == name && record->size == part.size();
  return fits ? record : std::nullopt;
}

bool is_worth_nothing(const std::exception& error) {
  return dynamic_cast<const base::IntegrityError*>(&error) != nullptr ||
         dynamic_cast<const Spoilt*>(&error) != nullptr;
}

}  // namespace

Resumable::Resumable(const std::string& target, const std::string& name, bool resume,
                     storage::WriterKind writer)
    : part_(target,
            resume ? storage::PartFile::Leftovers::keep : storage::PartFile::Leftovers::discard),
      sink_(storage::make_sink(writer, part_.fd(), part_.path())) {
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
  storage::Checkpointer received(&part_);
  if (!record_) {
    received.forget();
  }
  try {
    bring({.sink = *sink_, .received = received, .record = record_, .part = &part_});
    received.stop();
    part_.commit();
  } catch (const std::exception& error) {
    received.stop();
    if (is_worth_nothing(error)) {
      received.forget();
    } else if (received.save() || record_) {
      part_.keep();
    }
    throw;
  }
  received.forget();
}

}  // namespace dlab::download
