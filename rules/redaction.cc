#include "rules/redaction.h"

#include <string_view>
#include <utility>

namespace nightbox {
namespace {

class Finder {
 public:
  void Look(std::string field, std::string_view text) {
    if (places_.size() >= kPersonalPlacesMax) return;
    const PersonalKinds kinds = FindPersonalText(text);
    if (kinds.any()) places_.push_back({std::move(field), kinds});
  }
  void Look(std::string_view list, std::size_t index, std::string_view member,
            std::string_view text) {
    std::string field = std::string(list) + '[' + std::to_string(index) + ']';
    if (!member.empty()) field += '.' + std::string(member);
    Look(std::move(field), text);
  }
  std::vector<PersonalPlace> Take() { return std::move(places_); }

 private:
  std::vector<PersonalPlace> places_;
};

void LookAtCase(const CaseReference& reference, Finder& finder) {
  if (const auto* existing = std::get_if<ExistingCase>(&reference)) {
    finder.Look("header.case_number", existing->number);
  }
  const auto* opened = std::get_if<NewCase>(&reference);
  if (opened == nullptr) return;
  finder.Look("header.new_case.case_type", opened->case_type);
  finder.Look("header.new_case.title", opened->title);
  for (std::size_t i = 0; i < opened->parties.size(); ++i) {
    finder.Look("header.new_case.parties", i, "name", opened->parties[i].name);
    finder.Look("header.new_case.parties", i, "role", opened->parties[i].role);
  }
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) joined += i + 1 == texts.size() ? " and " : ", ";
    joined += texts[i];
  }
  return joined;
}

std::string Sentence(const std::string& place, const std::vector<std::string>& kinds) {
  return place + " seems to hold " + Joined(kinds) +
         ". To leave it out or blacken it is the filer's duty (COR 2.02); the filing is taken as "
         "it is.";
}

}  // namespace

std::vector<PersonalPlace> FindPersonalPlaces(const FilingHeader& header) {
  Finder finder;
  LookAtCase(header.case_reference, finder);
  for (std::size_t i = 0; i < header.documents.size(); ++i) {
    finder.Look("header.documents", i, "title", header.documents[i].title);
    finder.Look("header.documents", i, "file_name", header.documents[i].file_name);
  }
  finder.Look("header.uniform_citation_number", header.uniform_citation_number);
  finder.Look("header.signature.signer", header.signer);
  finder.Look("header.signature.form", header.signature_form);
  finder.Look("header.paper_original_custodian", header.paper_original_custodian);
  for (std::size_t i = 0; i < header.on_behalf_of.size(); ++i) {
    finder.Look("header.on_behalf_of", i, "", header.on_behalf_of[i]);
  }
  for (std::size_t i = 0; i < header.service_requests.size(); ++i) {
    const ServiceRequest& request = header.service_requests[i];
    finder.Look("header.service_requests", i, "name", request.name);
    finder.Look("header.service_requests", i, "method", request.method);
    finder.Look("header.service_requests", i, "address", request.address);
  }
  for (std::size_t i = 0; i < header.media_items.size(); ++i) {
    finder.Look("header.media_items", i, "", header.media_items[i]);
  }
  finder.Look("header.note_to_clerk", header.note_to_clerk);
  finder.Look("header.filer_reference", header.filer_reference);
  return finder.Take();
}

std::string Sentence(const PersonalPlace& place) {
  std::vector<std::string> kinds;
  for (std::size_t i = 0; i < kPersonalKinds; ++i) {
    if (place.kinds.holds[i]) kinds.emplace_back(Words(static_cast<PersonalKind>(i)));
  }
  return Sentence(place.field, kinds);
}

std::string Sentence(std::size_t document_number, const PersonalPages& pages) {
  std::vector<std::string> kinds;
  for (std::size_t i = 0; i < kPersonalKinds; ++i) {
    if (pages.first_page[i] == 0) continue;
    kinds.push_back(std::string(Words(static_cast<PersonalKind>(i))) + " (page " +
                    std::to_string(pages.first_page[i]) + ")");
  }
  return Sentence("document " + std::to_string(document_number), kinds);
}

}  // namespace nightbox
