#include "store/refusal_fault.h"

#include <algorithm>
#include <span>

namespace nightbox {
namespace {

// docs/errors.md by whose fault each is; tests/gateway/error_catalogue_test.cc holds them together.
// A word that stands in none of them says nothing about whose trouble it was.
constexpr std::string_view kOfTheGateway[] = {
    "QUEUE_FULL",  "TOO_MANY_UPLOADS",     "TOO_MANY_WATCHERS",    "DISK_RESERVE_UPLOADS",
    "DISK_FULL",   "DISK_RESERVE_FILINGS", "DISK_ERROR",           "SHUTTING_DOWN",
    "UNAVAILABLE", "RESOURCE_EXHAUSTED",   "EVIDENCE_CONTRADICTS", "DATA_LOSS",
    "INTERNAL",    "OUTCOME_UNKNOWN"};
constexpr std::string_view kOfTheCaseSystem[] = {"CASE_SYSTEM_UNREACHABLE", "DELIVERY_UNCERTAIN"};
constexpr std::string_view kOfTheCourt[] = {"COURT_NOT_ENABLED", "FILER_CLASS_NOT_ENABLED",
                                            "CASE_TYPE_NOT_ENABLED"};
// Who may file, and how much of it at once.
constexpr std::string_view kOfTheFiler[] = {"CERTIFICATE_NOT_NAMED", "CERTIFICATE_KIND_NOT_ALLOWED",
                                            "CERTIFICATE_REVOKED",   "SYSTEM_DENIED",
                                            "SYSTEM_UNKNOWN",        "USER_NOT_ALLOWED",
                                            "USER_SUSPENDED",        "USER_INVALID",
                                            "USER_RATE_LIMITED",     "UPLOAD_QUOTA_REACHED",
                                            "PERMISSION_DENIED",     "UNAUTHENTICATED"};
// What was handed in, or asked for.
constexpr std::string_view kOfTheContent[] = {"REQUEST_UNREADABLE",
                                              "REQUEST_ID_INVALID",
                                              "REQUEST_ID_REUSED",
                                              "REQUIRED_MISSING",
                                              "FIELD_TOO_LONG",
                                              "FIELD_NOT_TEXT",
                                              "FIELD_INVALID",
                                              "TOO_MANY_VALUES",
                                              "HEADER_TOO_LARGE",
                                              "PAGE_TOKEN_INVALID",
                                              "COURT_UNKNOWN",
                                              "COURT_IS_A_CIRCUIT",
                                              "CASE_MISSING",
                                              "CASE_WITHOUT_FILINGS",
                                              "CASE_NUMBER_IN_REASON",
                                              "OPENER_UNKNOWN",
                                              "OPENER_ELSEWHERE",
                                              "OPENER_OPENS_NO_CASE",
                                              "OPENER_ENDED",
                                              "FILING_NOT_FOUND",
                                              "DOCUMENT_NOT_FOUND",
                                              "DOCUMENT_MISSING",
                                              "DOCUMENTS_MISSING",
                                              "TOO_MANY_DOCUMENTS",
                                              "DOCUMENT_EMPTY",
                                              "DOCUMENT_TOO_LARGE",
                                              "FIRST_DOCUMENT_NOT_LEAD",
                                              "FILING_TOO_LARGE",
                                              "PASSWORD_PROTECTED",
                                              "MEDIA_TYPE_NOT_ALLOWED",
                                              "INLINE_TOO_LARGE",
                                              "INLINE_NOT_IN_HEADER",
                                              "DOCUMENT_SIZE_CHANGED",
                                              "CHUNK_INVALID",
                                              "OFFSET_MISMATCH",
                                              "DIGEST_MISMATCH",
                                              "INVALID_ARGUMENT",
                                              "NOT_FOUND",
                                              "ALREADY_EXISTS",
                                              "FAILED_PRECONDITION",
                                              "FEE_REFERENCE_LOOKS_LIKE_A_CARD"};

bool IsAmong(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

AttemptFault FaultOfRefusal(std::string_view reason) {
  if (IsAmong(kOfTheGateway, reason)) return AttemptFault::kGateway;
  if (IsAmong(kOfTheCaseSystem, reason)) return AttemptFault::kCaseSystem;
  if (IsAmong(kOfTheCourt, reason)) return AttemptFault::kCourtNotEnabled;
  if (IsAmong(kOfTheFiler, reason)) return AttemptFault::kFilerSide;
  if (IsAmong(kOfTheContent, reason)) return AttemptFault::kValidation;
  return AttemptFault::kNotKnown;
}

}  // namespace nightbox
