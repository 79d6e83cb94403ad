// `nightbox case check`: what a case number says, offline, with the clause that answers.
#include "client/command_parts.h"
#include "client/commands.h"
#include "client/court_system_files.h"
#include "rules/case_check.h"
#include "rules/court_time.h"

namespace nightbox::client {
namespace {

namespace json = boost::json;

int CourtYear(const Clock& clock, const CourtSystem& system) {
  const auto local = FormatLocalOffset(clock.Now(), system.statements.front().time_zone->value);
  return local ? std::stoi(local->substr(0, 4)) : 0;
}

// Empty: the number names none.
std::string SubCase(const CaseNumberReading& reading) {
  const auto* made = reading.number ? std::get_if<NewConstructNumber>(&*reading.number) : nullptr;
  return made == nullptr ? std::string() : made->sub_case.value_or("");
}

void SayInJson(const CaseNumberReading& reading, json::object& members) {
  const auto or_null = [](const std::string& text) {
    return text.empty() ? json::value() : json::value(text);
  };
  members["raw"] = Printable(reading.raw);
  members["form"] = reading.number ? json::value(ToString(Form(*reading.number))) : json::value();
  members["canonical"] = or_null(reading.canonical);
  members["year"] = reading.year ? json::value(*reading.year) : json::value();
  members["year_confirmed"] = reading.year_confirmed;
  members["circuit"] = reading.circuit ? json::value(*reading.circuit) : json::value();
  members["location"] = or_null(reading.location);
  members["category"] = or_null(reading.category);
  members["category_meaning"] = or_null(reading.category_meaning);
  members["category_confirmed"] = reading.category_confirmed;
  members["sub_case"] = or_null(SubCase(reading));
  json::array courts;
  for (const CourtId& court : reading.courts) courts.emplace_back(court.str());
  members["courts"] = std::move(courts);
  json::array flags;
  json::array notes;
  for (const CaseNumberFlag flag : reading.flags) {
    flags.emplace_back(ToString(flag));
    notes.push_back({{"flag", ToString(flag)},
                     {"words", Explain(flag, reading)},
                     {"clause", ClauseOf(flag, reading)},
                     {"confirmed", !reading.unconfirmed.contains(flag)}});
  }
  members["flags"] = std::move(flags);
  members["notes"] = std::move(notes);
  json::array suggestions;
  for (const std::string& suggestion : reading.suggestions) suggestions.emplace_back(suggestion);
  members["suggestions"] = std::move(suggestions);
  members["clause"] = or_null(reading.clause);
}

// Whether only an inference says that the code is this court's.
bool IsInferred(const Court& court, const std::string& code) {
  return court.location_code == code &&
         court.location_code_confidence == LocationCodeConfidence::kVerifiedIndirectly;
}

std::string Words(std::string_view form) {
  std::string words(form);
  for (char& c : words) {
    if (c == '_') c = ' ';
  }
  return words;
}

void SayToPeople(const CaseNumberReading& reading, const CourtDirectory& courts, Output& out) {
  if (reading.number) {
    out.Say("number    " + reading.canonical);
    out.Say("form      " + Words(ToString(Form(*reading.number))) + " (" + reading.clause + ")");
    if (reading.year) {
      out.Say("year      " + std::to_string(*reading.year) +
              (reading.year_confirmed ? "" : ", as far as two digits tell (unconfirmed)"));
    }
    if (reading.circuit) out.Say("circuit   " + std::to_string(*reading.circuit));
    if (!reading.location.empty()) out.Say("location  " + reading.location);
    if (!reading.category.empty()) {
      out.Say("category  " + reading.category +
              (reading.category_meaning.empty() ? "" : ", " + reading.category_meaning) +
              (reading.category_meaning.empty() || reading.category_confirmed
                   ? ""
                   : " (that the list is the one in force: unconfirmed)"));
    }
    if (!SubCase(reading).empty()) out.Say("sub-case  " + SubCase(reading));
    for (const CourtId& id : reading.courts) {
      const Court& court = *courts.Find(id);
      out.Say("court     " + court.name + " (" + id.str() + ")" +
              (IsInferred(court, reading.location) ? ", by inference" : ""));
    }
  }
  for (const CaseNumberFlag flag : reading.flags) {
    out.Say("note      " + Explain(flag, reading) + " (" + ClauseOf(flag, reading) + ") [" +
            std::string(ToString(flag)) + "]");
  }
  for (const std::string& suggestion : reading.suggestions) out.Say("perhaps   " + suggestion);
  if (!reading.number) {
    out.Say(
        "A number of today looks like 24SL-CC01234: year, location, hyphen, category, five "
        "digits.");
  }
  if (!reading.flags.empty()) {
    out.Say(
        "No filing in an existing case is refused for its number's shape; write the number as the "
        "court does.");
  }
}

}  // namespace

ExitCode RunCaseCheck(const Surroundings& around, const std::string& text, const std::string& court,
                      const std::string& court_system) {
  const auto system = ReadCourtSystemFiles(court_system);
  if (!system) return FailUsage(around.out, system.error().message, "--court-system");
  CaseCheckContext context;
  context.courts = &system->courts;
  context.court = CourtId(court);
  if (!court.empty() && context.courts->Find(context.court) == nullptr)
    return FailUsage(around.out, UnknownCourt(context.court, system->courts), "--court");
  context.this_year = CourtYear(around.clock, *system);
  context.years = &system->case_years;
  context.lengths = &system->case_lengths;
  context.circuits = &system->circuits;
  context.categories_chosen =
      CategoriesChosen(system->category_choices, system->circuits, system->courts, context.court,
                       text, system->case_years);
  const CaseNumberReading reading = ReadCaseNumber(text, context);
  if (around.out.json()) {
    SayInJson(reading, around.out.members());
    around.out.members()["rules_from"] = RulesFrom(court_system);
  } else {
    SayToPeople(reading, system->courts, around.out);
    if (!court_system.empty()) around.out.Say("rules     " + court_system);
  }
  return around.out.Finish(ExitCode::kDone);
}

}  // namespace nightbox::client
