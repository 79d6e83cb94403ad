#include "gateway/unread_request.h"

#include <grpcpp/support/interceptor.h>

#include <string_view>

#include "gateway/error_catalogue.h"
#include "gateway/grpc_status.h"

namespace nightbox {
namespace {

using grpc::experimental::InterceptionHookPoints;

class Explainer : public grpc::experimental::Interceptor {
 public:
  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      const grpc::Status status = methods->GetSendStatus();
      // None of ours is bare: Refuse() always has a message.
      if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED && status.error_message().empty())
        Explain(*methods);
    }
    methods->Proceed();
  }

 private:
  static void Explain(grpc::experimental::InterceptorBatchMethods& methods) {
    const Error error =
        Catalogued("REQUEST_UNREADABLE",
                   "the request is no message of this method; often a text of it is not "
                   "UTF-8. Nothing was stored");
    methods.ModifySendStatus(ToStatus(error));
    for (auto& [name, value] : ErrorMetadata(error))
      methods.GetSendTrailingMetadata()->emplace(std::move(name), std::move(value));
  }
};

class Factory : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    if (!std::string_view(info->method()).starts_with("/nightbox.")) return nullptr;
    return new Explainer;  // gRPC takes it.
  }
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> UnreadRequestFactory() {
  return std::make_unique<Factory>();
}

}  // namespace nightbox
