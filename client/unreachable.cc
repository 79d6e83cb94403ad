#include "client/unreachable.h"

#include <algorithm>
#include <array>

namespace nightbox::client {
namespace {

constexpr std::string_view kDeadline = " If a deadline is near, file with the court directly.";

struct Explanation {
  // What gRPC's text has in it.
  std::string_view sign;
  std::string_view message;
  std::string_view fault;
  std::string_view what_now;
  bool repeating_helps = true;
};

// In this order: a failed handshake is also a connection that was not made.
constexpr std::array<Explanation, 5> kExplanations = {{
    {"certificate verify failed",
     "The gateway shows a certificate that your root does not vouch for", "unknown",
     "Check that --server is the gateway you mean and that --ca is the root its operator gave you. "
     "If both are right, its certificate has run out, or this machine's clock is wrong: ask its "
     "operator. Until then somebody else may be answering.",
     false},
    {"not in peer certificate", "The gateway's certificate bears another name", "unknown",
     "Check --server, or give the name its operator told you with --tls-name.", false},
    {"Hostname Verification Check failed", "The gateway's certificate bears another name",
     "unknown", "Check --server, or give the name its operator told you with --tls-name.", false},
    {"handshake failed", "The gateway and this machine could not agree on TLS", "unknown",
     "Check --server, and that nothing on the way intercepts TLS."},
    {"DNS resolution failed", "The gateway's name is not known to this machine", "network",
     "Check --server and this machine's name service."},
}};

// Signs of a gateway that took the connection and ended it: with TLS 1.3 a client learns only so
// that its certificate is not accepted. In the middle of a call it means nothing of the kind.
constexpr std::array<std::string_view, 4> kHungUp = {"Socket closed", "Connection reset",
                                                     "Broken pipe", "Endpoint closing"};
constexpr Explanation kNotAccepted = {
    "", "The gateway hung up before it said anything", "unknown",
    "Often it does not accept the certificate: check that it is in date and was issued for this "
    "gateway, then ask the gateway's operator."};
constexpr Explanation kAway = {"", "The gateway cannot be reached", "network",
                               "Check the network and the server's address."};
constexpr Explanation kBroke = {"", "The connection to the gateway broke", "network",
                                "Check the network. Repeating is safe with the same request id."};

bool Has(std::string_view said, std::string_view sign) {
  return said.find(sign) != std::string_view::npos;
}

const Explanation& Choose(std::string_view said) {
  for (const Explanation& each : kExplanations) {
    if (Has(said, each.sign)) return each;
  }
  if (!said.starts_with("failed to connect")) return kBroke;
  const bool hung_up = std::any_of(kHungUp.begin(), kHungUp.end(),
                                   [&](std::string_view sign) { return Has(said, sign); });
  return hung_up ? kNotAccepted : kAway;
}

// "ipv4:127.0.0.1:1: Connection refused" out of gRPC's sentence about it.
std::string_view LastError(std::string_view said) {
  constexpr std::string_view kBefore = "last error: ";
  const std::size_t at = said.rfind(kBefore);
  if (at == std::string_view::npos) return said;
  said.remove_prefix(at + kBefore.size());
  // gRPC's own status word tells a filer nothing.
  for (const std::string_view word : {"UNKNOWN: ", "UNAVAILABLE: "}) {
    if (said.starts_with(word)) said.remove_prefix(word.size());
  }
  return said;
}

}  // namespace

Unreachable ExplainUnreachable(std::string_view said) {
  const Explanation& chosen = Choose(said);
  return {std::string(chosen.message) + " (" + std::string(LastError(said)) + ").",
          std::string(chosen.fault), std::string(chosen.what_now) + std::string(kDeadline),
          chosen.repeating_helps};
}

}  // namespace nightbox::client
