#pragma once

#include <string>

#include "common/net/endpoint.hpp"
#include "common/net/service_limits.hpp"
#include "common/net/socket_options.hpp"

namespace dlab::net {

// What every server needs to know, whatever its way of serving.
struct ServiceOptions {
  std::string root = ".";  // the folder that it serves
  Endpoint listen{"127.0.0.1", 0};
  int backlog = 128;  // connections that may wait to be accepted
  ServiceLimits limits;
  SocketOptions socket;  // of each connection
};

}  // namespace dlab::net
