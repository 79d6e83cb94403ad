#include "evidence/receipt_last_day.h"

#include <algorithm>

#include "evidence/receipt_words.h"
#include "rules/case_check.h"
#include "rules/deadline_rules.h"
#include "rules/motion_deadline.h"

namespace nightbox {
namespace {

// What every form's list calls the category.
constexpr std::string_view kCriminal = "Criminal";

// A machine whose time zone database lost the zone still takes filings; it says UTC.
std::optional<CourtDay> DayThere(WallTime time, const std::string& zone) {
  auto day = DayIn(time, zone);
  if (!day) day = DayIn(time, "UTC");
  return day ? std::optional(*day) : std::nullopt;
}

// The reading in words. A filing that went well must not read as if it had failed.
std::string CountedFrom(MotionCountedFrom reading, bool may_have_failed) {
  if (may_have_failed) return std::string(CountedFromWords(reading));
  return reading == MotionCountedFrom::kFirstUnsuccessfulAttempt
             ? "the attempt recorded here, if it counts as unsuccessful"
             : "the end of an unavailability";
}

std::string MeaningWhere(bool may_have_failed) {
  return may_have_failed ? std::string() : std::string(kLastDayMeaningIfReceived);
}

// A filing that the court has not received is an unsuccessful attempt, and the first one counts.
std::vector<MotionStart> Starts(const ReceiptFacts& facts, CourtDay first,
                                std::optional<WallTime> client_first_tried_at) {
  std::vector<MotionStart> starts = {{MotionCountedFrom::kFirstUnsuccessfulAttempt, first, "", ""}};
  if (client_first_tried_at && facts.received_at - *client_first_tried_at <= kAssertedTryMax) {
    const auto asserted = DayThere(*client_first_tried_at, facts.time_zone);
    if (asserted && *asserted < first) {
      starts.push_back({MotionCountedFrom::kFirstUnsuccessfulAttempt, asserted,
                        "as the filer's software says", ""});
    }
  }
  starts.push_back({MotionCountedFrom::kEndOfUnavailability, std::nullopt, "",
                    facts.case_system == CaseSystemReach::kReachable
                        ? "no unavailability was known when this receipt was made"
                        : "not known when this receipt was made"});
  return starts;
}

// Whether the receipt knows of trouble: the case system was away, or something was tried before and
// brought no receipt.
bool MayHaveFailed(const ReceiptFacts& facts, const std::vector<MotionStart>& starts) {
  const bool tried_before =
      std::ranges::any_of(starts, [](const MotionStart& start) { return !start.basis.empty(); });
  return facts.case_system == CaseSystemReach::kNotReachable || facts.attempts.count > 1 ||
         tried_before;
}

bool IsCriminal(const CaseReference& reference) {
  if (const auto* existing = std::get_if<ExistingCase>(&reference))
    return ReadCaseNumber(existing->number).category_meaning == kCriminal;
  const auto* opened = std::get_if<NewCase>(&reference);
  return opened != nullptr &&
         std::ranges::any_of(CaseCategories(), [&](const CaseCategory& category) {
           return category.meaning == kCriminal &&
                  EqualButForCapitals(category.code, opened->category);
         });
}

// The rule's own way of counting stands where it is confirmed. Where it is only inferred, and is
// that of civil cases, a criminal case is counted by its own: no less an inference, and said so.
UnavailabilityRule InCase(const CaseReference& reference, const DeadlineRules& rules,
                          UnavailabilityRule rule) {
  const PeriodRule* const own = rules.periods.Find(rules.criminal_periods);
  if (!rule.period_rule || rule.period_rule->confirmed || own == nullptr ||
      rule.period_rule->value != rules.civil_periods || !IsCriminal(reference)) {
    return rule;
  }
  rule.period_rule->value = own->id;
  rule.period_rule->clause = own->clause;
  rule.period_rule->source = "that this period is counted so in criminal cases is an inference";
  return rule;
}

// Said as a day that is not known: older programs read it, too.
void SayNotComputed(const UnavailabilityRule& rule, const std::string& version,
                    const std::string& why, bool may_have_failed, ReceiptFacts& facts) {
  const std::string words =
      rule.name.value + ", in the version of " + FormatDay(rule.effective_from);
  facts.last_day_rule = ReceiptLastDayRule{words, version, {}, MeaningWhere(may_have_failed)};
  ReceiptLastDay last_day;
  last_day.counted_from =
      CountedFrom(MotionCountedFrom::kFirstUnsuccessfulAttempt, may_have_failed);
  last_day.remark = "not computed from " + words + ": " + why;
  last_day.last_day = kLastDayNotKnown;
  facts.last_days.push_back(std::move(last_day));
}

}  // namespace

void AddLastDays(const DeadlineRules& rules, std::optional<WallTime> client_first_tried_at,
                 ReceiptFacts& facts) {
  const auto first =
      DayThere(std::min(facts.attempts.first_at, facts.received_at), facts.time_zone);
  if (!first) return;
  const UnavailabilityRule* found = rules.unavailability.Find(rules.unavailability_rule, *first);
  if (found == nullptr) return;
  const UnavailabilityRule in_case = InCase(facts.header.case_reference, rules, *found);
  const UnavailabilityRule* const rule = &in_case;
  facts.unavailability_rule = Citation(*rule);
  const auto starts = Starts(facts, *first, client_first_tried_at);
  const bool may_have_failed = MayHaveFailed(facts, starts);
  const auto deadlines =
      MotionDeadlines(*rule, rules.periods, rules.calendar, facts.header.court, starts);
  if (!deadlines || deadlines->empty()) {
    const std::string why =
        deadlines ? "it gives no number of days for a motion" : deadlines.error().message;
    SayNotComputed(*rule, rules.version, why, may_have_failed, facts);
    return;
  }
  facts.last_day_rule =
      ReceiptLastDayRule{MotionRuleWords(*rule, rules.periods), rules.version,
                         UnconfirmedMotionWords(*rule, *first), MeaningWhere(may_have_failed)};
  for (const MotionDeadline& each : *deadlines) {
    ReceiptLastDay last_day;
    last_day.counted_from = CountedFrom(each.counted_from, may_have_failed);
    last_day.remark = each.last_day ? each.basis : each.unknown;
    if (each.last_day) last_day.calendar = LayerWord(each.layer);
    last_day.last_day = each.last_day ? FormatDay(*each.last_day) : kLastDayNotKnown;
    last_day.unconfirmed = !each.confirmed;
    facts.last_days.push_back(std::move(last_day));
  }
}

std::string_view MeaningOf(const ReceiptFacts& facts) {
  const bool stated = facts.last_day_rule && !facts.last_day_rule->meaning.empty();
  return stated ? std::string_view(facts.last_day_rule->meaning) : kLastDayMeaning;
}

std::string LastDayHeading(const ReceiptFacts& facts) {
  return facts.unavailability_rule.empty() ? "Last day for a motion"
                                           : "Last day under " + facts.unavailability_rule;
}

std::string CountedFromWords(const ReceiptLastDay& last_day) {
  std::string words = last_day.counted_from;
  const bool known = last_day.last_day != kLastDayNotKnown;
  if (known && !last_day.remark.empty()) words += " (" + last_day.remark + ")";
  if (last_day.calendar == LayerWord(DayLayer::kClosures)) {
    words += ", leaving out days on which the court is closed";
  }
  return words;
}

std::string LastDayWords(const ReceiptLastDay& last_day) {
  if (const auto day = ParseDay(last_day.last_day)) return DayWords(*day);
  return last_day.remark.empty() ? last_day.last_day : last_day.remark;
}

std::string LastDayNotice(const std::vector<ReceiptLastDay>& last_days) {
  if (last_days.empty()) return {};
  const bool unconfirmed = std::any_of(last_days.begin(), last_days.end(),
                                       [](const ReceiptLastDay& each) { return each.unconfirmed; });
  std::string words = " Last day for the motion";
  if (unconfirmed) words += ", unconfirmed";
  std::string_view separator = ": ";
  for (const ReceiptLastDay& each : last_days) {
    words += separator;
    words += "counted from " + CountedFromWords(each) + ", " + LastDayWords(each);
    separator = "; ";
  }
  return words + ".";
}

}  // namespace nightbox
