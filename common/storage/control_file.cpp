#include "common/storage/control_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <limits>
#include <span>
#include <sstream>

#include <nlohmann/json.hpp>

#include "common/base/check.hpp"
#include "common/base/file_descriptor.hpp"
#include "common/storage/digest.hpp"
#include "common/storage/file_io.hpp"

namespace dlab::storage {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "dlab-control-1";

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

void save_control(const std::string& path, const ControlRecord& record) {
  const std::string fresh = path + ".new";
  const std::string text = format_control(record);
  const base::FileDescriptor file(base::check(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600), "create",
      fresh));
  try {
    write_all_at(file.get(), fresh, 0, std::as_bytes(std::span(text)));
    base::check(::fdatasync(file.get()), "fdatasync", fresh);
    base::check(std::rename(fresh.c_str(), path.c_str()), "rename " + fresh + " to", path);
  } catch (const std::system_error&) {
    ::unlink(fresh.c_str());
    throw;
  }
}

std::optional<ControlRecord> load_control(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();  // what cannot be read, a folder for one, reads as nothing
  return parse_control(text.str());
}

}  // namespace dlab::storage
