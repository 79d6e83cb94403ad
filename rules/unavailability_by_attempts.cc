#include <algorithm>

#include "rules/court_time.h"
#include "rules/unavailability_conditions.h"
#include "rules/unavailability_words.h"

namespace nightbox {
namespace {

using std::chrono::minutes;
using Filing = std::vector<const WeighedAttempt*>;

// Whether two of them can be so far apart.
bool TwoFarApart(const std::vector<TimeSpan>& spans, minutes apart) {
  const auto first = std::ranges::min_element(spans, {}, &TimeSpan::from);
  for (auto later = spans.begin(); later != spans.end(); ++later) {
    if (later != first && later->to - first->from >= apart) return true;
    // The one that begins first may be the later one, too.
    if (later != first && first->to - later->from >= apart) return true;
  }
  return false;
}

// How many can be chosen at most, one after the other, so that each is at least `apart` after the
// one before, when every time may lie anywhere in its span: never fewer than can be, and exactly so
// many unless a span lies within another one.
int FarApartAtMost(std::vector<TimeSpan> spans, minutes apart) {
  if (spans.size() > 1 && !TwoFarApart(spans, apart)) return 1;
  std::ranges::sort(spans, {}, &TimeSpan::to);
  // Taking them by their ends misses nothing where they begin in the same order. A span that lies
  // within another one is taken to begin as early as that.
  for (std::size_t i = spans.size(); i > 1; --i)
    spans[i - 2].from = std::min(spans[i - 2].from, spans[i - 1].from);
  int count = 0;
  WallTime next = WallTime::min();
  for (const TimeSpan& span : spans) {
    const WallTime at = std::max(span.from, next);
    if (at > span.to) continue;
    ++count;
    next = at + apart;
  }
  return count;
}

// The same wherever in its span each time lies: from the end of one to the beginning of the next.
int FarApartAtLeast(std::vector<TimeSpan> spans, minutes apart) {
  std::ranges::sort(spans, {}, &TimeSpan::to);
  int count = 0;
  WallTime next = WallTime::min();
  for (const TimeSpan& span : spans) {
    if (span.from < next) continue;
    ++count;
    next = span.to + apart;
  }
  return count;
}

// One answer of those for each filing; where they differ, which filing is meant is missing.
RuleFinding TogetherOf(const std::vector<RuleFinding>& of_filings, ConditionFinding& found) {
  const auto satisfied = std::ranges::count(of_filings, RuleFinding::kSatisfied);
  const auto is_first = [&](RuleFinding each) { return each == of_filings.front(); };
  if (std::ranges::all_of(of_filings, is_first)) return of_filings.front();
  found.missing.insert(found.missing.begin(), "which filing is asked about: the attempts are of " +
                                                  std::to_string(of_filings.size()) +
                                                  " filings, and of " + std::to_string(satisfied) +
                                                  " of them this is satisfied");
  return RuleFinding::kCannotTell;
}

// Whoever did not see all attempts cannot say that none was enough.
void Conclude(RuleFinding finding, const std::string& why_more, ConditionFinding& found) {
  if (finding == RuleFinding::kNotSatisfied && !why_more.empty()) {
    finding = RuleFinding::kCannotTell;
    found.missing.clear();
  }
  if (finding == RuleFinding::kCannotTell && !why_more.empty()) {
    found.missing.push_back("whether there were other attempts: " + why_more);
  }
  found.finding = finding;
  if (finding != RuleFinding::kCannotTell) found.missing.clear();
}

std::string Whose(const ConditionInput& in) {
  return in.question.one_filing ? "" : ", of any filing of this user";
}

// ---- An attempt during the unavailability ----

enum class Verdict { kRefuted, kOpen, kMet };

// With the step of the reckoning and, where it is open, what is missing.
Verdict Judge(const WeighedAttempt& each, const std::string& zone, ConditionFinding& found) {
  const std::string attempt = AttemptWords(each.attempt, zone);
  const auto say = [&](Verdict verdict, const std::string& words, const std::string& missing) {
    found.arithmetic.push_back(attempt);
    found.arithmetic.back().append(": ").append(words);
    if (!missing.empty()) found.missing.push_back(missing);
    return verdict;
  };
  const bool perhaps = each.weight == AttemptWeight::kPerhaps;
  const std::string unknown = each.missing + ": " + attempt;
  if (each.weight == AttemptWeight::kNone) {
    return say(Verdict::kRefuted, "does not count, " + each.why, "");
  }
  if (each.contradicted) return say(Verdict::kOpen, each.why, unknown);
  if (each.IsRefusalOfTheGateway()) {
    const std::string seen =
        "the gateway refused it for trouble of its own, which was seen by that";
    return perhaps ? say(Verdict::kOpen, seen + "; " + each.why, unknown)
                   : say(Verdict::kMet, seen, "");
  }
  if (!each.possibly_unavailable) {
    return say(Verdict::kRefuted, "the system was available then, by the observations around it",
               "");
  }
  if (!each.surely_unavailable) {
    return say(Verdict::kOpen,
               "between what was observed; whether the system was unavailable then is not known",
               "an observation of the system at the time of " + attempt);
  }
  if (perhaps) {
    return say(Verdict::kOpen, "the system was unavailable then, but " + each.why, unknown);
  }
  if (each.attempt.attempt_class == AttemptClass::kClientAsserted) {
    return say(
        Verdict::kOpen,
        "the system was unavailable then, but only the filer's software says that it tried",
        "an observation of the attempt itself: " + attempt + " rests on the filer's software");
  }
  return say(Verdict::kMet, "the system was unavailable then", "");
}

// ---- Several attempts ----

struct Spans {
  // Surely of this kind, and possibly.
  std::vector<TimeSpan> observed;
  std::vector<TimeSpan> possible;
};

// Where on the due day an attempt that counts, or may count, lies; nothing if on another day.
void AddSpan(const WeighedAttempt& each, std::optional<TimeSpan> day, bool surely_of_filing,
             Spans& spans) {
  TimeSpan when{each.attempt.not_before, each.attempt.not_after};
  bool sure = surely_of_filing && each.weight == AttemptWeight::kFull &&
              each.attempt.attempt_class == AttemptClass::kObserved;
  if (each.weight == AttemptWeight::kNone) return;
  if (day) {
    if (when.to < day->from || when.from >= day->to) return;
    sure = sure && day->from <= when.from && when.to < day->to;
    when = {std::max(when.from, day->from), std::min(when.to, day->to - Microseconds(1))};
  }
  spans.possible.push_back(when);
  if (sure) spans.observed.push_back(when);
}

void SayAttempt(const WeighedAttempt& each, std::optional<TimeSpan> day, const std::string& zone,
                ConditionFinding& found) {
  std::string line = AttemptWords(each.attempt, zone);
  if (each.weight == AttemptWeight::kNone) {
    line += ": does not count, " + each.why;
  } else if (day && (each.attempt.not_after < day->from || each.attempt.not_before >= day->to)) {
    line += ": does not count, it was on another day";
  } else {
    line += ": failed";
    if (!each.why.empty()) line += ", and " + each.why;
  }
  found.arithmetic.push_back(std::move(line));
}

RuleFinding EnoughOf(const Spans& spans, int asked, minutes apart, const std::string& of_which,
                     ConditionFinding& found) {
  const int least = FarApartAtLeast(spans.observed, apart);
  const int most = FarApartAtMost(spans.possible, apart);
  found.arithmetic.push_back(of_which + "far enough apart: at least " + std::to_string(least) +
                             ", by what was observed; at most " + std::to_string(most) +
                             ", with what may be; " + std::to_string(asked) + " are asked for");
  if (least >= asked) return RuleFinding::kSatisfied;
  return most < asked ? RuleFinding::kNotSatisfied : RuleFinding::kCannotTell;
}

void NameWhatIsUnclear(const std::vector<WeighedAttempt>& attempts, ConditionFinding& found) {
  const auto any = [&](const auto& is) { return std::ranges::any_of(attempts, is); };
  if (any([](const auto& each) { return each.weight == AttemptWeight::kPerhaps; })) {
    found.missing.emplace_back("what decides of some of the attempts whether they count");
  }
  if (any([](const auto& each) {
        return each.attempt.attempt_class == AttemptClass::kClientAsserted;
      })) {
    found.missing.emplace_back(
        "an observation of the attempts that only the filer's software asserts; the filer's own "
        "declaration must stand for them");
  }
  if (found.missing.empty()) {
    found.missing.emplace_back(
        "the instants of the attempts: each lies somewhere between its beginning and its end");
  }
}

}  // namespace

ConditionFinding AttemptDuringUnavailability(const ConditionInput& in) {
  ConditionFinding found;
  found.condition = "the system was unavailable at the moment of an attempt to file" + Whose(in);
  found.clause = in.rule.attempt_during_unavailability->clause;
  found.confirmed = in.rule.attempt_during_unavailability->confirmed;
  if (in.attempts.empty()) {
    found.missing.emplace_back(
        "an attempt to file: none is recorded; one that reached no gateway would be in the "
        "filer's own log");
  }
  const AttemptsByFiling sorted = ByFiling(in.attempts, in.question.one_filing);
  // One that may be of any filing may be of each, and is surely of none.
  bool any_of_any = false;
  for (const WeighedAttempt* each : sorted.of_any) {
    const bool open = Judge(*each, in.zone(), found) != Verdict::kRefuted;
    if (open)
      found.missing.push_back("of which filing " + AttemptWords(each->attempt, in.zone()) + " was");
    any_of_any = any_of_any || open;
  }
  std::vector<RuleFinding> of_filings;
  for (const Filing& filing : sorted.filings) {
    bool met = false;
    bool open = any_of_any || filing.empty();
    for (const WeighedAttempt* each : filing) {
      const Verdict verdict = Judge(*each, in.zone(), found);
      met = met || verdict == Verdict::kMet;
      open = open || verdict == Verdict::kOpen;
    }
    of_filings.push_back(met    ? RuleFinding::kSatisfied
                         : open ? RuleFinding::kCannotTell
                                : RuleFinding::kNotSatisfied);
  }
  const std::string why_more =
      WhyMoreAttempts(in.seen.attempts_from, in.seen.attempts_missing, in.zone());
  Conclude(TogetherOf(of_filings, found), why_more, found);
  return found;
}

Result<ConditionFinding> EnoughAttempts(const ConditionInput& in) {
  const UnavailabilityRule& rule = in.rule;
  const int asked = rule.failed_attempts->value;
  const minutes apart = rule.attempts_apart ? rule.attempts_apart->value : minutes(0);
  const bool one_day = rule.attempts_on_due_day && rule.attempts_on_due_day->value;
  ConditionFinding found;
  found.condition = std::to_string(asked) + " failed attempts at least " +
                    std::to_string(apart.count()) + " minutes apart" +
                    (one_day ? " on " + DayWords(in.question.due_day) : "") + Whose(in);
  found.clause = rule.failed_attempts->clause;
  found.confirmed = rule.failed_attempts->confirmed &&
                    (!rule.attempts_apart || rule.attempts_apart->confirmed) &&
                    (!rule.attempts_on_due_day || rule.attempts_on_due_day->confirmed);
  std::optional<TimeSpan> day;
  if (one_day) {
    NB_ASSIGN_OR_RETURN(day, DueDay(in));
  }
  for (const WeighedAttempt& each : in.attempts) SayAttempt(each, day, in.zone(), found);
  const AttemptsByFiling sorted = ByFiling(in.attempts, in.question.one_filing);
  Spans of_any;
  for (const WeighedAttempt* each : sorted.of_any) AddSpan(*each, day, false, of_any);
  std::vector<RuleFinding> of_filings;
  for (const Filing& filing : sorted.filings) {
    Spans spans = of_any;
    for (const WeighedAttempt* each : filing) AddSpan(*each, day, true, spans);
    const std::string of_which =
        sorted.filings.size() == 1
            ? ""
            : "of filing " + std::to_string(of_filings.size() + 1) + ", in order of time, ";
    of_filings.push_back(EnoughOf(spans, asked, apart, of_which, found));
  }
  if (std::ranges::find(of_filings, RuleFinding::kCannotTell) != of_filings.end()) {
    NameWhatIsUnclear(in.attempts, found);
  }
  // Those of the due day were all looked at if those of its beginning were.
  const bool all_of_the_day =
      day && (!in.seen.attempts_from || *in.seen.attempts_from <= day->from);
  const std::string why_more = WhyMoreAttempts(
      all_of_the_day ? std::nullopt : in.seen.attempts_from, in.seen.attempts_missing, in.zone());
  Conclude(TogetherOf(of_filings, found), why_more, found);
  return found;
}

}  // namespace nightbox
