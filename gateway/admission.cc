#include "gateway/admission.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <utility>

#include "gateway/card_number.h"
#include "gateway/error_catalogue.h"
#include "gateway/header_text.h"

namespace nightbox {
namespace {

bool OnlyOf(std::string_view text, std::string_view others) {
  return std::ranges::all_of(text, [&](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || others.find(static_cast<char>(c)) != others.npos);
  });
}

// "7,000,000": people compare sizes by their digits.
std::string Grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string Megabytes(std::int64_t bytes) {
  const std::int64_t tenths = bytes / (kMegabyte / 10);
  std::string text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text += '.' + std::to_string(tenths % 10);
  return text + " MB";
}

// "application/PDF; version=1.7" is application/pdf.
std::string BareMediaType(std::string_view media_type) {
  std::string bare(media_type.substr(0, media_type.find(';')));
  while (!bare.empty() && bare.back() == ' ') bare.pop_back();
  std::ranges::transform(bare, bare.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return bare;
}

bool EndsWithoutCase(std::string_view text, std::string_view ending) {
  if (text.size() < ending.size()) return false;
  return BareMediaType(text.substr(text.size() - ending.size())) == ending;
}

std::string Choices(const std::vector<CourtChoice>& choices) {
  std::string text;
  for (const CourtChoice& choice : choices) {
    if (!text.empty()) text += ", ";
    text += choice.id.str();
    if (!choice.name.empty()) text += " (" + choice.name + ')';
  }
  return text;
}

// Collects the problems and warnings of one filing; each Check method is one paragraph of the
// rules.
class Examination {
 public:
  explicit Examination(const AdmissionInput& input)
      : input_(input), header_(input.header), policy_(input.court.policy.get()) {}

  Admission Run() {
    CheckCaller();
    CheckCourt();
    CheckCase();
    CheckDocuments();
    CheckSizes();
    for (Error& problem : HeaderTextProblems(header_, kProblemsMax)) Add(std::move(problem));
    CheckReferences();
    if (input_.phase == AdmissionPhase::kCreate) CheckInline();
    CheckFindings();
    CheckOpeningFiling();
    if (input_.phase == AdmissionPhase::kCreate) CheckStored();
    if (input_.phase != AdmissionPhase::kValidate) CheckRoom();
    Warn();
    return std::move(admission_);
  }

 private:
  void Add(Error problem) {
    if (admission_.problems.size() < kProblemsMax)
      admission_.problems.push_back(std::move(problem));
  }
  void Add(std::string_view reason, std::string message, std::string field = {}) {
    Add(Catalogued(reason, std::move(message), std::move(field)));
  }
  void AddWarning(std::string_view code, std::string message, std::string field = {}) {
    admission_.warnings.push_back({std::string(code), std::move(message), std::move(field)});
  }

  static std::string Field(std::size_t document, std::string_view member) {
    return "header.documents[" + std::to_string(document) + "]." + std::string(member);
  }
  static std::string Nth(std::size_t document) {
    return "document " + std::to_string(document + 1);
  }

  bool IsStored(std::size_t document) const {
    return document < input_.documents.size() && input_.documents[document].stored;
  }
  std::optional<PdfFinding> Finding(std::size_t document) const {
    if (document >= input_.documents.size()) return std::nullopt;
    return input_.documents[document].pdf;
  }
  bool IsInline(std::size_t document) const {
    return std::ranges::any_of(input_.inline_documents, [&](const InlineDocument& sent) {
      return sent.header_index == document;
    });
  }

  void CheckCaller() {
    if (auto problem = RightsProblem(input_.rights)) Add(*std::move(problem));
    if (input_.phase != AdmissionPhase::kValidate && !IsRequestId(input_.request_id)) {
      Add("REQUEST_ID_INVALID", "the request_id must be 16 to 64 of A-Z a-z 0-9 - _", "request_id");
    }
    if (!IsUserId(input_.registered_user)) {
      Add("USER_INVALID", "registered_user must be 1 to 128 of A-Z a-z 0-9 . _ @ + : -",
          "registered_user");
    }
  }

  void CheckCourt() {
    if (header_.court.empty()) {
      Add("REQUIRED_MISSING", "header.court_id is empty", "header.court_id");
      return;
    }
    switch (input_.court.answer) {
      case PolicyLookup::Answer::kPolicy:
        return;
      case PolicyLookup::Answer::kUnknown: {
        const std::string nearest = Choices(input_.court.choices);
        Add("COURT_UNKNOWN",
            "there is no court of this id" +
                (nearest.empty() ? std::string() : "; did you mean " + nearest + "?"),
            "header.court_id");
        return;
      }
      case PolicyLookup::Answer::kIsCircuit:
        Add("COURT_IS_A_CIRCUIT",
            "a circuit is not a destination; choose one of its courts: " +
                Choices(input_.court.choices),
            "header.court_id");
        return;
      case PolicyLookup::Answer::kNotEnabled:
        Add("COURT_NOT_ENABLED",
            (policy_ != nullptr ? policy_->court_name : std::string("this court")) +
                " does not take filings through this gateway",
            "header.court_id");
        return;
    }
  }

  void CheckCase() {
    if (std::holds_alternative<std::monostate>(header_.case_reference)) {
      Add("CASE_MISSING", "the filing names no case", "header.case_reference");
      return;
    }
    const auto* opened = std::get_if<NewCase>(&header_.case_reference);
    if (opened == nullptr || policy_ == nullptr || policy_->case_types.empty()) return;
    if (std::ranges::find(policy_->case_types, opened->case_type) == policy_->case_types.end() &&
        std::ranges::find(policy_->case_types, opened->category) == policy_->case_types.end()) {
      Add("CASE_TYPE_NOT_ENABLED", "this court does not take this case type through this gateway",
          "header.new_case.case_type");
    }
  }

  void CheckDocuments() {
    if (header_.documents.empty()) {
      Add("DOCUMENTS_MISSING", "the filing has no document", "header.documents");
      return;
    }
    const std::size_t most =
        static_cast<std::size_t>(policy_ == nullptr ? kDocumentsHardMax : policy_->documents_max);
    if (header_.documents.size() > most) {
      Add("TOO_MANY_DOCUMENTS",
          "the filing has " + std::to_string(header_.documents.size()) +
              " documents; this court takes at most " + std::to_string(most),
          "header.documents");
    }
    if (header_.documents.front().role != DocumentRole::kLead) {
      Add("FIRST_DOCUMENT_NOT_LEAD", "document 1 must be a lead document", Field(0, "role"));
    }
    for (std::size_t i = 0; i < std::min(header_.documents.size(), most); ++i) CheckDocument(i);
  }

  void CheckDocument(std::size_t i) {
    const Document& document = header_.documents[i];
    if (i > 0 && document.role == DocumentRole::kUnspecified) {
      Add("REQUIRED_MISSING", Nth(i) + " is neither lead nor attachment", Field(i, "role"));
    }
    if (document.sha256 == Digest{}) {
      Add("FIELD_INVALID", Nth(i) + " has no SHA-256 of 32 bytes", Field(i, "sha256"));
    }
    if (policy_ == nullptr || document.media_type.empty()) return;
    if (std::ranges::find(policy_->media_types, BareMediaType(document.media_type)) ==
        policy_->media_types.end()) {
      std::string allowed;
      for (const std::string& type : policy_->media_types) {
        allowed += (allowed.empty() ? "" : ", ") + type;
      }
      Add("MEDIA_TYPE_NOT_ALLOWED",
          Nth(i) + " is of a type this court does not take; it takes " + allowed,
          Field(i, "media_type"));
    }
  }

  void CheckSizes() {
    const std::int64_t document_max =
        policy_ == nullptr ? kDocumentHardMaxBytes : policy_->document_size_max_bytes;
    std::int64_t total = 0;
    for (std::size_t i = 0; i < header_.documents.size(); ++i) {
      const std::int64_t size = header_.documents[i].size_bytes;
      if (size == 0) {
        Add("DOCUMENT_EMPTY", Nth(i) + " has no bytes", Field(i, "size_bytes"));
      } else if (size < 0) {
        Add("FIELD_INVALID", Nth(i) + " has a negative size", Field(i, "size_bytes"));
      } else if (size > document_max) {
        const bool hard = size > kDocumentHardMaxBytes;
        const std::int64_t limit = hard ? kDocumentHardMaxBytes : document_max;
        Add("DOCUMENT_TOO_LARGE",
            Nth(i) + " has " + Grouped(size) + " bytes; " +
                (hard ? "no court is sent more than " : "this court takes at most ") +
                Grouped(limit) + " (" + Megabytes(limit) + ')',
            Field(i, "size_bytes"));
      }
      // Sizes are the filer's numbers: a sum of them must not overflow.
      total += std::clamp<std::int64_t>(size, 0, kDocumentHardMaxBytes + 1);
    }
    if (policy_ != nullptr && total > policy_->filing_size_max_bytes) {
      Add("FILING_TOO_LARGE",
          "the documents have " + Grouped(total) + " bytes together; this court takes at most " +
              Grouped(policy_->filing_size_max_bytes) + " (" +
              Megabytes(policy_->filing_size_max_bytes) + ')',
          "header.documents");
    }
  }

  void CheckReferences() {
    if (LooksLikeCardNumber(header_.fee_authorization_reference)) {
      Add("FEE_REFERENCE_LOOKS_LIKE_A_CARD", "the fee reference looks like a payment card number",
          "header.fee.authorization_reference");
    }
    if (!header_.corrects_filing_id.empty() && !IsFilingId(header_.corrects_filing_id.str())) {
      Add("FIELD_INVALID", "header.corrects_filing_id is not a filing id",
          "header.corrects_filing_id");
    }
  }

  void CheckInline() {
    std::int64_t total = 0;
    for (std::size_t i = 0; i < input_.inline_documents.size(); ++i) {
      const InlineDocument& sent = input_.inline_documents[i];
      const std::string field = "inline_documents[" + std::to_string(i) + ']';
      total += sent.size_bytes;
      if (sent.size_bytes > kInlineDocumentMaxBytes) {
        Add("INLINE_TOO_LARGE", field + " is larger than 64 KiB", field);
      } else if (!sent.header_index) {
        Add("INLINE_NOT_IN_HEADER", field + " is none of the header's documents", field);
      } else if (*sent.header_index < header_.documents.size() &&
                 header_.documents[*sent.header_index].size_bytes != sent.size_bytes) {
        Add("FIELD_INVALID", Nth(*sent.header_index) + " has another size than the header says",
            Field(*sent.header_index, "size_bytes"));
      }
    }
    if (total > kInlineTotalMaxBytes) {
      Add("INLINE_TOO_LARGE", "the documents sent along are larger than 1 MiB together",
          "inline_documents");
    }
  }

  void CheckFindings() {
    for (std::size_t i = 0; i < header_.documents.size(); ++i) {
      const std::optional<PdfFinding> finding = Finding(i);
      if (!finding) continue;
      switch (*finding) {
        case PdfFinding::kGood:
          break;
        case PdfFinding::kNeedsPassword:
          Add("PASSWORD_PROTECTED", Nth(i) + " needs a password to open", Field(i, "sha256"));
          break;
        case PdfFinding::kDamaged:
          AddWarning("PDF_DAMAGED",
                     Nth(i) + " has defects; it is delivered as it is, but may not open",
                     Field(i, "sha256"));
          break;
        case PdfFinding::kTooComplex:
          AddWarning("PDF_TOO_COMPLEX",
                     Nth(i) + " could not be examined within the gateway's limits",
                     Field(i, "sha256"));
          break;
        case PdfFinding::kNotChecked:
          AddWarning("PDF_NOT_CHECKED", Nth(i) + " was not examined", Field(i, "sha256"));
          break;
      }
    }
  }

  void CheckOpeningFiling() {
    const auto* opened_by = std::get_if<OpenedBy>(&header_.case_reference);
    if (opened_by == nullptr) return;
    const std::string field = "header.opened_by_filing_id";
    if (!IsFilingId(opened_by->filing_id.str())) {
      Add("FIELD_INVALID", field + " is not a filing id", field);
    } else if (!input_.opening || !input_.opening->known) {
      Add("OPENER_UNKNOWN", "the filing said to open the case is not known", field);
    } else if (!input_.opening->opens_a_case) {
      Add("OPENER_OPENS_NO_CASE", "the filing said to open the case opens none", field);
    } else if (input_.opening->court != header_.court) {
      Add("OPENER_ELSEWHERE", "the filing said to open the case went to another court", field);
    } else if (input_.opening->ended_without_case) {
      Add("OPENER_ENDED", "the filing said to open the case did not open it", field);
    }
  }

  void CheckStored() {
    for (std::size_t i = 0; i < header_.documents.size(); ++i) {
      if (IsStored(i) || IsInline(i)) continue;
      Add("DOCUMENT_MISSING",
          Nth(i) + " is not completely stored: sha256 " + header_.documents[i].sha256.Hex(),
          Field(i, "sha256"));
    }
  }

  void CheckRoom() {
    const Capacity& room = input_.capacity;
    const auto full = [&](std::string_view reason, std::string message) {
      Add(Catalogued(reason, std::move(message), {}, room.retry_after));
    };
    if (room.shutting_down) full("SHUTTING_DOWN", "the gateway is being restarted");
    if (room.disk == DiskState::kNoFilings) {
      full("DISK_RESERVE_FILINGS", "the gateway's disk has reached its reserve");
    } else if (room.disk == DiskState::kNoUploads && NeedsBytes()) {
      full("DISK_RESERVE_UPLOADS", "the gateway's disk is near its reserve: uploads wait");
    }
    if (room.user_rate_limited) {
      full("USER_RATE_LIMITED", "this registered user sends more requests than one person's share");
    }
    if (room.queue_full) {
      full("QUEUE_FULL", "more filings wait to be stored than the gateway holds");
    }
  }

  bool NeedsBytes() const {
    for (std::size_t i = 0; i < header_.documents.size(); ++i) {
      if (!IsStored(i)) return true;
    }
    return false;
  }

  void Warn() {
    if (policy_ != nullptr && policy_->receipt_authority == ReceiptAuthority::kUndecided) {
      AddWarning(
          "RECEIPT_AUTHORITY_UNDECIDED",
          "The court has not decided whether this is filing. If you may need Rule 103.06, do "
          "not wait for delivery.");
    } else if (policy_ != nullptr && policy_->receipt_authority == ReceiptAuthority::kCaseSystem) {
      AddWarning(
          "RECEIPT_AUTHORITY_CASE_SYSTEM",
          "The time of filing is the case system's. If you may need Rule 103.06, do not wait "
          "for delivery.");
    }
    if (input_.case_number_recognized == false) {
      AddWarning("CASE_NUMBER_UNUSUAL",
                 "The case number has none of the known forms; it is delivered as typed.",
                 "header.case_number");
    }
    const auto* opened = std::get_if<NewCase>(&header_.case_reference);
    if (opened != nullptr && opened->parties.empty()) {
      AddWarning("NO_PARTIES", "The new case names no parties.", "header.new_case.parties");
    }
    WarnAboutDocuments();
    if (header_.emergency_class != EmergencyClass::kUnspecified) {
      AddWarning("EMERGENCY_ON_PAPER_TOO",
                 "No judge is alerted by this filing. Go to the clerk on paper as well.",
                 "header.emergency_class");
    }
    if (header_.test) {
      AddWarning("TEST_FILING", "This is a test filing: it is receipted and never delivered.",
                 "header.test");
    }
  }

  void WarnAboutDocuments() {
    std::set<Digest> seen;
    const std::size_t count = std::min<std::size_t>(header_.documents.size(), kDocumentsHardMax);
    for (std::size_t i = 0; i < count; ++i) {
      const Document& document = header_.documents[i];
      if (!seen.insert(document.sha256).second) {
        AddWarning("SAME_DOCUMENT_TWICE", Nth(i) + " has the same bytes as an earlier one.",
                   Field(i, "sha256"));
      }
      if (BareMediaType(document.media_type) == "application/pdf" &&
          !EndsWithoutCase(document.file_name, ".pdf")) {
        AddWarning("FILE_NAME_DIFFERS", "The file name of " + Nth(i) + " does not end in .pdf.",
                   Field(i, "file_name"));
      }
      if (document.confidentiality != Confidentiality::kUnspecified &&
          document.confidentiality < header_.confidentiality) {
        AddWarning("CONFIDENTIALITY_MIXED",
                   Nth(i) + " is stated less confidential than the filing as a whole.",
                   Field(i, "confidentiality"));
      }
    }
  }

  const AdmissionInput& input_;
  const FilingHeader& header_;
  const CourtPolicy* policy_;  // Null when the court is unknown or a circuit.
  Admission admission_;
};

}  // namespace

Admission Admit(const AdmissionInput& input) { return Examination(input).Run(); }

std::optional<Error> RightsProblem(Rights rights) {
  switch (rights) {
    case Rights::kAllowed:
      return std::nullopt;
    case Rights::kSystemDenied:
      return Catalogued("SYSTEM_DENIED", "this system may not file at present");
    case Rights::kCertificateDenied:
      return Catalogued("SYSTEM_DENIED", "this certificate has been revoked");
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

bool IsRequestId(std::string_view text) {
  return text.size() >= 16 && text.size() <= 64 && OnlyOf(text, "-_");
}

bool IsUserId(std::string_view text) {
  return !text.empty() && text.size() <= 128 && OnlyOf(text, "._@+:-");
}

bool IsFilingId(std::string_view text) {
  return text.size() == 26 && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
         });
}

}  // namespace nightbox
