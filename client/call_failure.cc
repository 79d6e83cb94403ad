#include "client/call_failure.h"

#include "core/check.h"

namespace nightbox::client {
namespace {

const char* WhatNow(ErrorCode code) {
  switch (code) {
    case ErrorCode::kAborted:
      return "Wait until the other one has ended, then repeat the command.";
    case ErrorCode::kDataLoss:
      return "Leave the directory as it is, and file again from the original files; only a receipt "
             "says that something was received.";
    default:
      return "Put it right on this machine (space, permissions, the path) and repeat the command. "
             "If a deadline is near, file with the court directly.";
  }
}

}  // namespace

CallFailure CallFailure::Local(const Error& error) {
  CallFailure failure;
  failure.code = CallCode::kInternal;
  failure.message = error.message;
  failure.reason = error.reason.empty() ? "local" : error.reason;
  failure.field = error.field;
  failure.fault = "client";
  failure.what_now = WhatNow(error.code);
  return failure;
}

CallFailure CallFailure::Interrupted() {
  CallFailure failure;
  failure.code = CallCode::kCancelled;
  failure.message = "Stopped at your request.";
  failure.reason = "interrupted";
  failure.fault = "client";
  return failure;
}

CallFailure CallFailure::Contradiction(std::string message) {
  CallFailure failure;
  failure.code = CallCode::kDataLoss;
  failure.message = std::move(message);
  failure.reason = "receipt-mismatch";
  failure.fault = "gateway";
  failure.what_now =
      "Do not rely on this answer. Keep the outbox entry, tell the court's help desk, and file by "
      "another way if a deadline is near.";
  return failure;
}

void throw_exception_from_error(const CallFailure& failure, const boost::source_location& where) {
  throw_exception_from_error(Error{ErrorCode::kInternal, failure.message}, where);
}

}  // namespace nightbox::client
