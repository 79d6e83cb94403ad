// Result<T>: a value, or an Error that says whose fault it is and what helps.
//
// Errors are for what the world can do to us. Handle one, or add context and pass it on; never both
// log and return it. ErrorCode becomes a gRPC status code in one switch (proto/grpc_status.h).
#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace nightbox {

enum class ErrorCode {
  kInvalidArgument,     // The content is wrong: the filer can mend it.
  kPermissionDenied,    // The caller may not.
  kUnauthenticated,     // We do not know the caller.
  kNotFound,            // It does not exist, as far as this caller may know.
  kAlreadyExists,       // Same request_id, other content.
  kFailedPrecondition,  // Not in this state: the message says what to do first.
  kResourceExhausted,   // A bound is reached: try again after retry_after.
  kUnavailable,         // Not now; trying again helps.
  kAborted,             // Overtaken, for example by a newer writer.
  kCancelled,           // The caller went away.
  kDataLoss,            // Evidence contradicts itself, or bytes are not what their hash says.
  kInternal,            // Our bug.
};

std::string_view ToString(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  // For people. No party name, case number or title.
  std::string message;
  // A stable word for programs, from the error catalogue (docs/errors.md), for example
  // "DOCUMENT_TOO_LARGE".
  std::string reason = {};
  // The field of the request that is wrong. Empty: none.
  std::string field = {};
  std::optional<std::chrono::milliseconds> retry_after = {};

  // The same error, said in the context of a larger act.
  Error In(std::string_view context) const;
};

template <class T>
using Result = boost::system::result<T, Error>;

// Asking an Error for its value is our bug.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& where);

}  // namespace nightbox

// Returns the error of a Result<T> expression from the enclosing function.
#define NB_CONCAT_INNER(a, b) a##b
#define NB_CONCAT(a, b) NB_CONCAT_INNER(a, b)
#define NB_RETURN_IF_ERROR(expression)                                          \
  do {                                                                          \
    if (auto nb_result_ = (expression); !nb_result_) return nb_result_.error(); \
  } while (false)
// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses.
#define NB_ASSIGN_OR_RETURN(declaration, expression)                                    \
  auto NB_CONCAT(nb_result_, __LINE__) = (expression);                                  \
  if (!NB_CONCAT(nb_result_, __LINE__)) return NB_CONCAT(nb_result_, __LINE__).error(); \
  declaration = std::move(NB_CONCAT(nb_result_, __LINE__)).value()
// NOLINTEND(bugprone-macro-parentheses)
