#include "rules/unavailability_rules.h"

#include <algorithm>
#include <array>
#include <set>

#include "rules/data_table.h"
#include "rules/periods.h"

namespace nightbox {
namespace {

constexpr int kMinutesMax = 24 * 60;
constexpr int kAttemptsMax = 100;
constexpr std::string_view kAdviceBegins = "If you may need ";
constexpr std::string_view kAdviceEnds = ", do not wait for delivery.";

template <class Value>
struct Choice {
  std::string_view word;
  Value value;
};

constexpr std::array kMeasures = {
    Choice<UnavailableMeasure>{"longest_run", UnavailableMeasure::kLongestRun},
    Choice<UnavailableMeasure>{"total", UnavailableMeasure::kTotal},
    Choice<UnavailableMeasure>{"continuous_or_intermittent",
                               UnavailableMeasure::kContinuousOrIntermittent}};
constexpr std::array kCountedFrom = {
    Choice<MotionCountedFrom>{"first_unsuccessful_attempt",
                              MotionCountedFrom::kFirstUnsuccessfulAttempt},
    Choice<MotionCountedFrom>{"end_of_unavailability", MotionCountedFrom::kEndOfUnavailability}};
constexpr std::array kEffects = {
    Choice<MotionEffect>{"shall_treat_as_filed", MotionEffect::kShallTreatAsFiled},
    Choice<MotionEffect>{"may_treat_as_filed", MotionEffect::kMayTreatAsFiled}};
constexpr std::array kMoments = {
    Choice<EffectiveMoment>{"day_of_first_attempt", EffectiveMoment::kDayOfFirstAttempt},
    Choice<EffectiveMoment>{"time_of_first_attempt", EffectiveMoment::kTimeOfFirstAttempt}};

template <class Value, std::size_t N>
std::optional<Value> Chosen(const std::array<Choice<Value>, N>& choices, std::string_view word) {
  for (const auto& choice : choices) {
    if (choice.word == word) return choice.value;
  }
  return std::nullopt;
}

std::optional<std::chrono::minutes> ParseMinutes(std::string_view text) {
  const auto minutes = ParseSmallNumber(text);
  if (!minutes || *minutes < 1 || *minutes > kMinutesMax) return std::nullopt;
  return std::chrono::minutes(*minutes);
}

std::optional<int> ParseWithin(std::string_view text, int max) {
  const auto number = ParseSmallNumber(text);
  return number && *number >= 1 && *number <= max ? number : std::nullopt;
}

// Several words of one table: each is a reading.
template <class Value, std::size_t N>
std::optional<std::vector<Value>> ParseReadings(const std::array<Choice<Value>, N>& choices,
                                                std::string_view text) {
  std::vector<Value> readings;
  for (const std::string& word : SplitText(text, ';')) {
    const auto choice = Chosen(choices, word);
    if (!choice || std::ranges::find(readings, *choice) != readings.end()) return std::nullopt;
    readings.push_back(*choice);
  }
  if (readings.empty()) return std::nullopt;
  return readings;
}

std::optional<std::string> ParseText(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

// One row: its parameter's standing, and where the value goes.
class Row {
 public:
  Row(const CsvRow& row, bool confirmed)
      : value_(row.fields[3]),
        confirmed_(confirmed),
        clause_(row.fields[5]),
        source_(row.fields[6]) {}

  // Answers why the value cannot stand there; empty when it does.
  template <class Value>
  std::string_view Into(std::optional<RuleParameter<Value>>& place,
                        const std::optional<Value>& value) const {
    if (place) return "the parameter occurs twice";
    if (!value) return "the value is not one this parameter has";
    place = RuleParameter<Value>{*value, confirmed_, clause_, source_};
    return {};
  }
  std::string_view Into(RuleParameter<std::string>& place) const {
    if (!place.value.empty()) return "the parameter occurs twice";
    if (value_.empty()) return "the value is empty";
    place = {value_, confirmed_, clause_, source_};
    return {};
  }
  std::string_view Into(RuleParameter<CourtDay>& place, CourtDay day) const {
    if (!place.source.empty()) return "the parameter occurs twice";
    place = {day, confirmed_, clause_, source_};
    return {};
  }
  std::string_view Append(std::vector<RuleParameter<std::string>>& places) const {
    if (value_.empty()) return "the value is empty";
    places.push_back({value_, confirmed_, clause_, source_});
    return {};
  }
  const std::string& value() const { return value_; }

 private:
  const std::string& value_;
  bool confirmed_;
  const std::string& clause_;
  const std::string& source_;
};

// Answers why the row is refused; empty when it is taken.
std::string_view Take(std::string_view parameter, const Row& row, UnavailabilityRule& rule) {
  const std::string& value = row.value();
  if (parameter == "name") return row.Into(rule.name);
  if (parameter == "time_zone") return row.Into(rule.time_zone);
  if (parameter == "in_force_from") {
    return ParseDay(value) == rule.effective_from
               ? row.Into(rule.in_force_from, rule.effective_from)
               : "in_force_from is not effective_from";
  }
  if (parameter == "text_as_of") return row.Into(rule.text_as_of, ParseDay(value));
  if (parameter == "attempt_during_unavailability") {
    return row.Into(rule.attempt_during_unavailability, ParseYesNo(value));
  }
  if (parameter == "unavailable_more_than_minutes") {
    return row.Into(rule.unavailable_more_than, ParseMinutes(value));
  }
  if (parameter == "counted_after") return row.Into(rule.counted_after, ParseClock(value));
  if (parameter == "measure") return row.Into(rule.measure, Chosen(kMeasures, value));
  if (parameter == "announced_maintenance_counts") {
    return row.Into(rule.announced_maintenance_counts, ParseYesNo(value));
  }
  if (parameter == "failed_attempts") {
    return row.Into(rule.failed_attempts, ParseWithin(value, kAttemptsMax));
  }
  if (parameter == "attempts_apart_minutes") {
    return row.Into(rule.attempts_apart, ParseMinutes(value));
  }
  if (parameter == "attempts_on_due_day") {
    return row.Into(rule.attempts_on_due_day, ParseYesNo(value));
  }
  if (parameter == "declaration_by") return row.Into(rule.declaration_by, ParseText(value));
  if (parameter == "relief") return row.Into(rule.relief);
  if (parameter == "motion_days") {
    return row.Into(rule.motion_days, ParseWithin(value, kPeriodDaysMax));
  }
  if (parameter == "motion_counted_from") {
    return row.Into(rule.motion_counted_from, ParseReadings(kCountedFrom, value));
  }
  if (parameter == "motion_effect") {
    return row.Into(rule.motion_effect, ParseReadings(kEffects, value));
  }
  if (parameter == "effective_moment") {
    return row.Into(rule.effective_moment, ParseReadings(kMoments, value));
  }
  if (parameter == "period_rule") return row.Into(rule.period_rule, ParseText(value));
  if (parameter == "file_on_next_open_day") {
    return row.Into(rule.file_on_next_open_day, ParseYesNo(value));
  }
  if (parameter == "file_by") return row.Into(rule.file_by, ParseClock(value));
  if (parameter == "left_to_court") return row.Append(rule.left_to_court);
  return "the parameter is not known";
}

// Why the version cannot be applied; empty when it can.
std::string_view WrongAsAWhole(const UnavailabilityRule& rule) {
  const auto yes = [](const std::optional<RuleParameter<bool>>& flag) {
    return flag && flag->value;
  };
  if (rule.name.value.empty() || rule.time_zone.value.empty() || rule.relief.value.empty()) {
    return "the version lacks name, time_zone or relief";
  }
  if (rule.in_force_from.source.empty()) {
    return "the version lacks in_force_from: how sure is it that it held since its day?";
  }
  if (rule.text_as_of && rule.text_as_of->value < rule.effective_from) {
    return "text_as_of is before the version";
  }
  if (!yes(rule.attempt_during_unavailability) && !rule.unavailable_more_than &&
      !rule.failed_attempts && !rule.declaration_by) {
    return "the version asks for nothing";
  }
  if (rule.unavailable_more_than.has_value() != rule.measure.has_value() ||
      (rule.counted_after && !rule.unavailable_more_than)) {
    return "unavailable_more_than_minutes and measure go together, counted_after only with them";
  }
  if ((rule.failed_attempts && rule.failed_attempts->value > 1) !=
          rule.attempts_apart.has_value() ||
      (rule.attempts_on_due_day && !rule.failed_attempts)) {
    return "attempts_apart_minutes needs two failed_attempts or more, and they need it";
  }
  if (rule.motion_days.has_value() != rule.motion_counted_from.has_value() ||
      rule.motion_days.has_value() != rule.period_rule.has_value()) {
    return "motion_days, motion_counted_from and period_rule go together";
  }
  if (rule.motion_effect.has_value() != rule.effective_moment.has_value() ||
      (rule.motion_effect && !rule.motion_days)) {
    return "motion_effect and effective_moment go together, and only with motion_days";
  }
  if (rule.file_by && !yes(rule.file_on_next_open_day)) {
    return "file_by needs file_on_next_open_day";
  }
  return {};
}

}  // namespace

std::string_view CountedFromWords(MotionCountedFrom counted_from) {
  return counted_from == MotionCountedFrom::kFirstUnsuccessfulAttempt
             ? "the first unsuccessful attempt"
             : "the end of the unavailability";
}

Result<UnavailabilityRules> UnavailabilityRules::Parse(std::string_view csv,
                                                       std::string_view file_name) {
  static const std::vector<std::string> kColumns = {
      "rule", "effective_from", "parameter", "value", "confirmed", "clause", "source"};
  NB_ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ParseTable(csv, file_name, kColumns));
  UnavailabilityRules rules;
  std::set<std::pair<std::string, CourtDay>> versions;
  int line = 1;
  const auto refused = [&](std::string_view why) { return RefusedLine(file_name, line, why); };
  for (const CsvRow& row : rows) {
    const auto from = ParseDay(row.fields[1]);
    const bool same = from && !rules.rules_.empty() && rules.rules_.back().id == row.fields[0] &&
                      rules.rules_.back().effective_from == *from;
    if (!same && !rules.rules_.empty()) {
      if (const auto wrong = WrongAsAWhole(rules.rules_.back()); !wrong.empty()) {
        return refused(wrong);  // Of the last line of that version.
      }
    }
    line = row.line;
    if (row.fields[0].empty()) return refused("rule is empty");
    if (!from) return refused("effective_from is no date");
    const auto confirmed = ParseYesNo(row.fields[4]);
    if (!confirmed) return refused("confirmed is not yes or no");
    if (row.fields[6].empty())
      return refused("source is empty: every row says where it comes from");
    if (!same) {
      if (!versions.emplace(row.fields[0], *from).second) {
        return refused("the rows of a version must stand together");
      }
      rules.rules_.emplace_back();
      rules.rules_.back().id = row.fields[0];
      rules.rules_.back().effective_from = *from;
    }
    const auto wrong = Take(row.fields[2], Row(row, *confirmed), rules.rules_.back());
    if (!wrong.empty()) return refused(wrong);
  }
  if (!rules.rules_.empty()) {
    if (const auto wrong = WrongAsAWhole(rules.rules_.back()); !wrong.empty()) {
      return refused(wrong);
    }
  }
  return rules;
}

std::string Citation(const UnavailabilityRule& rule) {
  return rule.name.clause.empty() ? rule.name.value : rule.name.clause;
}

std::string DoubtAboutVersion(const UnavailabilityRule& rule, CourtDay day) {
  if (rule.text_as_of && rule.text_as_of->value < day) {
    return "the text of " + Citation(rule) + " that was read is of " +
           DayWords(rule.text_as_of->value) + " (" + rule.text_as_of->source +
           "), and whether it still held on " + DayWords(day) + " was not read";
  }
  if (rule.in_force_from.confirmed) return {};
  if (rule.text_as_of && rule.text_as_of->value == day) return {};
  return "that " + Citation(rule) + " as read here was in force on " + DayWords(day) + " (" +
         rule.in_force_from.source + ")";
}

std::vector<std::string> EffectReadings(const UnavailabilityRule& rule) {
  std::vector<std::string> readings;
  if (!rule.motion_effect) return readings;
  for (const MotionEffect effect : rule.motion_effect->value) {
    for (const EffectiveMoment moment : rule.effective_moment->value) {
      readings.push_back(std::string(effect == MotionEffect::kShallTreatAsFiled
                                         ? "the court is to treat"
                                         : "the court may treat") +
                         " the document as filed " +
                         (moment == EffectiveMoment::kDayOfFirstAttempt
                              ? "on the day of the first attempt"
                              : "on the day and at the time of the first attempt"));
    }
  }
  return readings;
}

bool IsEffectConfirmed(const UnavailabilityRule& rule, CourtDay day) {
  return rule.motion_effect && rule.motion_effect->confirmed && rule.effective_moment->confirmed &&
         DoubtAboutVersion(rule, day).empty();
}

std::string NotToWait(std::string_view citation) {
  if (citation.empty()) return "If a deadline is near, do not wait for delivery.";
  return std::string(kAdviceBegins) + std::string(citation) + std::string(kAdviceEnds);
}

std::string CitationIn(std::string_view advice) {
  if (!advice.starts_with(kAdviceBegins)) return {};
  advice.remove_prefix(kAdviceBegins.size());
  const std::size_t end = advice.find(kAdviceEnds);
  return std::string(end == std::string_view::npos ? "" : advice.substr(0, end));
}

const UnavailabilityRule* UnavailabilityRules::Find(std::string_view id, CourtDay day) const {
  const UnavailabilityRule* found = nullptr;
  for (const UnavailabilityRule& rule : rules_) {
    if (rule.id != id || day < rule.effective_from) continue;
    if (found == nullptr || found->effective_from < rule.effective_from) found = &rule;
  }
  return found;
}

std::string UnavailabilityRules::CitationOf(std::string_view id, CourtDay day) const {
  const UnavailabilityRule* in_force = Find(id, day);
  return in_force == nullptr ? std::string() : Citation(*in_force);
}

}  // namespace nightbox
