#include "part3_multi/control_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
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

namespace dlab::part3 {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "dlab-control-1";

// Names are bytes and JSON wants UTF-8, so they travel in hexadecimal.
std::string to_hex(std::string_view text) {
  return storage::to_hex(std::as_bytes(std::span(text)));
}

std::optional<std::string> from_hex(std::string_view digits) {
  std::string text;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned value = 0;
    const char* const end = digits.data() + i + 2;
    if (std::from_chars(digits.data() + i, end, value, 16).ptr != end) {
      return std::nullopt;
    }
    text += static_cast<char>(value);
  }
  return digits.size() % 2 == 0 ? std::optional(text) : std::nullopt;
}

bool in_order_within(const std::vector<storage::ByteRange>& ranges, std::uint64_t size) {
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

// Throws json::exception for fields that are missing or of another type.
std::optional<ControlRecord> read_fields(const json& document) {
  if (document.at("format").get<std::string>() != kFormat) {
    return std::nullopt;
  }
  const auto name = from_hex(document.at("name_hex").get<std::string>());
  ControlRecord record{.name = name.value_or(""),
                       .size = natural(document.at("size")),
                       .version = natural(document.at("version"))};
  for (const auto& pair : document.at("received").get_ref<const json::array_t&>()) {
    if (pair.size() != 2) {
      return std::nullopt;
    }
    record.received.push_back({natural(pair.at(0)), natural(pair.at(1))});
  }
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
  const bool valid = name && record.size <= kLargest && record.version != 0 &&
                     in_order_within(record.received, record.size);
  return valid ? std::optional(record) : std::nullopt;
}

}  // namespace

std::string format_control(const ControlRecord& record) {
  json received = json::array();
  for (const auto& range : record.received) {
    received.push_back({range.begin, range.end});
  }
  return json{{"format", kFormat},
              {"name_hex", to_hex(record.name)},
              {"size", record.size},
              {"version", record.version},
              {"received", std::move(received)}}
             .dump() +
         "\n";
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
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666), "create",
      fresh));
  try {
    storage::write_all_at(file.get(), fresh, 0, std::as_bytes(std::span(text)));
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

}  // namespace dlab::part3
