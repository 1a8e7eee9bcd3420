#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "part4_mirrors/web_answer.hpp"
#include "part4_mirrors/web_failure.hpp"

namespace dlab::part4 {

// What is asked for.
struct WebTarget {
  std::string url;       // without user and password: it is shown
  std::string userinfo;  // as in MirrorAddress
  std::string range;     // as for CURLOPT_RANGE(3); empty: the whole
};

// libcurl's handles for one GET of a range, over a connection of its own. For one thread. Methods
// throw std::runtime_error for what libcurl itself refuses. No proxy is used, whatever the
// environment says: what is measured is the way to the mirror.
class WebHandle {
 public:
  // Begins nothing yet.
  WebHandle(const WebTarget& target, const SourceSetup& setup);
  WebHandle(const WebHandle&) = delete;
  WebHandle& operator=(const WebHandle&) = delete;
  ~WebHandle();

  // As curl_easy_setopt(3).
  template <typename Value>
  void set(CURLoption option, Value value) {
    check(::curl_easy_setopt(easy_.get(), option, value));
  }

  // Does what can be done without waiting. What the transfer came to, once it is over.
  std::optional<CURLcode> perform();
  // Waits until something can be done, or for so long.
  void wait(base::Duration at_most);
  // Hands out what a callback had not taken; the callback may be called from within.
  void unpause();

  // Of the last answer; once its body has begun or it is over.
  [[nodiscard]] WebAnswer answer() const;
  // Why a transfer ended with `code`.
  [[nodiscard]] WebFailure failure(CURLcode code) const;

 private:
  static void check(CURLcode code);
  static void check(CURLMcode code);
  void set_trust(const std::string& url, const std::string& cacert);
  [[nodiscard]] std::string origin() const;
  [[nodiscard]] std::string field(const char* name) const;

  struct FreeEasy {
    void operator()(CURL* easy) const { ::curl_easy_cleanup(easy); }
  };
  struct FreeMulti {
    void operator()(CURLM* multi) const { ::curl_multi_cleanup(multi); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
  };

  std::array<char, CURL_ERROR_SIZE> words_{};  // libcurl's, of a failure
  std::unique_ptr<curl_slist, FreeList> fields_;
  std::unique_ptr<CURLM, FreeMulti> multi_;
  std::unique_ptr<CURL, FreeEasy> easy_;
};

}  // namespace dlab::part4
