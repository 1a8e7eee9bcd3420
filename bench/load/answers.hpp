#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace dlab::load {

enum class Protocol {
  dlab,  // docs/protocol.md
  http,  // HTTP/1.1 (RFC 9112)
};

// An answer whose last byte has come.
struct Answer {
  std::uint64_t body_bytes = 0;
  std::string
      error;  // why it is not what was asked for, in a word: "busy", "http-404"; blank: it is
  bool last = false;  // nothing can follow on this connection
};

// Finds the ends of answers in what a server sends, keeping no more than an unfinished header of
// it. Pure: bytes in, answers out. What cannot be understood is an answer with the error
// "malformed", the last one.
class AnswerReader {
 public:
  AnswerReader() = default;
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;
  virtual ~AnswerReader() = default;

  // Takes bytes off the front of `input`, up to the end of one answer or all of them.
  virtual std::optional<Answer> read(std::span<const std::byte>& input) = 0;
  // The server sends no more: an answer that ends by that.
  virtual std::optional<Answer> end() = 0;
};

std::unique_ptr<AnswerReader> read_dlab();
// An answer without Content-Length ends with the connection; chunks are not understood.
std::unique_ptr<AnswerReader> read_http();
std::unique_ptr<AnswerReader> make_reader(Protocol protocol);

// The bytes that ask for the whole of `name`. `host`: as in the Host field, HOST:PORT. `last`: no
// other request will follow on this connection.
std::string request_for(Protocol protocol, const std::string& name, const std::string& host,
                        bool last);

}  // namespace dlab::load
