#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "common/serve/host.hpp"

namespace dlab::serve {

// How a server schedules its connections. All of them serve the same sessions; models/ has a short
// file for each, to be read beside the others.
enum class ModelKind { iterative, threads, pool, processes, prefork, epoll, io_uring };

constexpr std::array<std::string_view, 7> kModelNames{
    "iterative", "threads", "pool", "processes", "prefork", "epoll", "io_uring"};

constexpr std::string_view name_of(ModelKind kind) {
  return kModelNames.at(static_cast<std::size_t>(kind));
}

class Model {
 public:
  explicit Model(Host& host) : host_(host) {}
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;
  virtual ~Model() = default;

  // Serves until stop() is called and the last connection has ended.
  virtual void run() = 0;
  // Ends run() and every connection; from any thread.
  virtual void stop() { host_.stop(); }

 protected:
  Host& host_;
};

// `workers`: threads of pool, processes of prefork, loops of epoll and io_uring; 0: as many as that
// model has when nobody says (default_workers). `host` must outlive the model.
// Throws std::system_error.
std::unique_ptr<Model> make_model(ModelKind kind, Host& host, unsigned workers);

// 0 for the models that have no fixed number.
unsigned default_workers(ModelKind kind);

}  // namespace dlab::serve
