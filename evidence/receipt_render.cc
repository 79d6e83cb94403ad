// RenderReceipt, in the order of docs/formats/receipt.md.
#include <array>

#include "evidence/json_writer.h"
#include "evidence/receipt.h"
#include "evidence/receipt_last_day.h"
#include "evidence/receipt_words.h"
#include "rules/court_time.h"
#include "rules/unavailability_rules.h"

namespace nightbox {
namespace {

// A machine whose time zone database lost the zone still takes filings; it says UTC.
std::string LocalWords(WallTime time, const std::string& zone) {
  auto words = FormatLocal(time, zone);
  if (!words) words = FormatLocal(time, "UTC");
  return words ? *words : FormatUtc(time);
}

std::string LocalText(WallTime time, const std::string& zone) {
  const auto text = FormatLocalOffset(time, zone);
  return text ? *text : FormatUtc(time);
}

// A claim that nobody confirmed. One without a citation and without a standing is of before there
// were standings, and no more is said of it than then.
bool IsGatewayUnconfirmed(const ReceiptFacts& facts) {
  return facts.gateway_unconfirmed ||
         (facts.authority == ReceiptAuthority::kGateway && facts.authority_standing &&
          CountedAuthority(facts) != ReceiptAuthority::kGateway);
}

std::string_view DurabilityMeaning(std::string_view durability_class) {
  if (durability_class == "D1") return "stored on one machine, synced to its disk";
  if (durability_class == "D2") return "stored on a second machine as well";
  if (durability_class == "D3") return "stored in a second data centre as well and read back there";
  return "";
}

// One receipt being written.
class Page {
 public:
  explicit Page(const ReceiptFacts& facts) : facts_(facts) {}

  std::string Render() {
    out_.BeginObject();
    PlainWords();
    Identity();
    Times();
    Keeping();
    FilerAndCase();
    Documents();
    Carried();
    Attempts();
    Authority();
    Log();
    HowToVerify();
    out_.Text("salt", facts_.salt.Hex());
    out_.EndObject();
    return out_.Finish();
  }

 private:
  void PlainWords() {
    out_.Text("statement", ReceiptSentence(facts_));
    out_.Text("service", "Nightbox has served nobody.");
    out_.TextIfStated("notice", ReceiptNotice(facts_));
    if (facts_.header.emergency_class != EmergencyClass::kUnspecified) {
      out_.Text("emergency",
                "The filer says that this is an emergency. Nightbox tells no judge: if it cannot "
                "wait, take it to the clerk of the court on paper.");
    }
  }

  void Identity() {
    out_.Text("format", "nightbox-receipt/1");
    out_.Text("type", "filing.received");
    out_.Bool("test", facts_.header.test);
    out_.Text("gateway", facts_.gateway);
    out_.Text("filing_id", facts_.filing_id.str());
    out_.Text("request_id", facts_.request_id.str());
    out_.BeginObject("court");
    out_.Text("id", facts_.header.court.str());
    out_.Text("name", facts_.court_name);
    out_.Text("time_zone", facts_.time_zone);
    out_.EndObject();
  }

  void Times() {
    out_.BeginObject("received_at");
    out_.Text("meaning", "received by the gateway at");
    out_.Text("utc", FormatUtc(facts_.received_at));
    out_.Text("local", LocalText(facts_.received_at, facts_.time_zone));
    out_.Text("words", LocalWords(facts_.received_at, facts_.time_zone));
    out_.EndObject();
    out_.BeginObject("times");
    Instant("attempt_opened", facts_.attempt_opened_at);
    Instant("first_byte", facts_.first_byte_at);
    Instant("last_byte", facts_.last_byte_at);
    Instant("received", facts_.received_at);
    Instant("committed", facts_.committed_at);
    out_.EndObject();
    out_.BeginObject("clock");
    out_.Bool("synchronized", facts_.clock.synchronized);
    out_.Name("max_error_us");
    if (facts_.clock.max_error) {
      out_.Number(std::int64_t{facts_.clock.max_error->count()});
    } else {
      out_.Null();
    }
    out_.Text("source", facts_.clock.source);
    out_.Number("epoch", std::uint64_t{facts_.clock.epoch});
    out_.EndObject();
  }

  void Instant(std::string_view name, std::optional<WallTime> time) {
    out_.Name(name);
    if (!time) {
      out_.Null();
      return;
    }
    out_.BeginObject();
    out_.Text("utc", FormatUtc(*time));
    out_.Text("local", LocalText(*time, facts_.time_zone));
    out_.EndObject();
  }

  void Keeping() {
    out_.BeginObject("durability");
    out_.Text("class", facts_.durability_class);
    out_.Text("meaning", DurabilityMeaning(facts_.durability_class));
    Texts("copies", facts_.copies);
    out_.EndObject();
    out_.BeginObject("delivery");
    out_.Text("state", facts_.header.test ? "test" : "pending");
    out_.Text("case_system", WordFor(kReachWords, facts_.case_system));
    out_.EndObject();
  }

