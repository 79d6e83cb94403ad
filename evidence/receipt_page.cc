#include "evidence/receipt_page.h"

#include <ctemplate/template.h>

#include <memory>

#include "core/check.h"
#include "core/sha256.h"
#include "evidence/package_files.h"
#include "evidence/receipt.h"
#include "evidence/receipt_last_day.h"
#include "evidence/receipt_words.h"
#include "rules/court_time.h"

namespace nightbox {
namespace {

using Dictionary = ctemplate::TemplateDictionary;

ctemplate::TemplateString View(std::string_view text) {
  return ctemplate::TemplateString(text.data(), text.size());
}

// SetValue copies the text.
void Set(Dictionary& dictionary, std::string_view name, std::string_view value) {
  dictionary.SetValue(View(name), View(value));
}

// What HTML takes as a datetime: at most three digits of fraction, cut.
std::string MachineTime(WallTime time) {
  std::string text = FormatUtc(time);
  return text.erase(text.size() - 4, 3);
}

void AddTime(Dictionary& page, std::string_view what, std::optional<WallTime> time,
             const std::string& zone) {
  if (!time) return;
  Dictionary& row = *page.AddSectionDictionary("TIME");
  Set(row, "WHAT", what);
  Set(row, "UTC", FormatUtc(*time));
  Set(row, "MACHINE_TIME", MachineTime(*time));
  const auto words = FormatLocal(*time, zone);
  Set(row, "WORDS", words ? *words : FormatUtc(*time));
}

void AddFact(Dictionary& page, std::string_view label, std::string_view value) {
  if (value.empty()) return;
  Dictionary& row = *page.AddSectionDictionary("FACT");
  Set(row, "LABEL", label);
  Set(row, "VALUE", value);
}

struct CaseWords {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(const ExistingCase& existing) const { return existing.number; }
  std::string operator()(const OpenedBy& opener) const {
    return "the case opened by filing " + opener.filing_id.str();
  }
  std::string operator()(const NewCase& opened) const {
    std::string words = "a new case: " + opened.title + " (" + opened.case_type + ")";
    for (const Party& party : opened.parties) words += "; " + party.role + ": " + party.name;
    return words;
  }
};

std::string ClockWords(const ReceiptClock& clock) {
  std::string words = clock.synchronized ? "synchronised" : "not synchronised";
  if (clock.max_error) {
    words += ", at most " + std::to_string(clock.max_error->count()) + " microseconds off";
  }
  return words + ".";
}

std::string CopiesWords(const ReceiptFacts& facts) {
  std::string words = facts.durability_class;
  for (const std::string& copy : facts.copies) words += ", " + copy;
  return words;
}

void FillTimes(Dictionary& page, const ReceiptFacts& facts) {
  const auto words = FormatLocal(facts.received_at, facts.time_zone);
  Set(page, "RECEIVED_MACHINE_TIME", MachineTime(facts.received_at));
  Set(page, "RECEIVED_WORDS", words ? *words : FormatUtc(facts.received_at));
  AddTime(page, "Attempt opened", facts.attempt_opened_at, facts.time_zone);
  AddTime(page, "First byte of the documents", facts.first_byte_at, facts.time_zone);
  AddTime(page, "Last byte of the documents", facts.last_byte_at, facts.time_zone);
  AddTime(page, "Received: arrival of the completed request", facts.received_at, facts.time_zone);
  AddTime(page, "Stored durably", facts.committed_at, facts.time_zone);
  Set(page, "CLOCK", ClockWords(facts.clock));
}

std::string WhoseTimeWords(const ReceiptFacts& facts) {
  const std::string by = facts.authority_citation.empty() ? "" : ", by " + facts.authority_citation;
  std::string standing;
  if (facts.authority_standing) {
    standing = " (" + std::string(StandingWord(*facts.authority_standing)) + ")";
  }
  switch (CountedAuthority(facts)) {
    case ReceiptAuthority::kGateway:
      return "the gateway's" + by + standing;
    case ReceiptAuthority::kCaseSystem:
      return "the case system's" + by + standing;
    case ReceiptAuthority::kUndecided:
      break;
  }
  return facts.gateway_unconfirmed ? "not decided: the gateway's is configured" + by + standing
                                   : "not decided";
}

void FillFacts(Dictionary& page, const ReceiptFacts& facts) {
  const FilingHeader& header = facts.header;
  AddFact(page, "Filing id", facts.filing_id.str());
  AddFact(page, "Request id", facts.request_id.str());
  AddFact(page, "Court", facts.court_name + " (" + header.court.str() + ")");
  AddFact(page, "Case", std::visit(CaseWords(), header.case_reference));
  AddFact(page, "Case number, as it is usually written", facts.canonical_case_number);
  AddFact(page, "Submitting system", facts.system.str());
  AddFact(page, "Registered user", facts.registered_user.str());
  AddFact(page, "Staff", facts.staff);
  AddFact(page, "Uniform citation number", header.uniform_citation_number);
  AddFact(page, "Confidentiality, as the filer says",
          WordFor(kConfidentialityWords, header.confidentiality));
  AddFact(page, "Signed by", header.signer);
  AddFact(page, "Form of signature", header.signature_form);
  AddFact(page, "Custodian of the paper original", header.paper_original_custodian);
  AddFact(page, "Fee, as the filer says", WordFor(kFeeWords, header.fee_state));
  AddFact(page, "Corrects filing", header.corrects_filing_id.str());
  AddFact(page, "Filer's reference", header.filer_reference);
  AddFact(page, "Whose time of receipt counts", WhoseTimeWords(facts));
  AddFact(page, "Copies", CopiesWords(facts));
  AddFact(page, "Attempts with this request id", std::to_string(facts.attempts.count));
}

void FillDocuments(Dictionary& page, const ReceiptFacts& facts) {
  const auto& documents = facts.header.documents;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const Document& document = documents[i];
    Dictionary& row = *page.AddSectionDictionary("DOCUMENT");
    Set(row, "TITLE", document.title);
    Set(row, "ROLE", WordFor(kRoleWords, document.role));
    Set(row, "NAME", document.file_name);
    Set(row, "SHA256", document.sha256.Hex());
    Set(row, "BYTES", std::to_string(document.size_bytes));
    const auto& pages = facts.document_pages[i];
    Set(row, "PAGES", pages ? std::to_string(*pages) : "not known");
  }
  if (facts.warnings.empty()) return;
  Dictionary& warnings = *page.AddSectionDictionary("WARNINGS_SECTION");
  for (const Warning& warning : facts.warnings) {
    Dictionary& row = *warnings.AddSectionDictionary("WARNING");
    Set(row, "MESSAGE", warning.message);
    Set(row, "CODE", warning.code);
  }
}

// As the receipt has them: the page computes nothing.
void FillLastDays(Dictionary& page, const ReceiptFacts& facts) {
  if (facts.last_days.empty() || ReceiptNotice(facts).empty()) return;
  Dictionary& section = *page.AddSectionDictionary("LAST_DAYS_SECTION");
  Set(section, "HEADING", LastDayHeading(facts));
  Set(section, "MEANING", MeaningOf(facts));
  for (const ReceiptLastDay& each : facts.last_days) {
    Dictionary& row = *section.AddSectionDictionary("LAST_DAY");
    Set(row, "COUNTED_FROM", CountedFromWords(each));
    Set(row, "DAY", LastDayWords(each));
    Set(row, "STANDING", each.unconfirmed ? "unconfirmed" : "confirmed");
  }
  if (!facts.last_day_rule) return;
  Dictionary& rule = *section.AddSectionDictionary("RULE_SECTION");
  Set(rule, "RULE", facts.last_day_rule->rule);
  Set(rule, "RULES_VERSION", facts.last_day_rule->rules_version);
  if (facts.last_day_rule->unconfirmed.empty()) return;
  Dictionary& list = *section.AddSectionDictionary("UNCONFIRMED_SECTION");
  for (const std::string& each : facts.last_day_rule->unconfirmed)
    Set(*list.AddSectionDictionary("UNCONFIRMED"), "PARAMETER", each);
}

// Parsed once; expanding it is const and safe from several threads.
const ctemplate::Template& PageTemplate() {
  static const std::unique_ptr<ctemplate::Template> page(
      ctemplate::Template::StringToTemplate(View(kReceiptPageTemplate), ctemplate::DO_NOT_STRIP));
  NB_CHECK(page != nullptr);
  return *page;
}

}  // namespace

