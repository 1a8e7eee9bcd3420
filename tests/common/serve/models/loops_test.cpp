#include "common/serve/models/loops.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "common/exchange/requests.hpp"
#include "tests/common/support/spent.hpp"
#include "tests/common/support/stream_pair.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::serve {
namespace {

class EachLoop : public testing::TestWithParam<ModelKind> {
 protected:
  void SetUp() override {
    HostOptions options;
    options.root = folder_.path();
    host_.emplace(options);
    model_ = make_model(GetParam(), *host_, 2);
    if (!model_) {
      GTEST_SKIP() << "this kernel offers no io_uring, or too little of it";
    }
  }

  // While this lives, the model runs.
  struct Running {
    explicit Running(Model& to_run) : model(to_run), thread([&to_run] { to_run.run(); }) {}
    ~Running() { model.stop(); }
    Model& model;
    std::jthread thread;
  };

  test::TempFolder folder_;
  std::optional<Host> host_;
  std::unique_ptr<Model> model_;
};

INSTANTIATE_TEST_SUITE_P(Loops, EachLoop, testing::Values(ModelKind::epoll, ModelKind::io_uring),
                         [](const auto& kind) { return std::string(name_of(kind.param)); });

// A server says that it listens before it runs. One that took another descriptor after that could
// still fail for want of it, and whoever counted what it holds would have counted too few.
TEST_P(EachLoop, holds_all_that_it_needs_before_it_runs) {
  const int before = test::open_descriptors();
  const Running running(*model_);
  exchange::MessageChannel client(test::connect_to(host_->listener()));
  EXPECT_TRUE(exchange::list_files(client).entries.empty());
  EXPECT_EQ(test::open_descriptors(), before + 2);  // both ends of the connection
}

}  // namespace
}  // namespace dlab::serve
