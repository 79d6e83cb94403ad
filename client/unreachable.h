// What a person should know of a connection that could not be made.
//
// gRPC has one sentence for a cable that is out, a root that is the wrong one and a gateway that
// hangs up on a certificate; what to do differs. Pure.
#pragma once

#include <string>
#include <string_view>

namespace nightbox::client {

struct Unreachable {
  // In words, with what gRPC said last in parentheses.
  std::string message;
  // "network", or "unknown" where a setting, the gateway's own limits or somebody in between may be
  // the reason: whose fault it is can matter to a court, so nothing is guessed.
  std::string fault;
  std::string what_now;
  // False where the same settings meet the same gateway with the same answer, until a person has
  // looked: trying on would only hide it.
  bool repeating_helps = true;
};

// `said`: the message of gRPC's own UNAVAILABLE, never one of a gateway's.
Unreachable ExplainUnreachable(std::string_view said);

}  // namespace nightbox::client
