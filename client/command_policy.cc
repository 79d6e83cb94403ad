// `nightbox policy`: what a court takes, and whom to ask and to call there.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "client/command_parts.h"
#include "client/commands.h"
#include "rules/unavailability_rules.h"

namespace nightbox::client {
namespace {

namespace json = boost::json;

// "7,000,000 bytes (7 MB)".
std::string Size(std::int64_t bytes) {
  std::string digits = std::to_string(bytes);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  std::array<char, 32> megabytes{};
  std::snprintf(megabytes.data(), megabytes.size(), " bytes (%g MB)",
                static_cast<double>(bytes) / 1e6);
  return digits + megabytes.data();
}

// What is stated of them, with ", " between; `none` where nothing is.
std::string List(const std::vector<std::string>& texts, std::string_view none) {
  std::string joined;
  for (const std::string& each : texts) {
    if (!each.empty()) joined += (joined.empty() ? "" : ", ") + each;
  }
  return joined.empty() ? std::string(none) : joined;
}

// " (unconfirmed; source: a letter)"; nothing where it is confirmed.
std::string Doubt(const std::string& standing, const std::string& source) {
  if (standing == "confirmed" || standing.empty()) return "";
  return " (" + standing + (source.empty() ? "" : "; source: " + source) + ")";
}

// The same of one of the values; `unsaid` where the gateway says no more than its name.
std::string DoubtOf(const CourtPolicy& policy, std::string_view name, std::string_view unsaid) {
  const auto known = std::ranges::find(policy.standings, name, &ValueStanding::name);
  if (known != policy.standings.end()) return Doubt(known->standing, known->source);
  const bool doubted = std::ranges::find(policy.unconfirmed, name) != policy.unconfirmed.end();
  return std::string(doubted ? unsaid : "");
}

// Whose time of receipt the court counts, if it has said so.
std::string WhoseTime(const CourtPolicy& policy) {
  const std::string& citation = policy.receipt_authority_citation;
  const std::string by = citation.empty() ? "" : ", by " + citation;
  const std::string advice = NotToWait(policy.unavailability_rule);
  if (policy.receipt_authority == "gateway") return "the gateway's" + by;
  const std::string doubt = DoubtOf(policy, "receipt_authority", " (unconfirmed)");
  if (policy.receipt_authority == "case-system") {
    return "its case system's" + by + doubt + ". " + advice;
  }
  if (policy.gateway_time_unconfirmed) {
    return "not decided: the gateway's is configured" + by + doubt + ". " + advice;
  }
  return "not decided by the court. " + advice;
}

// Custodian, contacts and fees have said of themselves how sure they are.
void SayWhatIsUnconfirmed(Output& out, const CourtPolicy& policy) {
  std::string_view label = "Not confirmed      ";
  for (const std::string& name : policy.unconfirmed) {
    out.Say(std::string(label) + name + DoubtOf(policy, name, ""));
    label = "                   ";
  }
}

void SayWhoAnswers(Output& out, const CourtPolicy& policy) {
  if (const auto& custodian = policy.records_custodian) {
    out.Say("Records            " +
            List({custodian->name, custodian->office, custodian->contact, custodian->clause}, "") +
            Doubt(custodian->standing, custodian->source));
  }
  for (const DutyContact& contact : policy.duty_contacts) {
    out.Say("Whom to call       " + contact.role + ": " +
            List({contact.name, contact.phone, contact.email, contact.hours}, "") +
            Doubt(contact.standing, contact.source));
  }
  if (const auto& fees = policy.fees) {
    out.Say("Fees               " + List({fees->policy, fees->schedule}, "") +
            (fees->collected_by.empty() ? "" : "; collected by " + fees->collected_by) +
            Doubt(fees->standing, fees->source));
  }
}

void SayToPeople(Output& out, const CourtPolicy& policy) {
  out.Say("Court              " + policy.court.str() + "  " + policy.court_name);
  out.Say("Document, at most  " + Size(policy.document_size_max_bytes));
  out.Say("Filing, at most    " + Size(policy.filing_size_max_bytes) + ", " +
          std::to_string(policy.documents_max) + " documents");
  out.Say("Kinds of file      " + List(policy.media_types, "none"));
  out.Say("Case types         " + List(policy.case_types, "all"));
  out.Say("Filers             " + List(policy.filer_classes, "all"));
  out.Say("Whose time counts  " + WhoseTime(policy));
  out.Say("Time zone          " + policy.time_zone);
  SayWhoAnswers(out, policy);
  SayWhatIsUnconfirmed(out, policy);
}

json::array ArrayOf(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::value InJson(const std::optional<RecordsCustodian>& custodian) {
  if (!custodian) return nullptr;
  return {{"name", custodian->name},         {"office", custodian->office},
          {"contact", custodian->contact},   {"clause", custodian->clause},
          {"standing", custodian->standing}, {"source", custodian->source}};
}

json::value InJson(const DutyContact& contact) {
  return {{"role", contact.role},    {"name", contact.name},   {"phone", contact.phone},
          {"email", contact.email},  {"hours", contact.hours}, {"standing", contact.standing},
          {"source", contact.source}};
}

json::value InJson(const std::optional<FeePolicy>& fees) {
  if (!fees) return nullptr;
  return {{"collected_by", fees->collected_by},
          {"policy", fees->policy},
          {"schedule", fees->schedule},
          {"standing", fees->standing},
          {"source", fees->source}};
}

void AddMembers(json::object& members, const CourtPolicy& policy) {
  members["court"] = policy.court.str();
  members["court_name"] = policy.court_name;
  members["version"] = policy.version;
  members["document_size_max_bytes"] = policy.document_size_max_bytes;
  members["filing_size_max_bytes"] = policy.filing_size_max_bytes;
  members["documents_max"] = policy.documents_max;
  members["media_types"] = ArrayOf(policy.media_types);
  members["case_types"] = ArrayOf(policy.case_types);
  members["filer_classes"] = ArrayOf(policy.filer_classes);
  members["receipt_authority"] = policy.receipt_authority;
  members["receipt_authority_citation"] = policy.receipt_authority_citation;
  members["gateway_time_unconfirmed"] = policy.gateway_time_unconfirmed;
  members["time_zone"] = policy.time_zone;
  members["unavailability_rule"] = policy.unavailability_rule;
  members["records_custodian"] = InJson(policy.records_custodian);
  json::array contacts;
  for (const DutyContact& contact : policy.duty_contacts) contacts.push_back(InJson(contact));
  members["duty_contacts"] = std::move(contacts);
  members["fees"] = InJson(policy.fees);
  members["unconfirmed"] = ArrayOf(policy.unconfirmed);
  json::array standings;
  for (const ValueStanding& value : policy.standings) {
    standings.push_back(
        {{"name", value.name}, {"standing", value.standing}, {"source", value.source}});
  }
  members["standings"] = std::move(standings);
}

}  // namespace

ExitCode RunPolicy(const Surroundings& around, const std::string& court) {
  const auto client = OpenClient(around);
  if (!client) return Fail(around.out, client.error());
  const auto policy = (*client)->GetCourtPolicy(CourtId(court));
  if (!policy) return Fail(around.out, policy.error());
  SayToPeople(around.out, *policy);
  AddMembers(around.out.members(), *policy);
  SayNotShown(around.out, **client);
  return around.out.Finish(ExitCode::kDone);
}

}  // namespace nightbox::client