  void Texts(std::string_view name, const std::vector<std::string>& texts) {
    out_.BeginArray(name);
    for (const std::string& text : texts) out_.Text(text);
    out_.EndArray();
  }

  void FilerAndCase() {
    out_.BeginObject("filer");
    out_.Text("system", facts_.system.str());
    out_.Text("registered_user", facts_.registered_user.str());
    out_.TextIfStated("staff", facts_.staff);
    out_.EndObject();
    out_.BeginObject("case");
    std::visit([this](const auto& reference) { Case(reference); }, facts_.header.case_reference);
    out_.EndObject();
  }

  void Case(std::monostate) { out_.Text("kind", "none"); }
  void Case(const ExistingCase& existing) {
    out_.Text("kind", "existing");
    out_.Text("number", existing.number);
    out_.TextIfStated("canonical", facts_.canonical_case_number);
  }
  void Case(const NewCase& opened) {
    out_.Text("kind", "new");
    out_.Text("category", opened.category);
    out_.Text("case_type", opened.case_type);
    out_.Text("title", opened.title);
    out_.BeginArray("parties");
    for (const Party& party : opened.parties) {
      out_.BeginObject();
      out_.Text("name", party.name);
      out_.Text("role", party.role);
      out_.EndObject();
    }
    out_.EndArray();
  }
  void Case(const OpenedBy& opener) {
    out_.Text("kind", "opened_by_filing");
    out_.Text("filing_id", opener.filing_id.str());
  }

  void Documents() {
    out_.BeginArray("documents");
    const auto& documents = facts_.header.documents;
    for (std::size_t i = 0; i < documents.size(); ++i) {
      const Document& document = documents[i];
      out_.BeginObject();
      out_.Text("title", document.title);
      out_.Text("role", WordFor(kRoleWords, document.role));
      out_.Text("name", document.file_name);
      out_.Text("type", document.media_type);
      out_.Number("bytes", document.size_bytes);
      Pages(i);
      out_.Text("sha256", document.sha256.Hex());
      out_.TextIfStated("confidentiality",
                        WordFor(kConfidentialityWords, document.confidentiality));
      out_.EndObject();
    }
    out_.EndArray();
  }

  void Pages(std::size_t document) {
    out_.Name("pages");
    if (document < facts_.document_pages.size() && facts_.document_pages[document]) {
      out_.Number(std::uint64_t{*facts_.document_pages[document]});
    } else {
      out_.Null();
    }
  }

  void Carried() {
    const FilingHeader& header = facts_.header;
    out_.BeginObject("filing");
    out_.TextIfStated("uniform_citation_number", header.uniform_citation_number);
    out_.TextIfStated("confidentiality", WordFor(kConfidentialityWords, header.confidentiality));
    out_.TextIfStated("signer", header.signer);
    out_.TextIfStated("signature_form", header.signature_form);
    out_.TextIfStated("paper_original_custodian", header.paper_original_custodian);
    out_.TextIfStated("fee", WordFor(kFeeWords, header.fee_state));
    out_.TextIfStated("fee_authorization_reference", header.fee_authorization_reference);
    if (!header.on_behalf_of.empty()) Texts("on_behalf_of", header.on_behalf_of);
    if (!header.service_requests.empty()) ServiceRequested();
    out_.TextIfStated("emergency_class", WordFor(kEmergencyWords, header.emergency_class));
    out_.TextIfStated("corrects_filing_id", header.corrects_filing_id.str());
    out_.TextIfStated("related_group_id", header.related_group_id);
    if (!header.media_items.empty()) Texts("media_items", header.media_items);
    if (header.paper_copies > 0) out_.Number("paper_copies", std::uint64_t{header.paper_copies});
    out_.TextIfStated("note_to_clerk", header.note_to_clerk);
    out_.TextIfStated("filer_reference", header.filer_reference);
    out_.EndObject();
    out_.Text("fingerprint", facts_.fingerprint.Hex());
    out_.Text("delivery_key", facts_.delivery_key.Hex());
  }

  void ServiceRequested() {
    out_.BeginArray("service_requested");
    for (const ServiceRequest& request : facts_.header.service_requests) {
      out_.BeginObject();
      out_.Text("name", request.name);
      out_.Text("method", request.method);
      out_.Text("address", request.address);
      out_.EndObject();
    }
    out_.EndArray();
  }

  void Attempts() {
    out_.BeginObject("attempts");
    out_.Number("count", facts_.attempts.count);
    out_.Text("first_at", FormatUtc(facts_.attempts.first_at));
    out_.BeginArray("ids");
    for (const AttemptId& id : facts_.attempts.ids) out_.Text(id.str());
    out_.EndArray();
    out_.EndObject();
    out_.BeginArray("warnings");
    for (const Warning& warning : facts_.warnings) {
      out_.BeginObject();
      out_.Text("code", warning.code);
      out_.Text("message", warning.message);
      out_.Text("field", warning.field);
      out_.EndObject();
    }
    out_.EndArray();
  }

