#include "ops/nightboxctl/operator_advice.h"

#include <array>
#include <string_view>

namespace nightbox::ctl {
namespace {

struct Advice {
  // A reason, or for calls that did not get through the beginning of the message.
  std::string_view about;
  std::string_view advice;
};

constexpr std::array<Advice, 25> kByReason = {{
    {"CERTIFICATE_NOT_NAMED",
     "The certificate needs exactly one SAN URI urn:nightbox:operator:NAME; issue one "
     "(ops/pki client DIR operator NAME)."},
    {"CERTIFICATE_KIND_NOT_ALLOWED",
     "Use a certificate of the kind operator: a filing system's may not operate."},
    {"CERTIFICATE_REVOKED",
     "This certificate is in access.deny_list. Use another, or ask whoever keeps that file; it is "
     "read again without a restart."},
    {"SYSTEM_DENIED",
     "Your name is in access.deny_list. Ask whoever keeps that file; it is read again without a "
     "restart."},
    {"FILING_NOT_FOUND",
     "Check the id against the receipt. A filing of a log that was set aside is not found here: "
     "see docs/runbook.md, exit code 66."},
    {"CASE_NUMBER_IN_REASON",
     "Nothing was done. Give another --reason: it stays in the journal for ever. Who asked, and "
     "when, is enough."},
    {"ACCESS_DENIED",
     "Nothing was done. The policy on public access that is in force does not let an operator have "
     "it; the message names the clause, and who decides."},
    {"CASE_WITHOUT_FILINGS",
     "Check --court and --case. Filings of a log that was set aside are not found here: see "
     "docs/runbook.md, exit code 66."},
    {"RECORD_TOO_LARGE",
     "Nothing was journaled, and nothing written. The case's filings are to be had one by one, by "
     "their receipts and from the court's case system."},
    {"REQUIRED_MISSING",
     "Give --reason (and --authority, to terminate), at most 1000 bytes, without parties' names."},
    {"NOT_IN_THIS_STATE",
     "Only what is pending can be held, only what is held released, and only what is uncertain "
     "resolved, or pending first in a case that must stay in one group: nightboxctl filings says "
     "which they are."},
    {"COURT_UNKNOWN", "Check --court; the message names the nearest."},
    {"COURT_IS_A_CIRCUIT", "Check --court: one of the circuit's courts, which the message names."},
    {"DELIVERY_UNDER_WAY",
     "Nothing was done. Look again in a minute: nightboxctl filings. If the court has it, do "
     "nothing: it is docketed on the case system's own identifier, and on no person's word."},
    {"TWO_PERSONS_REQUIRED", "Another operator says the same, with a certificate of their own."},
    {"AUTHORITY_DIFFERS",
     "Nothing was done. Ask the first person for the words of their --authority, and give the "
     "same."},
    {"TOO_MANY_PROPOSALS",
     "Nothing was done. Other filings wait for a second person: have them confirmed, or wait until "
     "they lapse."},
    {"FILING_SETTLED", "It has come to its end; nothing is left to do here."},
    {"QUEUE_FULL", "More waits to be stored than may wait. Repeat; look at the disk if it stays."},
    {"SHUTTING_DOWN", "The gateway is stopping. Repeat when it runs again."},
    {"OUTCOME_UNKNOWN",
     "The gateway restarts to find out whether this was done. Ask again when it runs, then "
     "repeat; that is safe."},
    {"EVIDENCE_CONTRADICTS", "Stop here, change nothing, and see docs/runbook.md, exit code 66."},
    {"timeout",
     "Whether it was done is not known. Ask again, then repeat; that is safe. If it stays: "
     "journalctl -u nightbox-gateway."},
    {"not-a-gateway", "Check --server: it must be the gateway's intake, not its status page."},
    {"interrupted", "Whether it was done is not known. Ask again, then repeat; that is safe."},
}};

// client/unreachable.cc begins its messages so.
constexpr std::array<Advice, 6> kByMessage = {{
    {"The gateway shows a certificate that your root does not vouch for",
     "Check --server and --ca. Was the gateway's certificate renewed under another root? Until "
     "this is clear, somebody else may be answering."},
    {"The gateway's certificate bears another name",
     "Check --server, or give the certificate's name with --tls-name."},
    {"The gateway and this machine could not agree on TLS",
     "Check --server, and that nothing on the way intercepts TLS."},
    {"The gateway's name is not known to this machine",
     "Check --server and this machine's name service."},
    {"The gateway hung up before it said anything",
     "Often it does not accept your certificate: check its dates, and that intake.client_ca "
     "vouches for it."},
    {"The connection to the gateway broke",
     "Whether it was done is not known. Ask again, then repeat; that is safe."},
}};

}  // namespace

std::string AdviceFor(const client::CallFailure& failure) {
  for (const Advice& each : kByReason) {
    if (failure.reason == each.about) return std::string(each.advice);
  }
  for (const Advice& each : kByMessage) {
    if (failure.message.starts_with(each.about)) return std::string(each.advice);
  }
  if (failure.reason == "unreachable") {
    return "Does it run? systemctl status nightbox-gateway; its exit code's meaning is in "
           "docs/runbook.md. If it does: the network, and --server.";
  }
  return "See the gateway's log (journalctl -u nightbox-gateway) and docs/runbook.md.";
}

}  // namespace nightbox::ctl
