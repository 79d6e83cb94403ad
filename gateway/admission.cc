#include "gateway/admission.h"

#include <string>
#include <utility>

#include "evidence/receipt_words.h"
#include "gateway/admission_rules.h"
#include "gateway/header_text.h"
#include "gateway/id_shape.h"
#include "rules/card_number.h"
#include "rules/unavailability_rules.h"

namespace nightbox {
namespace {

using admission::Examined;
using admission::Findings;

void ExamineCaller(const Examined& filing, Findings& findings) {
  if (auto problem = RightsProblem(filing.input.rights)) findings.Add(*std::move(problem));
  if (filing.input.phase != AdmissionPhase::kValidate && !IsRequestId(filing.input.request_id)) {
    findings.Add("REQUEST_ID_INVALID", "the request_id must be 16 to 64 of A-Z a-z 0-9 - _",
                 "request_id");
  }
  if (!IsUserId(filing.input.registered_user)) {
    findings.Add("USER_INVALID", "registered_user must be 1 to 128 of A-Z a-z 0-9 . _ @ + : -",
                 "registered_user");
  }
}

void ExamineReferences(const Examined& filing, Findings& findings) {
  if (LooksLikeCardNumber(filing.header.fee_authorization_reference)) {
    findings.Add("FEE_REFERENCE_LOOKS_LIKE_A_CARD",
                 "the fee reference looks like a payment card number",
                 "header.fee.authorization_reference");
  }
  const FilingId& corrected = filing.header.corrects_filing_id;
  if (!corrected.empty() && !IsFilingId(corrected.str())) {
    findings.Add("FIELD_INVALID", "header.corrects_filing_id is not a filing id",
                 "header.corrects_filing_id");
  }
}

void ExamineRoom(const Examined& filing, Findings& findings) {
  const Capacity& room = filing.input.capacity;
  const auto full = [&](std::string_view reason, std::string message) {
    findings.Add(Catalogued(reason, std::move(message), {}, room.retry_after));
  };
  if (room.shutting_down) full("SHUTTING_DOWN", "the gateway is being restarted");
  if (room.disk == DiskState::kNoFilings) {
    full("DISK_RESERVE_FILINGS", "the gateway's disk has reached its reserve");
  } else if (room.disk == DiskState::kNoUploads && NeedsBytes(filing)) {
    full("DISK_RESERVE_UPLOADS", "the gateway's disk is near its reserve: uploads wait");
  }
  if (room.user_rate_limited) {
    full("USER_RATE_LIMITED", "this registered user sends more requests than one person's share");
  }
}

void WarnAboutAuthority(const Examined& filing, Findings& findings) {
  if (filing.policy == nullptr) return;
  const CourtPolicy& policy = *filing.policy;
  // In the words of the receipt's notice.
  const std::string message =
      std::string(NoticeBeginning(policy.receipt_authority, policy.receipt_authority_standing,
                                  policy.gateway_unconfirmed)) +
      NotToWait(policy.unavailability_rule);
  if (policy.receipt_authority == ReceiptAuthority::kUndecided) {
    findings.Warn("RECEIPT_AUTHORITY_UNDECIDED", message);
  } else if (policy.receipt_authority == ReceiptAuthority::kCaseSystem) {
    findings.Warn("RECEIPT_AUTHORITY_CASE_SYSTEM", message);
  }
}

void WarnAboutClaims(const Examined& filing, Findings& findings) {
  if (filing.header.emergency_class != EmergencyClass::kUnspecified) {
    findings.Warn("EMERGENCY_ON_PAPER_TOO",
                  "No judge is alerted by this filing. Go to the clerk on paper as well.",
                  "header.emergency_class");
  }
  if (filing.header.test) {
    findings.Warn("TEST_FILING", "This is a test filing: it is receipted and never delivered.",
                  "header.test");
  }
}

}  // namespace

Admission Admit(const AdmissionInput& input) {
  const Examined filing{input, input.header, input.court.policy.get()};
  Findings findings;
  ExamineCaller(filing, findings);
  ExamineCourt(filing, findings);
  ExamineCase(filing, findings);
  ExamineDocuments(filing, findings);
  ExamineSizes(filing, findings);
  for (Error& problem : HeaderTextProblems(input.header, kProblemsMax))
    findings.Add(std::move(problem));
  ExamineReferences(filing, findings);
  if (input.phase == AdmissionPhase::kCreate) ExamineInlineDocuments(filing, findings);
  ExaminePdfFindings(filing, findings);
  ExamineOpeningFiling(filing, findings);
  if (input.phase == AdmissionPhase::kCreate) ExamineWhatIsStored(filing, findings);
  if (input.phase != AdmissionPhase::kValidate) ExamineRoom(filing, findings);
  WarnAboutAuthority(filing, findings);
  WarnAboutCase(filing, findings);
  WarnAboutDocuments(filing, findings);
  WarnAboutRedaction(filing, findings);
  WarnAboutClaims(filing, findings);
  return findings.Take();
}

std::optional<Error> RightsProblem(Rights rights) {
  switch (rights) {
    case Rights::kAllowed:
      return std::nullopt;
    case Rights::kSystemDenied:
      return Catalogued("SYSTEM_DENIED", "this system may not file at present");
    case Rights::kCertificateDenied:
      return Catalogued("CERTIFICATE_REVOKED", "this certificate has been revoked");
    case Rights::kUserSuspended:
      return Catalogued("USER_SUSPENDED", "this registered user may not file at present",
                        "registered_user");
    case Rights::kSystemUnknown:
      return Catalogued("SYSTEM_UNKNOWN", "the directory does not know this system");
    case Rights::kUserNotAllowed:
      return Catalogued("USER_NOT_ALLOWED", "this system may not act for this registered user",
                        "registered_user");
  }
  return Catalogued("PERMISSION_DENIED", "the caller may not do this");
}

bool EndsBeforeRepeat(Rights rights) {
  return rights == Rights::kSystemDenied || rights == Rights::kUserSuspended ||
         rights == Rights::kCertificateDenied;
}

}  // namespace nightbox
