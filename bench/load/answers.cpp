#include "bench/load/answers.hpp"

#include <string_view>

#include "common/wire/codec.hpp"

namespace dlab::load {
namespace {

// Names with other bytes than these must be escaped in a target (RFC 3986 section 2.3).
bool is_plain(char byte) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  return kPlain.find(byte) != std::string_view::npos;
}

std::string escaped(const std::string& name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const char byte : name) {
    if (is_plain(byte)) {
      text += byte;
    } else {
      const auto value = static_cast<unsigned char>(byte);
      text += '%';
      text += kDigits[value / 16];
      text += kDigits[value % 16];
    }
  }
  return text;
}

}  // namespace

std::unique_ptr<AnswerReader> make_reader(Protocol protocol) {
  return protocol == Protocol::dlab ? read_dlab() : read_http();
}

std::string request_for(Protocol protocol, const std::string& name, const std::string& host,
                        bool last) {
  if (protocol == Protocol::dlab) {
    const auto frame = wire::encode(wire::Get{.name = name});
    return {reinterpret_cast<const char*>(frame.data()), frame.size()};
  }
  return "GET /" + escaped(name) + " HTTP/1.1\r\nHost: " + host + "\r\n" +
         (last ? "Connection: close\r\n" : "") + "\r\n";
}

}  // namespace dlab::load
