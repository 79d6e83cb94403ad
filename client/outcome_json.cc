#include "client/outcome_json.h"

#include <boost/json.hpp>

#include "client/json_members.h"
#include "rules/court_time.h"

namespace nightbox::client {
namespace {

namespace json = boost::json;

constexpr std::string_view kFormat = "nightbox-outbox-outcome-v1";

json::value TimeOrNull(const std::optional<WallTime>& time) {
  if (!time) return nullptr;
  return json::string(FormatUtc(*time));
}

std::optional<WallTime> OptionalTime(const JsonMembers& members, std::string_view name) {
  if (members.Find(name) == nullptr) return std::nullopt;
  return members.Time(name);
}

template <class Enum>
Enum Known(std::optional<Enum> value, std::string_view member) {
  if (!value) throw BadMember{std::string(member)};
  return *value;
}

FilingState FilingFromJson(const json::value& value) {
  const JsonMembers members(value);
  FilingState filing;
  filing.filing_id = FilingId(members.Text("filing_id"));
  filing.request_id = RequestId(members.Text("request_id"));
  filing.court = CourtId(members.Text("court"));
  filing.received_at = OptionalTime(members, "received_at");
  filing.committed_at = OptionalTime(members, "committed_at");
  filing.delivery = Known(DeliveryFromWord(members.Text("delivery")), "delivery");
  filing.review = Known(ReviewFromWord(members.Text("review")), "review");
  filing.reason = members.Text("reason");
  for (const json::value& each : members.Array("case_numbers")) {
    const JsonMembers number(each);
    filing.case_numbers.push_back(
        {number.Text("number"), number.Text("party"), number.Flag("synthetic_location")});
  }
  filing.court_filing_id = members.Text("court_filing_id");
  filing.filed_at = OptionalTime(members, "filed_at");
  filing.docketed_at = OptionalTime(members, "docketed_at");
  filing.test = members.Flag("test");
  return filing;
}

CallFailure RefusalFromJson(const json::value& value) {
  const JsonMembers members(value);
  CallFailure refusal;
  refusal.reason = members.Text("reason");
  refusal.field = members.Text("field");
  refusal.message = members.Text("message");
  refusal.what_now = members.Text("what_now");
  refusal.attempt_id = members.Text("attempt_id");
  refusal.fault = members.Text("fault");
  return refusal;
}

}  // namespace

json::object FilingToJson(const FilingState& filing) {
  json::array numbers;
  for (const CaseNumber& each : filing.case_numbers) {
    numbers.push_back(json::object{{"number", each.number},
                                   {"party", each.party},
                                   {"synthetic_location", each.synthetic_location}});
  }
  return json::object{{"filing_id", filing.filing_id.str()},
                      {"request_id", filing.request_id.str()},
                      {"court", filing.court.str()},
                      {"received_at", TimeOrNull(filing.received_at)},
                      {"committed_at", TimeOrNull(filing.committed_at)},
                      {"delivery", ToWord(filing.delivery)},
                      {"review", ToWord(filing.review)},
                      {"reason", filing.reason},
                      {"case_numbers", std::move(numbers)},
                      {"court_filing_id", filing.court_filing_id},
                      {"filed_at", TimeOrNull(filing.filed_at)},
                      {"docketed_at", TimeOrNull(filing.docketed_at)},
                      {"test", filing.test}};
}

std::string OutcomeToJson(const Outcome& outcome) {
  json::object object{{"format", kFormat},
                      {"conclusion", ToWord(outcome.conclusion)},
                      {"updated_at", FormatUtc(outcome.updated_at)}};
  if (outcome.conclusion == Conclusion::kRefused) {
    object["refusal"] = json::object{
        {"reason", outcome.refusal.reason},         {"field", outcome.refusal.field},
        {"message", outcome.refusal.message},       {"what_now", outcome.refusal.what_now},
        {"attempt_id", outcome.refusal.attempt_id}, {"fault", outcome.refusal.fault}};
  } else {
    object["filing"] = FilingToJson(outcome.filing);
  }
  return json::serialize(object) + "\n";
}

Result<Outcome> OutcomeFromJson(std::string_view text) {
  try {
    const json::value value = json::parse(text);
    const JsonMembers members(value);
    if (members.Text("format") != kFormat) throw BadMember{"format"};
    Outcome outcome;
    outcome.conclusion = Known(ConclusionFromWord(members.Text("conclusion")), "conclusion");
    outcome.updated_at = members.Time("updated_at");
    const bool refused = outcome.conclusion == Conclusion::kRefused;
    const json::value* rest = members.Find(refused ? "refusal" : "filing");
    if (rest == nullptr) throw BadMember{refused ? "refusal" : "filing"};
    if (refused) {
      outcome.refusal = RefusalFromJson(*rest);
    } else {
      outcome.filing = FilingFromJson(*rest);
    }
    return outcome;
  } catch (const BadMember& bad) {
    return Error{ErrorCode::kDataLoss,
                 "outcome.json: \"" + bad.name + "\" is missing or not valid"};
  } catch (const std::exception&) {
    return Error{ErrorCode::kDataLoss, "outcome.json is not JSON"};
  }
}

std::string AttemptToJson(const AttemptNote& note) {
  json::object object{{"at", FormatUtc(note.at)}, {"step", note.step}};
  if (!note.reason.empty()) object["reason"] = note.reason;
  if (!note.attempt_id.empty()) object["attempt_id"] = note.attempt_id;
  return json::serialize(object);
}

std::optional<AttemptNote> AttemptFromJson(std::string_view line) {
  try {
    const json::value value = json::parse(line);
    const JsonMembers members(value);
    AttemptNote note{members.Time("at"), members.Text("step")};
    if (members.Find("reason") != nullptr) note.reason = members.Text("reason");
    if (members.Find("attempt_id") != nullptr) note.attempt_id = members.Text("attempt_id");
    return note;
  } catch (const BadMember&) {
    return std::nullopt;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace nightbox::client