  void Authority() {
    const ReceiptAuthority authority = CountedAuthority(facts_);
    out_.BeginObject("receipt_authority");
    out_.Text("policy", WordFor(kAuthorityWords, authority));
    if (IsGatewayUnconfirmed(facts_)) {
      out_.Text("configured", WordFor(kAuthorityWords, ReceiptAuthority::kGateway));
    }
    out_.Text("citation", facts_.authority_citation);
    if (facts_.authority_standing) out_.Text("standing", StandingWord(*facts_.authority_standing));
    out_.Text("policy_version", facts_.policy_version);
    if (authority != ReceiptAuthority::kGateway) LastDays();
    out_.EndObject();
  }

  void LastDays() {
    if (facts_.last_day_rule) {
      out_.BeginObject("last_day_rule");
      out_.Text("rule", facts_.last_day_rule->rule);
      out_.Text("rules_version", facts_.last_day_rule->rules_version);
      Texts("unconfirmed", facts_.last_day_rule->unconfirmed);
      out_.Text("meaning", MeaningOf(facts_));
      out_.EndObject();
    }
    out_.BeginArray("last_day");
    for (const ReceiptLastDay& each : facts_.last_days.empty() ? NotComputed() : facts_.last_days) {
      out_.BeginObject();
      out_.Text("counted_from", each.counted_from);
      out_.TextIfStated("remark", each.remark);
      out_.TextIfStated("calendar", each.calendar);
      out_.Text("last_day", each.last_day);
      out_.Bool("unconfirmed", each.unconfirmed);
      out_.EndObject();
    }
    out_.EndArray();
  }

  // That there are two readings is said even then.
  static std::vector<ReceiptLastDay> NotComputed() {
    const std::string none(kLastDayNotComputed);
    return {{"the first unsuccessful attempt", "", "", none, true},
            {"the end of the unavailability", "", "", none, true}};
  }

  void Log() {
    out_.BeginObject("log");
    out_.Text("origin", facts_.log.origin);
    out_.Text("log_id", facts_.log.log_id);
    out_.Number("sequence", facts_.log.sequence);
    out_.Number("leaf_index", facts_.log.leaf_index);
    out_.Text("key", facts_.log.key);
    out_.Name("checkpoint_before");
    if (facts_.log.checkpoint_before) {
      out_.Text(*facts_.log.checkpoint_before);
    } else {
      out_.Null();
    }
    out_.EndObject();
  }

  // Without the last two options openssl would also trust every root the machine trusts for the
  // web.
  void HowToVerify() {
    out_.BeginArray("how_to_verify");
    out_.Text("sha256sum DOCUMENT   # must equal the sha256 of that document above");
    out_.Text(
        "openssl x509 -in root.pem -noout -fingerprint -sha256   # must equal the fingerprint the "
        "court publishes");
    out_.Text(
        "openssl cms -verify -binary -inform DER -in receipt.json.p7s -content receipt.json "
        "-CAfile root.pem -no-CApath -no-CAstore -purpose any -out /dev/null");
    out_.EndArray();
  }

  const ReceiptFacts& facts_;
  JsonWriter out_;
};

}  // namespace

std::string ReceiptSentence(const ReceiptFacts& facts) {
  constexpr std::string_view kDelivered =
      "the filing will be delivered to it with this receive time.";
  std::string text = "Nightbox gateway " + facts.gateway + " received this filing on " +
                     LocalWords(facts.received_at, facts.time_zone) +
                     " and has stored it durably. ";
  if (facts.header.test) {
    text += "This is a test filing: it will not be delivered to any court.";
  } else if (facts.case_system == CaseSystemReach::kNotReachable) {
    text += "The court's case system was not reachable at that time; ";
    text += kDelivered;
  } else if (facts.case_system == CaseSystemReach::kReachable) {
    text += "The court's case system was reachable at that time; ";
    text += kDelivered;
  } else {
    text += "Whether the court's case system was reachable at that time is not known; ";
    text += kDelivered;
  }
  if (!facts.clock.synchronized) {
    text += " The gateway's clock was not synchronised at that time.";
  }
  return text;
}

ReceiptAuthority CountedAuthority(const ReceiptFacts& facts) {
  const bool founded =
      !facts.authority_citation.empty() &&
      facts.authority_standing.value_or(Standing::kConfirmed) == Standing::kConfirmed;
  return facts.authority == ReceiptAuthority::kGateway && !founded ? ReceiptAuthority::kUndecided
                                                                   : facts.authority;
}

std::string ReceiptNotice(const ReceiptFacts& facts) {
  const ReceiptAuthority authority = CountedAuthority(facts);
  if (authority == ReceiptAuthority::kGateway) return {};
  const std::string notice(
      NoticeBeginning(authority, facts.authority_standing, IsGatewayUnconfirmed(facts)));
  return notice + NotToWait(facts.unavailability_rule) + LastDayNotice(facts.last_days);
}

std::string RenderReceipt(const ReceiptFacts& facts) { return Page(facts).Render(); }

}  // namespace nightbox
