// Goal: no error of ours reaches a caller as "unknown", or as another error. Method: every
// ErrorCode through the one switch; the trailers' reading is tested where calls are made
// (tests/client, tests/replay).
#include "proto/grpc_status.h"

#include <gtest/gtest.h>

#include <set>

namespace nightbox {
namespace {

TEST(GrpcStatusTest, EveryErrorCodeHasAStatusCodeOfItsOwn) {
  std::set<grpc::StatusCode> seen;
  const int last = static_cast<int>(ErrorCode::kInternal);
  for (int code = 0; code <= last; ++code) {
    const grpc::StatusCode status = ToGrpcCode(static_cast<ErrorCode>(code));
    EXPECT_NE(status, grpc::StatusCode::OK);
    EXPECT_NE(status, grpc::StatusCode::UNKNOWN);
    EXPECT_TRUE(seen.insert(status).second) << ToString(static_cast<ErrorCode>(code));
  }
}

TEST(GrpcStatusTest, WhatCallersActOnIsPinned) {
  EXPECT_EQ(ToGrpcCode(ErrorCode::kAlreadyExists), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(ToGrpcCode(ErrorCode::kResourceExhausted), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ToGrpcCode(ErrorCode::kUnavailable), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ToGrpcCode(ErrorCode::kFailedPrecondition), grpc::StatusCode::FAILED_PRECONDITION);
}

}  // namespace
}  // namespace nightbox