Result<std::string> RenderReceiptPage(std::string_view receipt_json) {
  NB_ASSIGN_OR_RETURN(const ReceiptFacts facts, ParseReceipt(receipt_json));
  Dictionary page("receipt.html");
  Set(page, "GATEWAY", facts.gateway);
  Set(page, "COURT_NAME", facts.court_name);
  Set(page, "FILING_ID", facts.filing_id.str());
  Set(page, "STATEMENT", ReceiptSentence(facts));
  Set(page, "SERVICE", "Nightbox has served nobody.");
  if (const std::string notice = ReceiptNotice(facts); !notice.empty()) {
    Set(*page.AddSectionDictionary("NOTICE_SECTION"), "NOTICE", notice);
  }
  if (facts.header.emergency_class != EmergencyClass::kUnspecified) {
    page.ShowSection("EMERGENCY_SECTION");
  }
  FillTimes(page, facts);
  FillLastDays(page, facts);
  FillFacts(page, facts);
  FillDocuments(page, facts);
  Set(page, "RECEIPT_SHA256", Sha256(receipt_json).Hex());
  Set(page, "LEAF_INDEX", std::to_string(facts.log.leaf_index));
  Set(page, "ORIGIN", facts.log.origin);
  std::string html;
  NB_CHECK(PageTemplate().Expand(&html, &page));
  return html;
}

}  // namespace nightbox
