#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace dlab::storage {

// Where the bytes of a download go. Offsets count from the file's front; pieces come in any order.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  // Takes `data`. Safe from many threads for ranges that do not overlap.
  // Throws std::system_error (disk full, file size limit).
  virtual void write_at(std::uint64_t offset, std::span<const std::byte> data) = 0;
};

// The bytes are in user memory already and go no further.
class DiscardSink : public Sink {
 public:
  void write_at(std::uint64_t, std::span<const std::byte>) override {}
};

// pwrite(2): every call names its place, so threads need no lock.
class PositionalSink : public Sink {
 public:
  // `fd` must outlive the sink. `name`: the file's in errors.
  PositionalSink(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  void write_at(std::uint64_t offset, std::span<const std::byte> data) override;

 private:
  int fd_;
  std::string name_;
};

// One shared file handle with one position: seek and write belong together, so a mutex holds them
// together. What the classic coursework does.
class LockedSink : public Sink {
 public:
  LockedSink(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  void write_at(std::uint64_t offset, std::span<const std::byte> data) override;

 private:
  std::mutex mutex_;
  int fd_;  // its position is guarded by mutex_
  std::string name_;
};

// How many threads write to one file.
enum class WriterKind { positional, locked };
constexpr std::array<std::string_view, 2> kWriterNames{"positional", "locked"};

// `fd` must outlive the sink. `name`: the file's in errors.
std::unique_ptr<Sink> make_sink(WriterKind kind, int fd, std::string name);

// The disk, not the network, refused: no other connection will do better.
class SinkFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// As sink.write_at(), for those who must tell the disk's trouble from the network's. Throws
// SinkFailed.
void keep(Sink& sink, std::uint64_t offset, std::span<const std::byte> data);

}  // namespace dlab::storage
