// UnreadRequest: a request that is no message of its method gets a refusal of the catalogue.
//
// gRPC parses a request before any of our code sees it. What it cannot parse, for example a text
// that is not UTF-8, it answers with a bare UNIMPLEMENTED, which tells a filer to look for another
// server. This says instead whose fault it is and what to do now (R9).
#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <memory>

namespace nightbox {

// For a server all of whose methods are implemented. Any thread.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> UnreadRequestFactory();

}  // namespace nightbox
