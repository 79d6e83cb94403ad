// CallFailure: why a call to the gateway failed, with everything the filer needs to act.
//
// It says whose fault it is, whether retrying helps, what to do now and which id to quote. The
// gateway sends these beside the status (docs/nightbox-command.md, "What an error says"); where it
// could not, they are filled in from the status code.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "client/backoff.h"
#include "core/result.h"

namespace nightbox::client {

struct CallFailure {
  CallCode code = CallCode::kUnknown;
  Again again = Again::kFinal;
  std::string message;
  // A stable word from the error catalogue, or a word of our own in lower case: "unreachable",
  // "timeout", "interrupted", "receipt-mismatch", "local".
  std::string reason;
  // The field of the request that is wrong. Empty: none.
  std::string field = {};
  // "filer", "gateway", "court", "network" or "client".
  std::string fault = {};
  std::string what_now = {};
  std::string attempt_id = {};
  std::optional<std::chrono::milliseconds> retry_after = {};
  // The gateway said that repeating helps, although the code is a final one: something must be put
  // right first, for example a document sent again.
  bool helps_to_start_over = false;

  // Nobody has answered: what is known here is all there is.
  bool not_reached() const { return again != Again::kFinal || code == CallCode::kUnavailable; }

  // Something on this machine failed before or after the call.
  static CallFailure Local(const Error& error);
  // The filer asked us to stop.
  static CallFailure Interrupted();
  // What the gateway said contradicts what was sent. Never retried, never taken for success.
  static CallFailure Contradiction(std::string message);
};

template <class T>
using CallResult = boost::system::result<T, CallFailure>;

// Asking a failed call for its value is our bug.
[[noreturn]] void throw_exception_from_error(const CallFailure& failure,
                                             const boost::source_location& where);

}  // namespace nightbox::client
