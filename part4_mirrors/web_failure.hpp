#pragma once

#include <curl/curl.h>

#include <string>

namespace dlab::part4 {

// How a transfer of libcurl's failed.
struct WebFailure {
  CURLcode code = CURLE_OK;
  int error_number = 0;  // the system call's behind it; 0: there is none
  std::string detail;    // libcurl's words
};

// Throws what other sources would in the same trouble: std::system_error, net::CutShort, or
// exchange::ProtocolError for what the server should not have sent or should not be. `request`:
// what was asked, `url`: of whom. Never a timeout, after which one could ask again.
[[noreturn]] void throw_web_failure(const WebFailure& failure, const std::string& request,
                                    const std::string& url);

}  // namespace dlab::part4
