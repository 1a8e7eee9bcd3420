#include "common/storage/control_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <span>
#include <sstream>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/base/check.hpp"
#include "common/storage/digest.hpp"
#include "common/storage/file_io.hpp"

namespace dlab::storage {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "dlab-control-1";
constexpr std::string_view kFormats = "dlab-control-";
// A record of some 700 ranges.
constexpr std::size_t kRoom = std::size_t{16} << 10U;

// Names are bytes and JSON wants UTF-8, so they travel in hexadecimal.
std::string hex_of(std::string_view name) {
  return to_hex(std::as_bytes(std::span(name)));
}

std::optional<std::string> name_of(std::string_view digits) {
  const auto bytes = from_hex(digits);
  if (!bytes) {
    return std::nullopt;
  }
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

// Versions are opaque, so they travel as their eight bytes, in hexadecimal too.
std::string hex_of(std::uint64_t version) {
  std::array<std::byte, sizeof version> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes.at(i) = static_cast<std::byte>(version >> (8 * (bytes.size() - 1 - i)));
  }
  return to_hex(bytes);
}

std::optional<std::uint64_t> version_from(std::string_view digits) {
  const auto bytes = from_hex(digits);
  std::uint64_t version = 0;
  if (!bytes || bytes->size() != sizeof version) {
    return std::nullopt;
  }
  for (const std::byte byte : *bytes) {
    version = version << 8U | std::to_integer<std::uint64_t>(byte);
  }
  return version;
}

bool in_order_within(const std::vector<ByteRange>& ranges, std::uint64_t size) {
  std::uint64_t position = 0;
  for (const auto& range : ranges) {
    if (range.begin < position || range.end <= range.begin || range.end > size) {
      return false;
    }
    position = range.end;
  }
  return true;
}

// Throws json::exception for anything but a whole number that is not negative: the library would
// turn the others into one.
std::uint64_t natural(const json& value) {
  return value.get_ref<const json::number_unsigned_t&>();
}

// Of a record from one server there are none. The same throws for another type; nothing for a
// version that is none.
std::optional<std::map<std::string, std::uint64_t>> read_mirrors(const json& document) {
  std::map<std::string, std::uint64_t> mirrors;
  if (document.contains("mirrors")) {
    for (const auto& [mirror, digits] : document.at("mirrors").get_ref<const json::object_t&>()) {
      const auto version = version_from(digits.get<std::string>());
      if (version.value_or(0) == 0) {
        return std::nullopt;
      }
      mirrors[mirror] = *version;
    }
  }
  return mirrors;
}

// Throws json::exception for fields that are missing or of another type.
std::optional<ControlRecord> read_fields(const json& document) {
  if (document.at("format").get<std::string>() != kFormat) {
    return std::nullopt;
  }
  const auto name = name_of(document.at("name_hex").get<std::string>());
  const auto mirrors = read_mirrors(document);
  if (!name || !mirrors) {
    return std::nullopt;
  }
  ControlRecord record{.name = *name,
                       .size = natural(document.at("size")),
                       .version = natural(document.at("version")),
                       .mirrors = *mirrors};
  for (const auto& pair : document.at("received").get_ref<const json::array_t&>()) {
    if (pair.size() != 2) {
      return std::nullopt;
    }
    record.received.push_back({natural(pair.at(0)), natural(pair.at(1))});
  }
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
  const bool one_server = record.version != 0;
  const bool valid = record.size <= kLargest && one_server == record.mirrors.empty() &&
                     in_order_within(record.received, record.size);
  return valid ? std::optional(record) : std::nullopt;
}

// A file on the disk: is there one at `path`, of this type (inode(7))? Links are not followed.
bool stands(const std::string& path, mode_t type = 0) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 &&
         (type == 0 || (status.st_mode & static_cast<mode_t>(S_IFMT)) == type);
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();  // what cannot be read, a folder for one, reads as nothing
  return text.str();
}

// Is it a record, of whatever version, or the written room for one?
bool is_control(const std::string& path) {
  if (!stands(path, S_IFREG)) {
    return false;
  }
  const json document = json::parse(read_text(path), nullptr, false);
  const auto format = document.is_object() ? document.find("format") : document.end();
  return format != document.end() && format->is_string() &&
         format->get_ref<const std::string&>().starts_with(kFormats);
}

