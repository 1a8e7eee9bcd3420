#include "common/cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <utility>

#include "common/base/errors.hpp"
#include "common/base/terminal_text.hpp"
#include "common/base/units.hpp"
#include "common/exchange/requests.hpp"

namespace dlab::cli {
namespace {

constexpr double kShortWaitSeconds = 0.5;  // nobody reads what is gone by then

report::Window window_of_stderr() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0 || size.ws_row == 0) {
    return {};
  }
  return {size.ws_col, size.ws_row};
}

// The name behind "2" in the list that was shown; anything else is taken for a name.
std::string resolve_choice(const std::string& text,
                           const std::vector<wire::Listing::Entry>& files) {
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  const bool is_number = error == std::errc() && rest == end;
  return is_number && number >= 1 && number <= files.size() ? files[number - 1].name : text;
}

wire::Listing ask_server(const ClientOptions& options) {
  const auto addresses = net::resolve(options.server, false);
  auto stream = net::TcpStream::connect(addresses, options.socket, options.connect_timeout);
  stream.set_stall_timeout(options.stall_timeout);
  exchange::MessageChannel channel(std::move(stream));
  return exchange::list_files(channel);
}

void show(const wire::Listing& listing) {
  std::cerr << "The server offers:\n";
  std::size_t number = 0;
  for (const auto& file : listing.entries) {
    std::cerr << "  " << ++number << "  " << base::printable(file.name) << "  ("
              << base::format_byte_count(file.size) << ")\n";
  }
  std::cerr << (listing.complete ? "" : "  ... and more\n") << "Which file (name or number)? "
            << std::flush;
}

}  // namespace

bool can_draw() {
  const char* const type = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) != 0 && type != nullptr && *type != '\0' &&
         std::string_view(type) != "dumb";
}

void draw_line(const std::string& line) {
  const std::string shown = base::printable(line);
  const auto front = base::front_columns(shown, window_of_stderr().columns - 1);
  std::fprintf(stderr, "\r%.*s\x1b[K", static_cast<int>(front.size()), front.data());
}

std::unique_ptr<report::ProgressDisplay> show_picture(report::Picture picture, bool quiet) {
  if (quiet || !can_draw()) {
    return nullptr;
  }
  return std::make_unique<report::ProgressDisplay>(stderr, window_of_stderr, std::move(picture));
}

std::unique_ptr<report::ProgressDisplay> show_progress(const std::string& name,
                                                       const report::Progress& progress,
                                                       bool quiet) {
  return show_picture(
      [name, &progress](double seconds, report::Window window) {
        return report::picture(progress, name, seconds, window);
      },
      quiet);
}

void note_verified(report::TransferReport& report, bool quiet,
                   const std::function<void()>& verify) {
  const auto display = show_picture(
      [name = report.name](double seconds, report::Window window) {
        return seconds < kShortWaitSeconds
                   ? std::vector<std::string>()
                   : report::clipped({report::waiting_for_digest(name, seconds)}, window);
      },
      quiet);
  report.note_verified(verify);
}

std::string choose_file(const ClientOptions& options) {
  if (!options.name.empty()) {
    return options.name;
  }
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0) {
    throw base::UsageError("FILE is missing, and there is no terminal to ask on");
  }
  const wire::Listing listing = ask_server(options);
  show(listing);
  std::string answer;
  std::getline(std::cin, answer);
  if (answer.empty()) {
    throw base::UsageError("no file was chosen");
  }
  return resolve_choice(answer, listing.entries);
}

}  // namespace dlab::cli
