#include "part4_mirrors/web_source.hpp"

#include <algorithm>

#include "part4_mirrors/web_address.hpp"

namespace dlab::part4 {

void WebSource::open(const RangeRequest& request) {
  request_ = request;
  const WebTarget target{.url = url_of_file(mirror_.text, request.name),
                         .userinfo = mirror_.userinfo,
                         .range = range_to_ask(request.range)};
  transfer_.emplace(target, setup_);
  transfer_->connect();
}

FileHead WebSource::head() {
  FileHead head = understand(transfer_->answer(), request_, transfer_->request());
  left_ = head.length;
  return head;
}

// What a server sends beyond its answer is not looked at.
bool WebSource::receive(std::size_t most, const Take& take) {
  const std::uint64_t wanted = std::min<std::uint64_t>(most, left_);
  const std::uint64_t taken = wanted == 0 ? 0 : transfer_->receive(wanted, take);
  left_ -= taken;
  return taken != 0;
}

}  // namespace dlab::part4
