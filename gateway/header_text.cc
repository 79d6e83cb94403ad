#include "gateway/header_text.h"

#include <cstdint>
#include <functional>

#include "gateway/error_catalogue.h"

namespace nightbox {
namespace {

enum class Need { kOptional, kRequired };
enum class Shape { kOneLine, kLines };

// Decodes one code point at `at` and moves it on; 0xFFFFFFFF when the bytes are not UTF-8.
std::uint32_t NextCodePoint(std::string_view text, std::size_t& at) {
  constexpr std::uint32_t kBad = 0xFFFFFFFF;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t first = byte(at);
  std::size_t more = 0;
  std::uint32_t value = first;
  std::uint32_t smallest = 0;
  if (first >= 0xF0 && first <= 0xF4) {
    more = 3, value = first & 0x07U, smallest = 0x10000;
  } else if (first >= 0xE0 && first < 0xF0) {
    more = 2, value = first & 0x0FU, smallest = 0x800;
  } else if (first >= 0xC2 && first < 0xE0) {
    more = 1, value = first & 0x1FU, smallest = 0x80;
  } else if (first >= 0x80) {
    return kBad;
  }
  if (at + more >= text.size()) return kBad;
  for (std::size_t i = 1; i <= more; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return kBad;
    value = (value << 6U) | (byte(at + i) & 0x3FU);
  }
  if (value < smallest || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return kBad;
  at += more + 1;
  return value;
}

bool IsControl(std::uint32_t c, bool lines) {
  if (lines && (c == '\n' || c == '\r' || c == '\t')) return false;
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

class Examiner {
 public:
  explicit Examiner(std::size_t max) : max_(max) {}

  void Text(const std::string& field, std::string_view text, std::size_t max_bytes,
            Need need = Need::kOptional, Shape shape = Shape::kOneLine) {
    total_ += text.size();
    if (text.empty()) {
      if (need == Need::kRequired) Add("REQUIRED_MISSING", field + " is empty", field);
    } else if (text.size() > max_bytes) {
      Add("FIELD_TOO_LONG",
          field + " has " + std::to_string(text.size()) + " bytes; at most " +
              std::to_string(max_bytes) + " are taken",
          field);
    } else if (!IsPlainText(text, shape == Shape::kLines)) {
      Add("FIELD_NOT_TEXT", field + " holds control characters or is not UTF-8", field);
    }
  }

  // Whether the list is short enough to be looked at one by one.
  bool Count(const std::string& field, std::size_t count, std::size_t max_count) {
    if (count <= max_count) return true;
    Add("TOO_MANY_VALUES",
        field + " has " + std::to_string(count) + " members; at most " + std::to_string(max_count) +
            " are taken",
        field);
    return false;
  }

  void Invalid(const std::string& field, const std::string& message) {
    Add("FIELD_INVALID", field + ' ' + message, field);
  }

  std::vector<Error> Finish() {
    if (total_ > kHeaderTextMaxBytes) {
      Add("HEADER_TOO_LARGE",
          "the texts of the header have " + std::to_string(total_) + " bytes; at most " +
              std::to_string(kHeaderTextMaxBytes) + " are taken",
          "header");
    }
    return std::move(problems_);
  }

 private:
  void Add(std::string_view reason, std::string message, std::string field) {
    if (problems_.size() < max_) {
      problems_.push_back(Catalogued(reason, std::move(message), std::move(field)));
    }
  }

  std::size_t max_;
  std::size_t total_ = 0;
  std::vector<Error> problems_;
};

std::string Indexed(std::string_view list, std::size_t index, std::string_view member = {}) {
  std::string field = std::string(list) + '[' + std::to_string(index) + ']';
  if (!member.empty()) field += '.' + std::string(member);
  return field;
}

void ExamineCase(Examiner& examiner, const CaseReference& reference) {
  if (const auto* existing = std::get_if<ExistingCase>(&reference)) {
    // The shape never refuses (a number the court gave may look odd); absurd length does.
    examiner.Text("header.case_number", existing->number, 64, Need::kRequired);
  } else if (const auto* opened = std::get_if<NewCase>(&reference)) {
    examiner.Text("header.new_case.category", opened->category, 16, Need::kRequired);
    examiner.Text("header.new_case.case_type", opened->case_type, 200, Need::kRequired);
    examiner.Text("header.new_case.title", opened->title, 1000, Need::kRequired);
    const std::string list = "header.new_case.parties";
    if (!examiner.Count(list, opened->parties.size(), kPartiesMax)) return;
    for (std::size_t i = 0; i < opened->parties.size(); ++i) {
      examiner.Text(Indexed(list, i, "name"), opened->parties[i].name, 300, Need::kRequired);
      examiner.Text(Indexed(list, i, "role"), opened->parties[i].role, 100);
    }
  }
}

void ExamineDocuments(Examiner& examiner, const std::vector<Document>& documents) {
  // Their number is the court's limit, which admission checks; what no court takes is not read.
  for (std::size_t i = 0; i < documents.size() && i < 100; ++i) {
    const Document& document = documents[i];
    const auto field = [&](std::string_view member) {
      return Indexed("header.documents", i, member);
    };
    examiner.Text(field("title"), document.title, 500, Need::kRequired);
    examiner.Text(field("file_name"), document.file_name, 255, Need::kRequired);
    examiner.Text(field("media_type"), document.media_type, 100, Need::kRequired);
    if (document.file_name.find_first_of("/\\") != std::string::npos || document.file_name == "." ||
        document.file_name == "..") {
      examiner.Invalid(field("file_name"), "must be a name, not a path");
    }
  }
}

void ExamineLists(Examiner& examiner, const FilingHeader& header) {
  if (examiner.Count("header.on_behalf_of", header.on_behalf_of.size(), kOnBehalfOfMax)) {
    for (std::size_t i = 0; i < header.on_behalf_of.size(); ++i) {
      examiner.Text(Indexed("header.on_behalf_of", i), header.on_behalf_of[i], 300,
                    Need::kRequired);
    }
  }
  const std::string services = "header.service_requests";
  if (examiner.Count(services, header.service_requests.size(), kServiceRequestsMax)) {
    for (std::size_t i = 0; i < header.service_requests.size(); ++i) {
      const ServiceRequest& request = header.service_requests[i];
      examiner.Text(Indexed(services, i, "name"), request.name, 300, Need::kRequired);
      examiner.Text(Indexed(services, i, "method"), request.method, 100);
      examiner.Text(Indexed(services, i, "address"), request.address, 500, Need::kOptional,
                    Shape::kLines);
    }
  }
  if (examiner.Count("header.media_items", header.media_items.size(), kMediaItemsMax)) {
    for (std::size_t i = 0; i < header.media_items.size(); ++i) {
      examiner.Text(Indexed("header.media_items", i), header.media_items[i], 500, Need::kRequired);
    }
  }
}

}  // namespace

bool IsPlainText(std::string_view text, bool lines) {
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t c = NextCodePoint(text, at);
    if (c == 0xFFFFFFFF || IsControl(c, lines)) return false;
  }
  return true;
}

std::vector<Error> HeaderTextProblems(const FilingHeader& header, std::size_t max) {
  Examiner examiner(max);
  ExamineCase(examiner, header.case_reference);
  ExamineDocuments(examiner, header.documents);
  ExamineLists(examiner, header);
  examiner.Text("header.uniform_citation_number", header.uniform_citation_number, 32);
  examiner.Text("header.signature.signer", header.signer, 300);
  examiner.Text("header.signature.form", header.signature_form, 100);
  examiner.Text("header.paper_original_custodian", header.paper_original_custodian, 300);
  examiner.Text("header.fee.authorization_reference", header.fee_authorization_reference, 200);
  examiner.Text("header.related_group_id", header.related_group_id, 64);
  examiner.Text("header.note_to_clerk", header.note_to_clerk, 4000, Need::kOptional, Shape::kLines);
  examiner.Text("header.filer_reference", header.filer_reference, 200);
  if (header.paper_copies > kPaperCopiesMax) {
    examiner.Invalid("header.paper_copies", "must be at most " + std::to_string(kPaperCopiesMax));
  }
  return examiner.Finish();
}

}  // namespace nightbox
