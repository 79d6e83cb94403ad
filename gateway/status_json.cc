// status.json: the status page for programs, with the words of the page in lower case.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "gateway/status_look.h"
#include "gateway/status_page.h"
#include "rules/court_time.h"

namespace nightbox {
namespace {

namespace json = boost::json;

json::string JsonText(std::string_view text) { return json::string(text.data(), text.size()); }

// Takes the path out of a value, and out of every member of a list.
void TakeOut(json::value& value, std::string_view path) {
  if (value.is_array()) {
    for (json::value& each : value.as_array()) TakeOut(each, path);
  }
  if (!value.is_object()) return;
  const std::size_t dot = path.find('.');
  const auto member = value.as_object().find(JsonText(path.substr(0, dot)));
  if (member == value.as_object().end()) return;
  if (dot == std::string_view::npos) {
    value.as_object().erase(member);
  } else {
    TakeOut(member->value(), path.substr(dot + 1));
  }
}

json::value TimeValue(const std::optional<WallTime>& time) {
  if (!time) return nullptr;
  return json::value(FormatUtc(*time));
}

std::string Lower(std::string_view word) {
  std::string lower(word);
  if (!lower.empty()) lower[0] = static_cast<char>(lower[0] - 'A' + 'a');
  return lower;
}

json::array IdsValue(const std::vector<CourtId>& ids) {
  json::array values;
  for (const CourtId& id : ids) values.push_back(JsonText(id.str()));
  return values;
}

json::object CircuitValue(const CircuitGroup& circuit, CircuitState state) {
  return {{"circuit_id", JsonText(circuit.id.str())},
          {"name", JsonText(circuit.name)},
          {"state", JsonText(Lower(LookOf(state).word))},
          {"covers", JsonText(circuit.covers)},
          {"courts", IdsValue(circuit.courts)},
          {"county_courts", circuit.county_courts},
          {"divisions", IdsValue(circuit.divisions)},
          {"apart", IdsValue(circuit.apart)},
          {"divisions_complete", circuit.divisions_complete}};
}

json::object ContactValue(const PublicContact& each) {
  const DutyContact& contact = each.contact.value;
  return {{"role", JsonText(contact.role)},   {"name", JsonText(contact.name)},
          {"phone", JsonText(contact.phone)}, {"email", JsonText(contact.email)},
          {"hours", JsonText(contact.hours)}, {"confirmed", each.contact.confirmed()},
          {"courts", IdsValue(each.courts)}};
}

}  // namespace

std::string RenderStatusJson(const StatusSnapshot& snapshot, WallTime now) {
  json::array courts;
  for (const CourtStatus& status : snapshot.courts) {
    const CourtStatus shown = Shown(status, snapshot, now);
    courts.push_back(json::object{{"court_id", JsonText(shown.court.str())},
                                  {"name", JsonText(shown.name)},
                                  {"accepting", JsonText(Lower(LookOf(shown.accepting).word))},
                                  {"delivering", JsonText(Lower(LookOf(shown.delivering).word))},
                                  {"state_of", JsonText(shown.state_of.str())},
                                  {"since", TimeValue(shown.since)},
                                  {"last_checked", TimeValue(shown.last_checked)}});
  }
  json::array circuits;
  for (const CircuitGroup& circuit : snapshot.circuits)
    circuits.push_back(CircuitValue(circuit, Shown(circuit, snapshot, now)));
  json::array contacts;
  for (const PublicContact& contact : snapshot.contacts) contacts.push_back(ContactValue(contact));
  const std::string why = WhyNotReady(snapshot, now);
  json::value page = json::object{{"format", "nightbox-status-v1"},
                                  {"gateway", JsonText(snapshot.gateway)},
                                  {"as_of", JsonText(FormatUtc(snapshot.made_at))},
                                  {"ready", why.empty()},
                                  {"not_ready", JsonText(why)},
                                  {"courts", std::move(courts)},
                                  {"circuits", std::move(circuits)},
                                  {"contacts", std::move(contacts)}};
  if (snapshot.not_shown.empty()) return json::serialize(page) + '\n';
  json::array not_shown;
  for (const auto& [field, by] : snapshot.not_shown) {
    TakeOut(page, field);
    not_shown.push_back(json::object{{"field", JsonText(field)}, {"clause", JsonText(by.clause)}});
  }
  page.as_object()["not_shown"] = std::move(not_shown);
  return json::serialize(page) + '\n';
}

}  // namespace nightbox
