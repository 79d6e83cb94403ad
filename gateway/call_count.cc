#include "gateway/call_count.h"

#include <grpcpp/support/interceptor.h>

#include <condition_variable>
#include <mutex>
#include <string_view>
#include <utility>

namespace nightbox {

struct CallCount::State {
  std::mutex mutex;  // Guards all below.
  std::condition_variable none;
  std::size_t open = 0;
  bool closed = false;
};

// Lives as long as gRPC keeps the call's context: until its status is written.
class CallCount::Call : public grpc::experimental::Interceptor {
 public:
  explicit Call(std::shared_ptr<State> state) : state_(std::move(state)) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() override {
    const std::lock_guard lock(state_->mutex);
    if (--state_->open == 0) state_->none.notify_all();
  }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    methods->Proceed();
  }

 private:
  const std::shared_ptr<State> state_;
};

class CallCount::Noter : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit Noter(std::shared_ptr<State> state) : state_(std::move(state)) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    if (std::string_view(info->method()).starts_with("/grpc.health.v1.")) return nullptr;
    {
      const std::lock_guard lock(state_->mutex);
      if (state_->closed) return nullptr;
      ++state_->open;
    }
    return new Call(state_);  // gRPC takes it.
  }

 private:
  const std::shared_ptr<State> state_;
};

CallCount::CallCount() : state_(std::make_shared<State>()) {}

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> CallCount::Factory() {
  return std::make_unique<Noter>(state_);
}

void CallCount::Close() {
  const std::lock_guard lock(state_->mutex);
  state_->closed = true;
}

bool CallCount::WaitUntilNone(std::chrono::milliseconds patience) {
  std::unique_lock lock(state_->mutex);
  return state_->none.wait_for(lock, patience, [this] { return state_->open == 0; });
}

std::size_t CallCount::open() const {
  const std::lock_guard lock(state_->mutex);
  return state_->open;
}

}  // namespace nightbox
