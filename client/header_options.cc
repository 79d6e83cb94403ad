#include "client/header_options.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "client/header_words.h"
#include "proto/filing_codec.h"

namespace nightbox::client {
namespace {

namespace fs = std::filesystem;

Error Wrong(std::string_view option, std::string_view expected) {
  return Error{ErrorCode::kInvalidArgument,
               std::string(option) + " must be " + std::string(expected), "", std::string(option)};
}

struct DocumentOption {
  std::string file;
  DocumentRole role = DocumentRole::kUnspecified;
  std::string title;
};

// FILE may hold colons; what counts is the first ":lead" or ":attachment" that ends the text or is
// followed by a title.
DocumentOption SplitDocument(const std::string& text) {
  const std::pair<std::string_view, DocumentRole> roles[] = {
      {":lead", DocumentRole::kLead}, {":attachment", DocumentRole::kAttachment}};
  DocumentOption best{text, DocumentRole::kUnspecified, ""};
  std::size_t best_at = text.size();
  for (const auto& [word, role] : roles) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      const std::size_t end = at + word.size();
      if (end != text.size() && text[end] != ':') continue;
      if (at < best_at) {
        best_at = at;
        best = {text.substr(0, at), role, end == text.size() ? "" : text.substr(end + 1)};
      }
      break;
    }
  }
  return best;
}

Result<HeaderDraft> Documents(const std::vector<std::string>& options) {
  HeaderDraft draft;
  for (const std::string& each : options) {
    const DocumentOption option = SplitDocument(each);
    const fs::path path(option.file);
    if (!path.has_filename()) return Wrong("--document", "FILE[:lead|attachment[:TITLE]]");
    Document document;
    document.file_name = path.filename().string();
    document.title = option.title.empty() ? path.stem().string() : option.title;
    document.role = option.role;
    if (document.role == DocumentRole::kUnspecified) {
      document.role = draft.sources.empty() ? DocumentRole::kLead : DocumentRole::kAttachment;
    }
    draft.header.documents.push_back(std::move(document));
    draft.sources.push_back(path);
  }
  return draft;
}

// "2:sealed" as the index 1 and "sealed", when there is such a document.
std::optional<std::pair<std::size_t, std::string>> SplitIndexed(const std::string& text,
                                                                std::size_t documents) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto used = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || number < 1 || number > documents || used >= text.size() ||
      text[used] != ':') {
    return std::nullopt;
  }
  return std::pair{number - 1, text.substr(used + 1)};
}

Result<CaseReference> Case(const HeaderOptions& options) {
  const int given = (options.case_number.empty() ? 0 : 1) +
                    (options.new_case_category.empty() ? 0 : 1) +
                    (options.opened_by.empty() ? 0 : 1);
  if (given != 1) {
    return Error{ErrorCode::kInvalidArgument,
                 "name exactly one of --case, --new-case and --opened-by"};
  }
  const bool describes_new =
      !options.case_type.empty() || !options.title.empty() || !options.parties.empty();
  if (describes_new && options.new_case_category.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "--case-type, --title and --party describe a new case; give --new-case"};
  }
  if (!options.case_number.empty()) return CaseReference(ExistingCase{options.case_number});
  if (!options.opened_by.empty()) return CaseReference(OpenedBy{FilingId(options.opened_by)});
  NewCase opened{options.new_case_category, options.case_type, options.title, {}};
  for (const std::string& each : options.parties) {
    const std::size_t colon = each.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == each.size()) {
      return Wrong("--party", "'NAME:ROLE'");
    }
    opened.parties.push_back({each.substr(0, colon), each.substr(colon + 1)});
  }
  return CaseReference(std::move(opened));
}

Result<ServiceRequest> Service(const std::string& text) {
  const std::size_t first = text.find(':');
  if (first == std::string::npos || first == 0)
    return Wrong("--service", "'NAME:METHOD[:ADDRESS]'");
  const std::size_t second = text.find(':', first + 1);
  ServiceRequest request;
  request.name = text.substr(0, first);
  request.method =
      text.substr(first + 1, second == std::string::npos ? second : second - first - 1);
  if (second != std::string::npos) request.address = text.substr(second + 1);
  if (request.method.empty()) return Wrong("--service", "'NAME:METHOD[:ADDRESS]'");
  return request;
}

