// ParseReceipt: strict about what the format promises, tolerant of what it does not know.
#include <limits>

#include "evidence/json_reader.h"
#include "evidence/receipt.h"
#include "evidence/receipt_last_day.h"
#include "evidence/receipt_words.h"
#include "rules/court_time.h"
#include "rules/unavailability_rules.h"

namespace nightbox {
namespace {

WallTime Instant(const JsonFields& fields, std::string_view name) {
  const auto time = ParseUtc(fields.Text(name));
  if (!time) fields.Complain(name, "is not an instant");
  return time.value_or(WallTime());
}

std::optional<WallTime> InstantOrNull(const JsonFields& fields, std::string_view name) {
  if (fields.IsNull(name)) return std::nullopt;
  return Instant(fields.Object(name), "utc");
}

template <class Value, std::size_t N>
Value Choice(const JsonFields& fields, std::string_view name,
             const std::array<Word<Value>, N>& words) {
  if (!fields.Has(name)) return words[0].value;
  const auto value = ValueFor(words, fields.Text(name));
  if (!value) fields.Complain(name, "is a word this format does not know");
  return value.value_or(words[0].value);
}

std::uint32_t SmallNumber(const JsonFields& fields, std::string_view name) {
  const std::uint64_t number = fields.NumberIfStated(name);
  if (number > std::numeric_limits<std::uint32_t>::max()) fields.Complain(name, "is too large");
  return static_cast<std::uint32_t>(number);
}

std::int64_t Size(const JsonFields& fields, std::string_view name) {
  const std::uint64_t number = fields.Number(name);
  if (number > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    fields.Complain(name, "is too large");
    return 0;
  }
  return static_cast<std::int64_t>(number);
}

ReceiptClock ParseClock(const JsonFields& fields) {
  ReceiptClock clock;
  clock.synchronized = fields.BoolIfStated("synchronized");
  if (!fields.IsNull("max_error_us")) clock.max_error = Microseconds(Size(fields, "max_error_us"));
  clock.source = fields.TextIfStated("source");
  clock.epoch = SmallNumber(fields, "epoch");
  return clock;
}

CaseReference ParseCase(const JsonFields& fields) {
  const std::string kind = fields.Text("kind");
  if (kind == "existing") return ExistingCase{fields.Text("number")};
  if (kind == "opened_by_filing") return OpenedBy{FilingId(fields.Text("filing_id"))};
  if (kind == "new") {
    NewCase opened{fields.Text("category"), fields.Text("case_type"), fields.Text("title"), {}};
    fields.ForEachObject("parties", [&](const JsonFields& party) {
      opened.parties.push_back({party.Text("name"), party.Text("role")});
    });
    return opened;
  }
  if (kind != "none") fields.Complain("kind", "is a word this format does not know");
  return std::monostate{};
}

Document ParseDocument(const JsonFields& fields) {
  Document document;
  document.title = fields.Text("title");
  document.role = Choice(fields, "role", kRoleWords);
  document.file_name = fields.Text("name");
  document.media_type = fields.Text("type");
  document.size_bytes = Size(fields, "bytes");
  document.sha256 = fields.Sha256("sha256");
  document.confidentiality = Choice(fields, "confidentiality", kConfidentialityWords);
  return document;
}

std::optional<std::uint32_t> ParsePages(const JsonFields& document) {
  if (document.IsNull("pages")) return std::nullopt;
  return SmallNumber(document, "pages");
}

void ParseCarried(const JsonFields& fields, FilingHeader& header) {
  header.uniform_citation_number = fields.TextIfStated("uniform_citation_number");
  header.confidentiality = Choice(fields, "confidentiality", kConfidentialityWords);
  header.signer = fields.TextIfStated("signer");
  header.signature_form = fields.TextIfStated("signature_form");
  header.paper_original_custodian = fields.TextIfStated("paper_original_custodian");
  header.fee_state = Choice(fields, "fee", kFeeWords);
  header.fee_authorization_reference = fields.TextIfStated("fee_authorization_reference");
  header.on_behalf_of = fields.Texts("on_behalf_of");
  fields.ForEachObject("service_requested", [&](const JsonFields& request) {
    header.service_requests.push_back(
        {request.Text("name"), request.Text("method"), request.Text("address")});
  });
  header.emergency_class = Choice(fields, "emergency_class", kEmergencyWords);
  header.corrects_filing_id = FilingId(fields.TextIfStated("corrects_filing_id"));
  header.related_group_id = fields.TextIfStated("related_group_id");
  header.media_items = fields.Texts("media_items");
  header.paper_copies = SmallNumber(fields, "paper_copies");
  header.note_to_clerk = fields.TextIfStated("note_to_clerk");
  header.filer_reference = fields.TextIfStated("filer_reference");
}

ReceiptAttempts ParseAttempts(const JsonFields& fields) {
  ReceiptAttempts attempts;
  attempts.count = fields.Number("count");
  attempts.first_at = Instant(fields, "first_at");
  for (std::string& id : fields.Texts("ids")) attempts.ids.emplace_back(std::move(id));
  return attempts;
}

// The rule that the notice names; every view of a receipt names the one that was written.
std::string RuleInNotice(std::string_view notice) {
  for (const std::string_view beginning :
       {kNoticeUndecided, kNoticeCaseSystem, kNoticeGatewayUnconfirmed,
        kNoticeCaseSystemUnconfirmed}) {
    if (notice.starts_with(beginning)) return CitationIn(notice.substr(beginning.size()));
  }
  return {};
}

ReceiptLastDay ParseLastDay(const JsonFields& fields) {
  ReceiptLastDay last_day;
  last_day.counted_from = fields.Text("counted_from");
  last_day.remark = fields.TextIfStated("remark");
  last_day.calendar = fields.TextIfStated("calendar");
  last_day.last_day = fields.Text("last_day");
  last_day.unconfirmed = fields.BoolIfStated("unconfirmed");
  return last_day;
}

void ParseLastDays(const JsonFields& authority, ReceiptFacts& facts) {
  if (authority.Has("last_day_rule")) {
    const JsonFields rule = authority.Object("last_day_rule");
    facts.last_day_rule =
        ReceiptLastDayRule{rule.Text("rule"), rule.Text("rules_version"), rule.Texts("unconfirmed"),
                           rule.TextIfStated("meaning")};
    std::string& meaning = facts.last_day_rule->meaning;
    if (meaning == kLastDayMeaning) meaning.clear();
  }
  authority.ForEachObject("last_day", [&](const JsonFields& reading) {
    ReceiptLastDay last_day = ParseLastDay(reading);
    if (last_day.last_day != kLastDayNotComputed) facts.last_days.push_back(std::move(last_day));
  });
}

void ParseAuthority(const JsonFields& fields, ReceiptFacts& facts) {
  facts.authority = Choice(fields, "policy", kAuthorityWords);
  facts.authority_citation = fields.TextIfStated("citation");
  facts.policy_version = fields.TextIfStated("policy_version");
  if (fields.Has("standing")) {
    facts.authority_standing = ParseStanding(fields.Text("standing"));
    if (!facts.authority_standing) {
      fields.Complain("standing", "is a word this format does not know");
    }
  }
  facts.gateway_unconfirmed =
      fields.TextIfStated("configured") == WordFor(kAuthorityWords, ReceiptAuthority::kGateway);
}

ReceiptLogPosition ParseLog(const JsonFields& fields) {
  ReceiptLogPosition log;
  log.origin = fields.Text("origin");
  log.log_id = fields.Text("log_id");
  log.sequence = fields.Number("sequence");
  log.leaf_index = fields.Number("leaf_index");
  log.key = fields.TextIfStated("key");
  if (!fields.IsNull("checkpoint_before")) {
    log.checkpoint_before = fields.Text("checkpoint_before");
  }
  return log;
}

}  // namespace

Result<ReceiptFacts> ParseReceipt(std::string_view receipt_json) {
  auto object = ParseJsonObject(receipt_json, kReceiptMaxBytes);
  if (!object) return object.error().In("receipt");
  std::string problem;
  const JsonFields fields(*object, problem);
  if (fields.Text("format") != "nightbox-receipt/1") {
    fields.Complain("format", "is not nightbox-receipt/1");
  }
  if (fields.Text("type") != "filing.received") {
    fields.Complain("type", "is not filing.received");
  }

  ReceiptFacts facts;
  facts.gateway = fields.Text("gateway");
  facts.filing_id = FilingId(fields.Text("filing_id"));
  facts.request_id = RequestId(fields.Text("request_id"));
  facts.header.test = fields.BoolIfStated("test");
  const JsonFields court = fields.Object("court");
  facts.header.court = CourtId(court.Text("id"));
  facts.court_name = court.TextIfStated("name");
  facts.time_zone = court.TextIfStated("time_zone");
  const JsonFields times = fields.ObjectIfStated("times");
  facts.attempt_opened_at = InstantOrNull(times, "attempt_opened");
  facts.first_byte_at = InstantOrNull(times, "first_byte");
  facts.last_byte_at = InstantOrNull(times, "last_byte");
  facts.received_at = Instant(fields.Object("received_at"), "utc");
  facts.committed_at = Instant(times.Object("committed"), "utc");
  facts.clock = ParseClock(fields.ObjectIfStated("clock"));
  const JsonFields durability = fields.ObjectIfStated("durability");
  facts.durability_class = durability.TextIfStated("class");
  facts.copies = durability.Texts("copies");
  facts.case_system = Choice(fields.ObjectIfStated("delivery"), "case_system", kReachWords);
  const JsonFields filer = fields.Object("filer");
  facts.system = SystemName(filer.Text("system"));
  facts.registered_user = UserId(filer.Text("registered_user"));
  facts.staff = filer.TextIfStated("staff");
  const JsonFields in_case = fields.Object("case");
  facts.header.case_reference = ParseCase(in_case);
  if (std::holds_alternative<ExistingCase>(facts.header.case_reference))
    facts.canonical_case_number = in_case.TextIfStated("canonical");
  fields.ForEachObject("documents", [&](const JsonFields& document) {
    facts.header.documents.push_back(ParseDocument(document));
    facts.document_pages.push_back(ParsePages(document));
  });
  ParseCarried(fields.ObjectIfStated("filing"), facts.header);
  facts.fingerprint = fields.Sha256("fingerprint");
  facts.delivery_key = fields.Sha256("delivery_key");
  facts.attempts = ParseAttempts(fields.Object("attempts"));
  fields.ForEachObject("warnings", [&](const JsonFields& warning) {
    facts.warnings.push_back(
        {warning.Text("code"), warning.Text("message"), warning.TextIfStated("field")});
  });
  const JsonFields authority = fields.ObjectIfStated("receipt_authority");
  ParseAuthority(authority, facts);
  // Where the gateway's time counts there are none.
  if (CountedAuthority(facts) != ReceiptAuthority::kGateway) {
    facts.unavailability_rule = RuleInNotice(fields.TextIfStated("notice"));
    ParseLastDays(authority, facts);
  }
  facts.log = ParseLog(fields.Object("log"));
  facts.salt = fields.Sha256("salt");

  if (!problem.empty()) return Error{ErrorCode::kInvalidArgument, "receipt: " + problem};
  return facts;
}

}  // namespace nightbox
