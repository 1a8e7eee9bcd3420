#include "common/download/output.hpp"

#include <utility>

#include "common/base/errors.hpp"

namespace dlab::download {
namespace {

const std::optional<storage::ControlRecord> kNothing;

}  // namespace

Output::Output(const Options& options, std::string name, const Wishes& wishes)
    : name_(std::move(name)), wishes_(wishes), window_(options.window) {
  if (wishes_.discard && wishes_.resume) {
    throw base::UsageError("--resume needs a file: --sink discard keeps nothing");
  }
  if (wishes_.discard) {
    return;
  }
  Target target = find_target(options.output, name_);
  if (target.is_plain_file) {
    path_ = std::move(target.path);
    return;
  }
  if (wishes_.resume) {
    throw base::UsageError("--resume needs a file: nothing of what is written to " + target.path +
                           " can be gone on from");
  }
  stream_.emplace(std::move(target));
}

void Output::complete(const Resumable::Bring& bring, const Resumable::StartingOver& starting_over) {
  if (is_stream()) {
    write_in_order(bring);
  } else if (wishes_.discard) {
    storage::DiscardSink sink;
    storage::Checkpointer received(nullptr);
    bring({.sink = sink, .received = received, .record = kNothing});
  } else {
    Resumable(path_, name_, wishes_.resume, wishes_.writer).complete(bring, starting_over);
  }
}

void Output::write_in_order(const Resumable::Bring& bring) {
  stream_->open();
  OrderedSink sink(*stream_, window_, wishes_.verify);
  storage::Checkpointer received(nullptr);
  bring({.sink = sink, .received = received, .record = kNothing, .stream = &sink});
}

void Output::stop() noexcept {
  if (stream_) {
    stream_->stop();
  }
}

}  // namespace dlab::download