// The value of a word option; an absent option keeps "not stated".
template <class Enum>
Result<Enum> Word(std::string_view option, const std::string& text,
                  std::optional<Enum> (*from_word)(std::string_view), const std::string& words) {
  if (text.empty()) return Enum{};
  const auto value = from_word(text);
  if (!value || *value == Enum{}) return Wrong(option, "one of " + words);
  return *value;
}

// What is not UTF-8 could neither be kept in the outbox nor sent.
Result<void> CheckTexts(const HeaderOptions& options) {
  using Texts = std::span<const std::string>;
  const auto one = [](const std::string& text) { return Texts(&text, 1); };
  const std::pair<std::string_view, Texts> all[] = {
      {"--court", one(options.court)},
      {"--case", one(options.case_number)},
      {"--new-case", one(options.new_case_category)},
      {"--case-type", one(options.case_type)},
      {"--title", one(options.title)},
      {"--party", options.parties},
      {"--opened-by", one(options.opened_by)},
      {"--document", options.documents},
      {"--media-type", options.media_types},
      {"--uniform-citation", one(options.uniform_citation)},
      {"--signer", one(options.signer)},
      {"--signature-form", one(options.signature_form)},
      {"--paper-original-custodian", one(options.paper_original_custodian)},
      {"--fee-reference", one(options.fee_reference)},
      {"--on-behalf-of", options.on_behalf_of},
      {"--service", options.service},
      {"--corrects", one(options.corrects)},
      {"--related-group", one(options.related_group)},
      {"--media-item", options.media_items},
      {"--note", one(options.note)},
      {"--reference", one(options.reference)}};
  for (const auto& [option, texts] : all) {
    if (!std::ranges::all_of(texts, IsWellFormedText))
      return Wrong(option, "UTF-8: set a UTF-8 locale, or rename the file");
  }
  return {};
}

}  // namespace

Result<HeaderDraft> BuildHeader(const HeaderOptions& options) {
  NB_RETURN_IF_ERROR(CheckTexts(options));
  NB_ASSIGN_OR_RETURN(HeaderDraft draft, Documents(options.documents));
  FilingHeader& header = draft.header;
  header.court = CourtId(options.court);
  NB_ASSIGN_OR_RETURN(header.case_reference, Case(options));
  for (const std::string& each : options.document_security) {
    const auto indexed = SplitIndexed(each, header.documents.size());
    const auto level = indexed ? ConfidentialityFromWord(indexed->second) : std::nullopt;
    if (!level)
      return Wrong("--document-security", "N:LEVEL, LEVEL one of " + ConfidentialityWords());
    header.documents[indexed->first].confidentiality = *level;
  }
  for (const std::string& each : options.media_types) {
    const auto indexed = SplitIndexed(each, header.documents.size());
    if (!indexed) return Wrong("--media-type", "N:TYPE, for example 2:image/tiff");
    header.documents[indexed->first].media_type = indexed->second;
  }
  header.uniform_citation_number = options.uniform_citation;
  NB_ASSIGN_OR_RETURN(header.confidentiality,
                      Word("--confidentiality", options.confidentiality, ConfidentialityFromWord,
                           ConfidentialityWords()));
  header.signer = options.signer;
  header.signature_form = options.signature_form;
  header.paper_original_custodian = options.paper_original_custodian;
  NB_ASSIGN_OR_RETURN(header.fee_state,
                      Word("--fee", options.fee, FeeStateFromWord, FeeStateWords()));
  header.fee_authorization_reference = options.fee_reference;
  header.on_behalf_of = options.on_behalf_of;
  for (const std::string& each : options.service) {
    NB_ASSIGN_OR_RETURN(ServiceRequest request, Service(each));
    header.service_requests.push_back(std::move(request));
  }
  NB_ASSIGN_OR_RETURN(header.emergency_class, Word("--emergency", options.emergency,
                                                   EmergencyClassFromWord, EmergencyClassWords()));
  header.corrects_filing_id = FilingId(options.corrects);
  header.related_group_id = options.related_group;
  header.media_items = options.media_items;
  header.paper_copies = options.paper_copies;
  header.note_to_clerk = options.note;
  header.filer_reference = options.reference;
  header.test = options.test;
  return draft;
}

}  // namespace nightbox::client
