// Admission's rules on documents: their number, kind and size, whether a court can open them, and
// whether their bytes are there. No problem or warning quotes a title or a file name: documents are
// named by their position.
#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <set>

#include "gateway/admission_rules.h"
#include "rules/redaction.h"

namespace nightbox::admission {
namespace {

// "7,000,000": people compare sizes by their digits.
std::string Grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

// "7,000,000 (7 MB)".
std::string Limit(std::int64_t bytes) {
  const std::int64_t tenths = bytes / (kMegabyte / 10);
  std::string megabytes = std::to_string(tenths / 10);
  if (tenths % 10 != 0) megabytes += '.' + std::to_string(tenths % 10);
  return Grouped(bytes) + " (" + megabytes + " MB)";
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

bool IsPdf(const Document& document) {
  return BareMediaType(document.media_type) == "application/pdf";
}

std::string Field(std::size_t document, std::string_view member) {
  return "header.documents[" + std::to_string(document) + "]." + std::string(member);
}

std::string Nth(std::size_t document) { return "document " + std::to_string(document + 1); }

// Beyond the hard limit documents are counted and not looked at.
std::size_t LookedAt(const Examined& filing) {
  return std::min<std::size_t>(filing.header.documents.size(), kDocumentsHardMax);
}

bool IsStored(const Examined& filing, std::size_t document) {
  return document < filing.input.documents.size() && filing.input.documents[document].stored;
}

bool IsInline(const Examined& filing, std::size_t document) {
  return std::ranges::any_of(filing.input.inline_documents, [&](const InlineDocument& sent) {
    return sent.header_index == document;
  });
}

void ExamineMediaType(const Examined& filing, std::size_t i, Findings& findings) {
  const std::string& media_type = filing.header.documents[i].media_type;
  if (filing.policy == nullptr || media_type.empty()) return;
  const auto& allowed = filing.policy->media_types;
  if (std::ranges::find(allowed, BareMediaType(media_type)) != allowed.end()) return;
  std::string taken;
  for (const std::string& type : allowed) taken += (taken.empty() ? "" : ", ") + type;
  findings.Add("MEDIA_TYPE_NOT_ALLOWED",
               Nth(i) + " is of a type this court does not take; it takes " + taken,
               Field(i, "media_type"));
}

void ExamineDocument(const Examined& filing, std::size_t i, Findings& findings) {
  const Document& document = filing.header.documents[i];
  if (i > 0 && document.role == DocumentRole::kUnspecified) {
    findings.Add("REQUIRED_MISSING", Nth(i) + " is neither lead nor attachment", Field(i, "role"));
  }
  if (document.sha256 == Digest{}) {
    findings.Add("FIELD_INVALID", Nth(i) + " has no SHA-256 of 32 bytes", Field(i, "sha256"));
  }
  ExamineMediaType(filing, i, findings);
}

void ExamineSize(std::size_t i, std::int64_t size, std::int64_t court_max, Findings& findings) {
  const std::string field = Field(i, "size_bytes");
  if (size == 0) {
    findings.Add("DOCUMENT_EMPTY", Nth(i) + " has no bytes", field);
  } else if (size < 0) {
    findings.Add("FIELD_INVALID", Nth(i) + " has a negative size", field);
  } else if (size > kDocumentHardMaxBytes) {
    findings.Add("DOCUMENT_TOO_LARGE",
                 Nth(i) + " has " + Grouped(size) + " bytes; no court is sent more than " +
                     Limit(kDocumentHardMaxBytes),
                 field);
  } else if (size > court_max) {
    findings.Add(
        "DOCUMENT_TOO_LARGE",
        Nth(i) + " has " + Grouped(size) + " bytes; this court takes at most " + Limit(court_max),
        field);
  }
}

}  // namespace

bool NeedsBytes(const Examined& filing) {
  for (std::size_t i = 0; i < filing.header.documents.size(); ++i) {
    if (!IsStored(filing, i)) return true;
  }
  return false;
}

void ExamineDocuments(const Examined& filing, Findings& findings) {
  const auto& documents = filing.header.documents;
  if (documents.empty()) {
    findings.Add("DOCUMENTS_MISSING", "the filing has no document", "header.documents");
    return;
  }
  const auto most = static_cast<std::size_t>(
      filing.policy == nullptr ? kDocumentsHardMax : filing.policy->documents_max);
  if (documents.size() > most) {
    findings.Add("TOO_MANY_DOCUMENTS",
                 "the filing has " + std::to_string(documents.size()) +
                     " documents; this court takes at most " + std::to_string(most),
                 "header.documents");
  }
  if (documents.front().role != DocumentRole::kLead) {
    findings.Add("FIRST_DOCUMENT_NOT_LEAD", "document 1 must be a lead document", Field(0, "role"));
  }
  for (std::size_t i = 0; i < std::min(documents.size(), most); ++i)
    ExamineDocument(filing, i, findings);
}

void ExamineSizes(const Examined& filing, Findings& findings) {
  const std::int64_t document_max =
      filing.policy == nullptr ? kDocumentHardMaxBytes : filing.policy->document_size_max_bytes;
  std::int64_t total = 0;
  for (std::size_t i = 0; i < filing.header.documents.size(); ++i) {
    const std::int64_t size = filing.header.documents[i].size_bytes;
    ExamineSize(i, size, document_max, findings);
    // Sizes are the filer's numbers: a sum of them must not overflow.
    total += std::clamp<std::int64_t>(size, 0, kDocumentHardMaxBytes + 1);
  }
  if (filing.policy != nullptr && total > filing.policy->filing_size_max_bytes) {
    findings.Add("FILING_TOO_LARGE",
                 "the documents have " + Grouped(total) +
                     " bytes together; this court takes at most " +
                     Limit(filing.policy->filing_size_max_bytes),
                 "header.documents");
  }
}

void ExamineInlineDocuments(const Examined& filing, Findings& findings) {
  std::int64_t total = 0;
  for (std::size_t i = 0; i < filing.input.inline_documents.size(); ++i) {
    const InlineDocument& sent = filing.input.inline_documents[i];
    const std::string field = "inline_documents[" + std::to_string(i) + ']';
    total += sent.size_bytes;
    if (sent.size_bytes > kInlineDocumentMaxBytes) {
      findings.Add("INLINE_TOO_LARGE", field + " is larger than 64 KiB", field);
    } else if (!sent.header_index) {
      findings.Add("INLINE_NOT_IN_HEADER", field + " is none of the header's documents", field);
    } else if (*sent.header_index < filing.header.documents.size() &&
               filing.header.documents[*sent.header_index].size_bytes != sent.size_bytes) {
      findings.Add("FIELD_INVALID",
                   Nth(*sent.header_index) + " has another size than the header says",
                   Field(*sent.header_index, "size_bytes"));
    }
  }
  if (total > kInlineTotalMaxBytes) {
    findings.Add("INLINE_TOO_LARGE", "the documents sent along are larger than 1 MiB together",
                 "inline_documents");
  }
}

void ExaminePdfFindings(const Examined& filing, Findings& findings) {
  const std::size_t known = std::min(filing.header.documents.size(), filing.input.documents.size());
  for (std::size_t i = 0; i < known; ++i) {
    const std::string field = Field(i, "sha256");
    if (!filing.input.documents[i].pdf) continue;
    const PdfFinding finding = *filing.input.documents[i].pdf;
    // Uploads are examined before anybody says what they are; that a text is no good PDF is no
    // news.
    if (!IsPdf(filing.header.documents[i]) && finding != PdfFinding::kNeedsPassword) continue;
    switch (finding) {
      case PdfFinding::kGood:
        break;
      case PdfFinding::kNeedsPassword:
        findings.Add("PASSWORD_PROTECTED", Nth(i) + " needs a password to open", field);
        break;
      case PdfFinding::kDamaged:
        findings.Warn("PDF_DAMAGED",
                      Nth(i) + " has defects; it is delivered as it is, but may not open", field);
        break;
      case PdfFinding::kTooComplex:
        findings.Warn("PDF_TOO_COMPLEX",
                      Nth(i) + " could not be examined within the gateway's limits", field);
        break;
      case PdfFinding::kNotChecked:
        findings.Warn("PDF_NOT_CHECKED", Nth(i) + " was not examined", field);
        break;
    }
  }
}

void ExamineWhatIsStored(const Examined& filing, Findings& findings) {
  for (std::size_t i = 0; i < filing.header.documents.size(); ++i) {
    if (IsStored(filing, i) || IsInline(filing, i)) continue;
    findings.Add(
        "DOCUMENT_MISSING",
        Nth(i) + " is not completely stored: sha256 " + filing.header.documents[i].sha256.Hex(),
        Field(i, "sha256"));
  }
}

void WarnAboutDocuments(const Examined& filing, Findings& findings) {
  std::set<Digest> seen;
  for (std::size_t i = 0; i < LookedAt(filing); ++i) {
    const Document& document = filing.header.documents[i];
    if (!seen.insert(document.sha256).second) {
      findings.Warn("SAME_DOCUMENT_TWICE", Nth(i) + " has the same bytes as an earlier one.",
                    Field(i, "sha256"));
    }
    if (IsPdf(document) && !LowerCase(document.file_name).ends_with(".pdf")) {
      findings.Warn("FILE_NAME_DIFFERS", "The file name of " + Nth(i) + " does not end in .pdf.",
                    Field(i, "file_name"));
    }
    if (document.confidentiality != Confidentiality::kUnspecified &&
        document.confidentiality < filing.header.confidentiality) {
      findings.Warn("CONFIDENTIALITY_MIXED",
                    Nth(i) + " is stated less confidential than the filing as a whole.",
                    Field(i, "confidentiality"));
    }
  }
}

void WarnAboutRedaction(const Examined& filing, Findings& findings) {
  for (const PersonalPlace& place : FindPersonalPlaces(filing.header)) {
    findings.Warn("PERSONAL_INFORMATION", Sentence(place), place.field);
  }
  const std::size_t known = std::min(LookedAt(filing), filing.input.documents.size());
  for (std::size_t i = 0; i < known; ++i) {
    const PersonalPages& personal = filing.input.documents[i].personal;
    if (!personal.any()) continue;
    findings.Warn("PERSONAL_INFORMATION", Sentence(i + 1, personal), Field(i, "sha256"));
  }
}

}  // namespace nightbox::admission
