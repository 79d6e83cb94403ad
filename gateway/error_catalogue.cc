#include "gateway/error_catalogue.h"

#include <algorithm>
#include <array>

#include "core/check.h"

namespace nightbox {
namespace {

using enum ErrorCode;
using enum Fault;

constexpr bool kRetry = true;
constexpr bool kNoRetry = false;

// The general reasons stand last, one per ErrorCode, so that every error has an explanation.
constexpr CatalogueEntry kEntries[] = {
    // Who is calling.
    {"CERTIFICATE_NOT_NAMED", kUnauthenticated, kFiler, kNoRetry,
     "The client certificate has no Nightbox name, or more than one",
     "Ask the gateway's operator for a certificate with one urn:nightbox URI."},
    {"CERTIFICATE_KIND_NOT_ALLOWED", kPermissionDenied, kFiler, kNoRetry,
     "The certificate's kind may not make this call",
     "Use the certificate issued for this purpose: system for filing, operator for operating."},
    {"CERTIFICATE_REVOKED", kPermissionDenied, kFiler, kNoRetry,
     "The caller's certificate is on the deny list; its name may go on with another",
     "Ask the gateway's operator for a new certificate; until then file with the court directly."},
    {"SYSTEM_DENIED", kPermissionDenied, kFiler, kNoRetry,
     "The submitting system or operator is suspended or on the deny list",
     "Ask the gateway's operator; until then file with the court directly."},
    {"SYSTEM_UNKNOWN", kPermissionDenied, kFiler, kNoRetry,
     "The directory does not know the submitting system",
     "Ask the gateway's operator to enter the system in the directory."},
    {"USER_NOT_ALLOWED", kPermissionDenied, kFiler, kNoRetry,
     "This system may not act for this registered user",
     "Check the registered user's id, or ask the operator to enter the right to act."},
    {"USER_SUSPENDED", kPermissionDenied, kFiler, kNoRetry,
     "The registered user is suspended or on the deny list",
     "Ask the gateway's operator; until then file with the court directly."},
    {"FILING_NOT_FOUND", kNotFound, kFiler, kNoRetry,
     "There is no such filing of this registered user",
     "Check the filing id and the registered user; `nightbox status` lists your filings."},
    {"CASE_WITHOUT_FILINGS", kNotFound, kFiler, kNoRetry,
     "This journal holds no filing of such a case",
     "Check the court and the case number; filings may be in a journal that was set aside."},
    {"DOCUMENT_NOT_FOUND", kNotFound, kFiler, kNoRetry,
     "No upload of this document is known for this system", "Send the document from offset 0."},
    {"RECORD_TOO_LARGE", kFailedPrecondition, kNobody, kNoRetry,
     "The record of the case does not fit one file: 4 GB, 65,000 files or 5,000 filings",
     "Ask for the filings one by one, by their receipts."},
    {"CASE_NUMBER_IN_REASON", kInvalidArgument, kFiler, kNoRetry,
     "The reason is journaled for ever and must not hold the case number",
     "Say why without saying which case: who asked, and when."},
    {"ACCESS_DENIED", kPermissionDenied, kNobody, kNoRetry,
     "The policy on public access that is in force today does not let the caller have it",
     "The message names the clause, and who decides on requests."},

    // The shape of the request.
    {"REQUEST_UNREADABLE", kInvalidArgument, kFiler, kNoRetry,
     "The request is no message of its method, or a text in it is not UTF-8",
     "Send texts in UTF-8, by the gateway's own proto files, and repeat."},
    {"REQUEST_ID_INVALID", kInvalidArgument, kFiler, kNoRetry,
     "The request_id is not 16 to 64 of A-Z a-z 0-9 - _",
     "Choose a UUID, store it before the first try, and use it for every repeat."},
    {"USER_INVALID", kInvalidArgument, kFiler, kNoRetry,
     "The registered user's id is missing or malformed",
     "Name the individual for whom you file (COR 27.03)."},
    {"REQUIRED_MISSING", kInvalidArgument, kFiler, kNoRetry, "A required member is empty",
     "Fill in the field and repeat."},
    {"FIELD_TOO_LONG", kInvalidArgument, kFiler, kNoRetry, "A text is longer than its bound",
     "Shorten the field and repeat."},
    {"FIELD_NOT_TEXT", kInvalidArgument, kFiler, kNoRetry,
     "A text holds control characters or is not UTF-8",
     "Remove control characters from the field and repeat."},
    {"FIELD_INVALID", kInvalidArgument, kFiler, kNoRetry, "A field has a value it cannot have",
     "Correct the field and repeat."},
    {"TOO_MANY_VALUES", kInvalidArgument, kFiler, kNoRetry,
     "A list has more members than its bound",
     "Put part of the list into an attached document, or make several filings."},
    {"HEADER_TOO_LARGE", kInvalidArgument, kFiler, kNoRetry,
     "All texts of the header together are over the bound",
     "Move long texts into an attached document."},
    {"PAGE_TOKEN_INVALID", kInvalidArgument, kFiler, kNoRetry,
     "The page token is not one this gateway gave", "Begin again with an empty page token."},
    {"FEE_REFERENCE_LOOKS_LIKE_A_CARD", kInvalidArgument, kFiler, kNoRetry,
     "The fee reference looks like a payment card number; it was not stored",
     "Give the payment service's own reference, or none: a missing payment never refuses a "
     "filing."},

    // The court.
    {"COURT_UNKNOWN", kInvalidArgument, kFiler, kNoRetry, "There is no court of this id",
     "Choose a court id from the court list; the message names the nearest."},
    {"COURT_IS_A_CIRCUIT", kInvalidArgument, kFiler, kNoRetry,
     "A circuit is a group of courts, never a destination",
     "Choose one of the courts the message names."},
    {"COURT_NOT_ENABLED", kFailedPrecondition, kCourt, kNoRetry,
     "The court does not take filings through this gateway",
     "File with the court directly, on paper or through its own system."},
    {"FILER_CLASS_NOT_ENABLED", kFailedPrecondition, kCourt, kNoRetry,
     "The court does not take filings of this class of filers through this gateway",
     "File with the court directly; GetCourtPolicy lists the enabled classes."},
    {"CASE_TYPE_NOT_ENABLED", kFailedPrecondition, kCourt, kNoRetry,
     "The court does not take this case type through this gateway",
     "File with the court directly; GetCourtPolicy lists the enabled case types."},

    // The case.
    {"CASE_MISSING", kInvalidArgument, kFiler, kNoRetry, "The filing names no case",
     "Give a case number, a new case, or the filing that opens the case."},
    {"OPENER_UNKNOWN", kFailedPrecondition, kFiler, kNoRetry,
     "The filing said to open the case is not known for this registered user",
     "File the opening filing first, and give its filing id."},
    {"OPENER_ELSEWHERE", kFailedPrecondition, kFiler, kNoRetry,
     "The filing said to open the case went to another court",
     "Name the court of the opening filing, or another opening filing."},
    {"OPENER_OPENS_NO_CASE", kFailedPrecondition, kFiler, kNoRetry,
     "The filing said to open the case does not open one",
     "Give the filing id of the filing that carries the new case."},

    // The documents.
    {"DOCUMENTS_MISSING", kInvalidArgument, kFiler, kNoRetry, "The filing has no document",
     "Add at least one lead document."},
    {"TOO_MANY_DOCUMENTS", kInvalidArgument, kFiler, kNoRetry,
     "The filing has more documents than the court takes",
     "Split it into several filings with one related_group_id."},
    {"FIRST_DOCUMENT_NOT_LEAD", kInvalidArgument, kFiler, kNoRetry,
     "The first document is not a lead document",
     "Put a lead document first; each attachment belongs to the lead before it."},
    {"DOCUMENT_EMPTY", kInvalidArgument, kFiler, kNoRetry, "A document has no bytes",
     "Attach the file again; the one given is empty."},
    {"DOCUMENT_TOO_LARGE", kInvalidArgument, kFiler, kNoRetry,
     "A document is larger than the court takes",
     "Split it into volumes, or hand it in on approved media (COR 27.02) and list it in "
     "media_items."},
    {"FILING_TOO_LARGE", kInvalidArgument, kFiler, kNoRetry,
     "All documents together are larger than the court takes",
     "Split it into several filings with one related_group_id, or use approved media (COR 27.02)."},
    {"MEDIA_TYPE_NOT_ALLOWED", kInvalidArgument, kFiler, kNoRetry,
     "The court does not take this kind of file", "Convert the document to PDF and repeat."},
    {"PASSWORD_PROTECTED", kInvalidArgument, kFiler, kNoRetry,
     "The PDF needs a password to open: the court could not read it",
     "Save it without the password to open, and file again."},
    {"DOCUMENT_MISSING", kFailedPrecondition, kFiler, kRetry,
     "A document of the filing is not completely stored",
     "Call FindMissingDocuments, send what is missing, and repeat with the same request_id."},
    {"INLINE_TOO_LARGE", kInvalidArgument, kFiler, kNoRetry,
     "Documents sent along are over 64 KiB each or 1 MiB in all",
     "Send larger documents with WriteDocument first."},
    {"INLINE_NOT_IN_HEADER", kInvalidArgument, kFiler, kNoRetry,
     "A document sent along is not one of the header's",
     "Send only documents whose SHA-256 the header lists."},

    // Uploading.
    {"CHUNK_INVALID", kInvalidArgument, kFiler, kNoRetry,
     "A chunk is empty, over 1 MiB, out of place, or past the announced size",
     "Send the start first, then chunks of 256 KB in order."},
    {"OFFSET_MISMATCH", kFailedPrecondition, kFiler, kRetry,
     "The upload does not start where the stored bytes end",
     "Ask QueryDocumentWrite for the committed size and continue there."},
    {"DIGEST_MISMATCH", kInvalidArgument, kFiler, kRetry,
     "The bytes received do not have the announced SHA-256; they were dropped",
     "Check that the file has not changed since it was hashed, and send it again from offset 0."},
    {"UPLOAD_OVERTAKEN", kAborted, kNobody, kNoRetry,
     "A newer upload of the same document has taken over",
     "Nothing, if the newer upload is yours; otherwise ask QueryDocumentWrite and continue."},
    {"DOCUMENT_SIZE_CHANGED", kFailedPrecondition, kFiler, kNoRetry,
     "The same SHA-256 was announced before with another size",
     "Announce the file's true size: one SHA-256 has one size."},
    {"UPLOAD_QUOTA_REACHED", kResourceExhausted, kFiler, kRetry,
     "This system has too many uploaded bytes that no filing uses yet",
     "Create the filings whose documents are stored; unused uploads expire by themselves."},
    {"TOO_MANY_UPLOADS", kResourceExhausted, kGateway, kRetry,
     "As many uploads are running as the gateway serves at once",
     "Try again after the delay given; stored bytes are kept."},

    // The state of a filing.
    {"REQUEST_ID_REUSED", kAlreadyExists, kFiler, kNoRetry,
     "This request_id has been used with other content; nothing was changed",
     "For another filing choose another request_id; for the same, repeat exactly what was sent."},
    {"FILING_SETTLED", kFailedPrecondition, kNobody, kNoRetry,
     "The filing is settled and can no longer be changed here",
     "Look at the filing; anything further is asked of the court."},
    {"NOT_IN_THIS_STATE", kFailedPrecondition, kNobody, kNoRetry,
     "The filing is not in the state this act needs",
     "Look at the filing: it may have been changed in the meantime."},
    {"TWO_PERSONS_REQUIRED", kInvalidArgument, kNobody, kNoRetry,
     "Ending a filing takes two different named persons and a reason",
     "Have a second person confirm."},
    {"AUTHORITY_DIFFERS", kFailedPrecondition, kNobody, kNoRetry,
     "Two persons want the filing ended, but on different authority; nothing was done",
     "Agree on the authority, and give it in the same words as the first person did."},
    {"DELIVERY_UNCERTAIN", kFailedPrecondition, kCaseSystem, kRetry,
     "A delivery has begun and its outcome is not known yet",
     "Wait: the case system is asked until it answers; the receipt stands."},
    {"DELIVERY_UNDER_WAY", kFailedPrecondition, kNobody, kRetry,
     "The filing is being delivered or asked about just now; nothing was done",
     "Look at the filing in a minute; repeat if it still waits."},
    {"CASE_SYSTEM_UNREACHABLE", kUnavailable, kCaseSystem, kRetry,
     "The court's case system does not answer; filings go on being received",
     "Nothing for filings: they are delivered by themselves. Repeat other requests later."},

    // Capacity.
    {"QUEUE_FULL", kResourceExhausted, kGateway, kRetry,
     "More filings wait to be stored than the gateway holds; an attempt that has an id is "
     "journaled",
     "Repeat with the same request_id after the delay given."},
    {"USER_RATE_LIMITED", kResourceExhausted, kFiler, kRetry,
     "This registered user sends more requests than one person's share",
     "Repeat with the same request_id after the delay given."},
    {"TOO_MANY_WATCHERS", kResourceExhausted, kGateway, kRetry,
     "As many watches are open as the gateway serves at once",
     "Close watches you no longer need, or ask GetFiling now and then."},
    {"TOO_MANY_PROPOSALS", kResourceExhausted, kNobody, kRetry,
     "As many filings as may be wait for a second person to end them",
     "Have second persons confirm or wait: a proposal lapses after 24 hours."},
    {"DISK_RESERVE_UPLOADS", kUnavailable, kGateway, kRetry,
     "The gateway's disk is near its reserve: uploads wait, filings already stored go on",
     "Repeat later with the same request_id; if a deadline is near, file with the court directly."},
    {"DISK_RESERVE_FILINGS", kUnavailable, kGateway, kRetry,
     "The gateway's disk has reached its reserve: no new filings until there is space",
     "Repeat later with the same request_id; if a deadline is near, file with the court directly."},
    {"DISK_FULL", kUnavailable, kGateway, kRetry, "The gateway's disk is full",
     "Repeat later with the same request_id; if a deadline is near, file with the court directly."},
    {"DISK_ERROR", kUnavailable, kGateway, kRetry, "The gateway's disk failed a read or a write",
     "Repeat with the same request_id; if a deadline is near, file with the court directly."},
    {"SHUTTING_DOWN", kUnavailable, kGateway, kRetry, "The gateway is being restarted",
     "Repeat with the same request_id in a few seconds."},
    {"OUTCOME_UNKNOWN", kUnavailable, kGateway, kRetry,
     "The disk failed while storing: whether the filing was stored is not known yet",
     "Repeat with the same request_id: if it was stored you get its receipt, else it is stored "
     "now."},
    {"EVIDENCE_CONTRADICTS", kDataLoss, kGateway, kNoRetry,
     "What the gateway stored does not agree with its own hashes",
     "Tell the gateway's operator at once, with the attempt id if there is one; keep your "
     "receipt."},

    // One for every code.
    {"INVALID_ARGUMENT", kInvalidArgument, kFiler, kNoRetry, "The request is malformed",
     "Correct the request and repeat."},
    {"PERMISSION_DENIED", kPermissionDenied, kFiler, kNoRetry, "The caller may not do this",
     "Ask the gateway's operator."},
    {"UNAUTHENTICATED", kUnauthenticated, kFiler, kNoRetry, "The caller is not known",
     "Present a client certificate issued for this gateway."},
    {"NOT_FOUND", kNotFound, kFiler, kNoRetry, "It does not exist for this caller",
     "Check the identifier."},
    {"ALREADY_EXISTS", kAlreadyExists, kFiler, kNoRetry, "It exists with other content",
     "Choose another identifier."},
    {"FAILED_PRECONDITION", kFailedPrecondition, kFiler, kNoRetry,
     "Not possible in the present state", "Do first what the message says."},
    {"RESOURCE_EXHAUSTED", kResourceExhausted, kGateway, kRetry, "A bound is reached",
     "Repeat with the same request_id after a while."},
    {"UNAVAILABLE", kUnavailable, kGateway, kRetry, "The gateway cannot serve this now",
     "Repeat with the same request_id."},
    {"ABORTED", kAborted, kNobody, kRetry, "The request was overtaken by another",
     "Look at the present state, then repeat if still wanted."},
    {"CANCELLED", kCancelled, kFiler, kRetry, "The caller went away or its deadline passed",
     "Repeat with the same request_id: if it was stored you get its receipt."},
    {"DATA_LOSS", kDataLoss, kGateway, kNoRetry, "Stored bytes are not what they were",
     "Tell the gateway's operator at once, with the attempt id if there is one."},
    {"INTERNAL", kInternal, kGateway, kRetry, "A fault in the gateway",
     "Repeat once with the same request_id; then tell the gateway's operator the attempt id."},
};

constexpr WarningEntry kWarnings[] = {
    {"RECEIPT_AUTHORITY_UNDECIDED",
     "No court order says, or none that is confirmed, that receipt by the gateway is filing; do "
     "not wait for delivery if the "
     "rule on unavailable filing, which the warning names, may be needed"},
    {"RECEIPT_AUTHORITY_CASE_SYSTEM",
     "The court counts the time of its own case system; the warning says where that is not "
     "confirmed; do not wait for delivery if the rule on "
     "unavailable filing, which the warning names, may be needed"},
    {"CASE_NUMBER_UNUSUAL",
     "Something about the case number is unusual, with the clause, one for each thing; it is "
     "delivered as typed"},
    {"CASE_CATEGORY_NOT_ENABLED",
     "The category in the case number is none of the case types that the court takes through this "
     "gateway; it is received and delivered as typed, and the court decides"},
    {"NO_PARTIES", "The new case names no parties"},
    {"SEPARATE_FILES",
     "Several defendants, children or actions in one filing, which COR 4.05 gives a file each; it "
     "stays one filing"},
    {"PDF_DAMAGED", "The PDF has defects; it is delivered as it is, but a reader may not open it"},
    {"PDF_TOO_COMPLEX", "The PDF could not be examined within the gateway's limits"},
    {"PDF_NOT_CHECKED", "The PDF was not examined"},
    {"FILE_NAME_DIFFERS", "The file name's ending does not fit the media type"},
    {"SAME_DOCUMENT_TWICE", "Two documents of the filing have the same bytes"},
    {"PERSONAL_INFORMATION",
     "A member of the header or a document seems to hold a social security number, a card number "
     "or a birth date; to redact is the filer's duty"},
    {"EMERGENCY_ON_PAPER_TOO",
     "An emergency class is claimed: no judge is alerted by this filing; also go to the clerk"},
    {"CONFIDENTIALITY_MIXED", "A document is stated less confidential than the filing as a whole"},
    {"TEST_FILING", "A test filing is receipted and never delivered"},
};

}  // namespace

std::string_view ToString(Fault fault) {
  switch (fault) {
    case kNobody:
      return "nobody";
    case kFiler:
      return "filer";
    case kGateway:
      return "gateway";
    case kCaseSystem:
      return "case system";
    case kCourt:
      return "court";
  }
  CheckFailed("known Fault", __FILE__, __LINE__);
}

std::span<const CatalogueEntry> ErrorCatalogue() { return kEntries; }
std::span<const WarningEntry> WarningCatalogue() { return kWarnings; }

const CatalogueEntry* FindReason(std::string_view reason) {
  const auto* const found = std::ranges::find(kEntries, reason, &CatalogueEntry::reason);
  return found == std::end(kEntries) ? nullptr : found;
}

const CatalogueEntry& EntryFor(const Error& error) {
  if (const CatalogueEntry* entry = FindReason(error.reason)) return *entry;
  const CatalogueEntry* general = FindReason(ToString(error.code));
  NB_CHECK(general != nullptr);
  return *general;
}

Error Catalogued(std::string_view reason, std::string message, std::string field,
                 std::optional<std::chrono::milliseconds> retry_after) {
  const CatalogueEntry* entry = FindReason(reason);
  NB_CHECK(entry != nullptr);
  return Error{entry->code, std::move(message), std::string(reason), std::move(field), retry_after};
}

}  // namespace nightbox
