#include "part4_mirrors/lab_source.hpp"

#include <algorithm>

namespace dlab::part4 {

void LabSource::open(const RangeRequest& request) {
  get_ = {.offset = request.range.begin,
          .length = request.range.size(),
          .version = request.version,
          .name = request.name};
  const cli::ClientOptions& options = setup_.options;
  channel_.emplace(net::TcpStream::connect(net::resolve(mirror_, false), options.socket,
                                           options.connect_timeout, &setup_.open_streams));
  entry_.emplace(setup_.open_streams, channel_->stream());
  channel_->stream().set_stall_timeout(options.stall_timeout);
  channel_->send(get_);
  channel_->stream().set_receive_timeout(setup_.tick);
}

FileHead LabSource::head() {
  const wire::File file = exchange::receive_file_header(*channel_, get_);
  return {.size = file.size, .version = file.version, .length = file.length};
}

bool LabSource::receive(std::size_t most, const Take& take) {
  const auto place = setup_.buffer.first(std::min(most, setup_.buffer.size()));
  const std::size_t count = channel_->receive_raw(place);
  if (count != 0) {
    take(place.first(count));
  }
  return count != 0;
}

std::uint16_t LabSource::local_port() {
  return channel_->stream().local_port();
}

}  // namespace dlab::part4
