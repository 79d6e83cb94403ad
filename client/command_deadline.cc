// `nightbox deadline`: the last day of a period of days, offline, with the steps that lead to it.
#include "client/command_parts.h"
#include "client/commands.h"
#include "client/court_system_files.h"
#include "rules/court_directory.h"
#include "rules/court_time.h"
#include "rules/deadline_rules.h"

namespace nightbox::client {
namespace {

namespace json = boost::json;

// What ParseDay knows.
constexpr std::string_view kDayFirst = "1900-01-01";
constexpr std::string_view kDayLast = "2199-12-31";
constexpr const char* kStanding =
    "A computation, not a ruling: read the rule, and ask the court if in doubt.";

// What the text that was read cannot tell of a period that ends after it; empty: nothing.
std::string CaveatOf(const Period& period) {
  const PeriodRule& rule = period.rule;
  if (!rule.text_as_of || *rule.text_as_of >= period.last_day()) return {};
  return "Later amendments of the rule, or of the statute on holidays, were not read.";
}

json::value DayOrNull(const std::optional<CourtDay>& day) {
  return day ? json::value(FormatDay(*day)) : json::value();
}

json::value OrNull(const std::string& text) {
  return text.empty() ? json::value() : json::value(text);
}

std::string_view KindWord(StepKind kind) {
  switch (kind) {
    case StepKind::kTrigger:
      return "trigger";
    case StepKind::kCounted:
      return "counted";
    case StepKind::kSkipped:
      return "skipped";
    case StepKind::kNotLast:
      return "not_last";
    case StepKind::kLast:
      return "last";
  }
  return {};
}

std::string_view LayerMeaning(DayLayer layer) {
  return layer == DayLayer::kStatute
             ? "weekends and the holidays of the statute"
             : "these, and the days on which the court is closed without a holiday";
}

json::array StepsInJson(const PeriodRule& rule, const PeriodReading& reading) {
  json::array steps;
  for (const PeriodStep& step : reading.steps) {
    steps.push_back(json::object{{"day", FormatDay(step.day)},
                                 {"through", FormatDay(step.through)},
                                 {"kind", KindWord(step.kind)},
                                 {"count", step.count},
                                 {"reason", OrNull(step.reason)},
                                 {"confirmed", step.confirmed},
                                 {"words", StepWords(rule, step)}});
  }
  return steps;
}

void SayInJson(const Period& period, const std::string& court, json::object& members) {
  const PeriodRule& rule = period.rule;
  members["from"] = FormatDay(period.from);
  members["days"] = period.days;
  members["court"] = OrNull(court);
  members["rule"] = rule.id;
  members["rule_name"] = rule.name;
  members["clause"] = rule.clause;
  members["rule_confirmed"] = rule.confirmed;
  members["effective_from"] = DayOrNull(rule.effective_from);
  members["text_as_of"] = DayOrNull(rule.text_as_of);
  members["source"] = rule.source;
  members["note"] = OrNull(rule.note);
  members["caveat"] = OrNull(CaveatOf(period));
  members["last_day"] = FormatDay(period.last_day());
  members["last_day_words"] = DayWords(period.last_day());
  json::array readings;
  for (const PeriodReading& reading : period.readings) {
    readings.push_back(json::object{{"reading", LayerWord(reading.layer)},
                                    {"meaning", LayerMeaning(reading.layer)},
                                    {"last_day", FormatDay(reading.last_day)},
                                    {"last_day_words", DayWords(reading.last_day)},
                                    {"confirmed", reading.confirmed},
                                    {"steps", StepsInJson(rule, reading)}});
  }
  members["readings"] = std::move(readings);
  members["steps"] = StepsInJson(rule, period.readings.front());
  members["standing"] = kStanding;
}

void SayToPeople(const Period& period, const CourtId& court, Output& out) {
  const PeriodRule& rule = period.rule;
  out.Say("last day  " + DayWords(period.last_day()));
  out.Say("counted   " + std::to_string(period.days) + (period.days == 1 ? " day" : " days") +
          " after " + DayWords(period.from) + " by " + rule.clause +
          (rule.confirmed ? "" : " (unconfirmed)"));
  out.Say("rule      " + rule.name);
  out.Say("source    " + rule.source +
          (rule.effective_from ? "; in force from " + FormatDay(*rule.effective_from) : "") +
          (rule.text_as_of ? "; text as of " + FormatDay(*rule.text_as_of) : ""));
  if (const std::string caveat = CaveatOf(period); !caveat.empty()) out.Say("          " + caveat);
  for (const PeriodReading& reading : period.readings) {
    if (period.readings.size() > 1) {
      out.Say("");
      out.Say("Counting " + std::string(LayerMeaning(reading.layer)) + ": " +
              DayWords(reading.last_day) + (reading.confirmed ? "" : " (unconfirmed)"));
    }
    for (const PeriodStep& step : reading.steps) out.Say("  " + StepWords(rule, step));
  }
  if (period.readings.size() > 1) {
    out.Say("");
    out.Say(
        "Which of the days holds is for the court to say; the earlier one is in time for both.");
  }
  if (!rule.note.empty()) out.Say("note      " + rule.note);
  out.Say(kStanding);
  if (court.empty()) out.Say("Closures of a single court are not looked at: name it with --court.");
}

// A day, or an instant as the gateway writes it, which falls on a day of the court's.
std::optional<CourtDay> ReadDay(const std::string& text, const std::string& zone) {
  if (const auto day = ParseDay(text)) return day;
  // Whole seconds are what most programs write.
  constexpr std::size_t kWholeSeconds = std::string_view("2024-07-02T04:41:07Z").size();
  const bool whole = text.size() == kWholeSeconds && text.back() == 'Z';
  const auto instant = ParseUtc(whole ? text.substr(0, kWholeSeconds - 1) + ".000000Z" : text);
  if (!instant) return std::nullopt;
  const auto day = DayIn(*instant, zone);
  return day ? std::optional(*day) : std::nullopt;
}

// Why the text is neither; for whoever wrote it.
std::string WrongDay(const std::string& text) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  bool looks_like_day =
      text.size() == kShape.size() || (text.size() > kShape.size() && text[kShape.size()] == 'T');
  for (std::size_t i = 0; looks_like_day && i < kShape.size(); ++i)
    looks_like_day = kShape[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == kShape[i];
  const std::string day = looks_like_day ? text.substr(0, kShape.size()) : std::string();
  if (!day.empty() && (day < kDayFirst || day > kDayLast))
    return "days are known from " + std::string(kDayFirst) + " to " + std::string(kDayLast);
  if (!day.empty() && !ParseDay(day)) return "there is no such day as " + day;
  return "write a day as 2024-07-01, or an instant as 2024-07-02T04:41:07Z";
}

// Why closures cannot be looked up for the court; empty: they can.
std::string WrongCourt(const CourtId& id, const CourtDirectory& courts) {
  const Court* court = courts.Find(id);
  if (court == nullptr) return UnknownCourt(id, courts);
  if (court->IsDestination()) return {};
  // A circuit's courts close each by its own order.
  std::string message = id.str() + " is a circuit: choose one of its courts,";
  for (const Court* member : courts.Children(id)) message += " " + member->id.str();
  return message;
}

// nullptr: the text is a rule's own name.
const Stated<std::string>* RuleThatHolds(const std::string& kind, const RuleVersions& rules) {
  if (kind == "civil") return &rules.civil_periods;
  if (kind == "criminal") return &rules.criminal_periods;
  if (kind == "statutory") return &rules.statutory_periods;
  return nullptr;
}

std::string UnknownRule(const PeriodRules& rules) {
  std::string message = "no way of counting is called so; known are civil criminal statutory";
  for (const PeriodRule& rule : rules.all()) message += " " + rule.id;
  return message;
}

}  // namespace

ExitCode RunDeadline(const Surroundings& around, const DeadlineOptions& options) {
  Output& out = around.out;
  const auto system = ReadCourtSystemFiles(options.court_system);
  if (!system) return FailUsage(out, system.error().message, "--court-system");
  const DeadlineRules& rules = system->deadlines;
  const auto from = ReadDay(options.from, system->statements.front().time_zone->value);
  if (!from) return FailUsage(out, WrongDay(options.from), "--from");
  const Stated<std::string>* const held = RuleThatHolds(options.rule, system->rules);
  const PeriodRule* rule = rules.periods.Find(held == nullptr ? options.rule : held->value);
  if (rule == nullptr) return FailUsage(out, UnknownRule(rules.periods), "--rule");
  const CourtId court(options.court);
  if (!court.empty()) {
    const std::string wrong = WrongCourt(court, system->courts);
    if (!wrong.empty()) return FailUsage(out, wrong, "--court");
  }
  const auto period = ComputePeriod(*rule, rules.calendar, court, *from, options.days);
  if (!period) return FailUsage(out, period.error().message, "--days");
  if (out.json()) {
    SayInJson(*period, options.court, out.members());
    out.members()["rules_from"] = RulesFrom(options.court_system);
    out.members()["rule_holds"] =
        held == nullptr ? json::value() : json::value(StandingWord(held->from.standing));
  } else {
    SayToPeople(*period, court, out);
    if (!options.court_system.empty()) {
      out.Say("Counted with the rules of " + options.court_system +
              (held == nullptr || held->confirmed()
                   ? "."
                   : "; that this rule holds there for " + options.rule +
                         " periods: " + std::string(StandingWord(held->from.standing)) + "."));
    }
  }
  return out.Finish(ExitCode::kDone);
}

}  // namespace nightbox::client