// Room for a record. A run that was killed when it had just made it leaves it empty.
bool is_room(const std::string& path) {
  std::error_code error;
  return is_control(path) ||
         (stands(path, S_IFREG) && std::filesystem::file_size(path, error) == 0 && !error);
}

base::FileDescriptor create(const std::string& path) {
  constexpr int kAnew = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  return base::FileDescriptor(base::check(::open(path.c_str(), kAnew, 0600), "create", path));
}

}  // namespace

std::string format_control(const ControlRecord& record) {
  json received = json::array();
  for (const auto& range : record.received) {
    received.push_back({range.begin, range.end});
  }
  json document{{"format", kFormat},
                {"name_hex", hex_of(record.name)},
                {"size", record.size},
                {"version", record.version},
                {"received", std::move(received)}};
  for (const auto& [mirror, version] : record.mirrors) {
    document["mirrors"][mirror] = hex_of(version);
  }
  // A mirror's name that is no UTF-8 must not cost the record: it will not be known again.
  return document.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::optional<ControlRecord> parse_control(std::string_view text) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    return std::nullopt;
  }
  try {
    return read_fields(document);
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

ControlFile::ControlFile(std::string path) : path_(std::move(path)), fresh_(path_ + ".new") {}

ControlFile::~ControlFile() {
  release();
}

// The room says whose it is: a part file beside it is ours, even before its first record.
void ControlFile::reserve() noexcept {
  try {
    if (is_room(fresh_)) {
      ::unlink(fresh_.c_str());  // of a run that was killed
    }
    room_ = create(fresh_);
    std::string text = json{{"format", kFormat}}.dump();
    text.resize(kRoom, ' ');
    write_all_at(room_.get(), fresh_, 0, std::as_bytes(std::span(text)));
  } catch (const std::exception&) {
    release();  // a disk that has no room now may have some later
  }
}

void ControlFile::release() noexcept {
  if (room_.is_open()) {
    ::unlink(fresh_.c_str());
    room_ = {};
  }
}

void ControlFile::save(const ControlRecord& record) {
  const std::string text = format_control(record);
  if (!room_.is_open()) {
    reserve();
  }
  if (room_.is_open()) {
    save_beside(text);
  } else {
    save_over(text);
  }
  reserve();
}

void ControlFile::save_beside(std::string_view text) {
  try {
    write_all_at(room_.get(), fresh_, 0, std::as_bytes(std::span(text)));
    base::check(::ftruncate(room_.get(), static_cast<off_t>(text.size())), "resize", fresh_);
    base::check(::fdatasync(room_.get()), "fdatasync", fresh_);
    base::check(std::rename(fresh_.c_str(), path_.c_str()), "rename " + fresh_ + " to", path_);
    room_ = {};
  } catch (const std::system_error&) {
    release();
    throw;
  }
}

// What has blocks already needs no new ones.
void ControlFile::save_over(std::string_view text) const {
  const base::FileDescriptor file(
      base::check(::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW), "open", path_));
  struct stat status {};
  base::check(::fstat(file.get(), &status), "stat", path_);
  if (static_cast<std::uint64_t>(status.st_blocks) * 512 < text.size()) {
    base::throw_system_error(ENOSPC, "write", path_);
  }
  write_all_at(file.get(), path_, 0, std::as_bytes(std::span(text)));
  base::check(::ftruncate(file.get(), static_cast<off_t>(text.size())), "resize", path_);
  base::check(::fdatasync(file.get()), "fdatasync", path_);
}

void ControlFile::remove() noexcept {
  if (stands(path_, S_IFREG)) {
    ::unlink(path_.c_str());
  }
}

bool ControlFile::is_there() const {
  return stands(path_, S_IFREG) || is_room(fresh_);
}

bool ControlFile::may_be_written() const {
  return (!stands(path_) || is_control(path_)) && (!stands(fresh_) || is_room(fresh_));
}

std::optional<ControlRecord> ControlFile::load() const {
  return stands(path_, S_IFREG) ? load_control(path_) : std::nullopt;
}

std::optional<ControlRecord> load_control(const std::string& path) {
  return parse_control(read_text(path));
}

}  // namespace dlab::storage
