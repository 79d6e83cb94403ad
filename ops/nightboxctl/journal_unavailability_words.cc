#include "ops/nightboxctl/journal_unavailability_words.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "rules/court_time.h"

namespace nightbox::ctl {
namespace {

namespace json = boost::json;

constexpr const char* kStanding =
    "A computation, neither a ruling nor a legal conclusion; it extends no deadline.";
constexpr const char* kMeasured =
    "What was looked at is whether filings can be delivered to the court's case system. What fails "
    "on the way there looks the same from the gateway whichever end it is at.";

json::value OrNull(const std::string& text) {
  return text.empty() ? json::value() : json::value(text);
}

json::value DayOrNull(const std::optional<CourtDay>& day) {
  return day ? json::value(FormatDay(*day)) : json::value();
}

json::array ArrayOf(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

std::string_view TroubleWord(AttemptFault fault) {
  switch (fault) {
    case AttemptFault::kCaseSystem:
      return "case system";
    case AttemptFault::kGateway:
      return "gateway";
    case AttemptFault::kCourtNotEnabled:
      return "court";
    case AttemptFault::kFilerSide:
      return "filer";
    case AttemptFault::kValidation:
      return "content";
    case AttemptFault::kNotKnown:
      break;
  }
  return "not known";
}

std::string LengthWords(Microseconds length) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(length).count();
  return std::to_string(seconds / 3600) + " h " + std::to_string(seconds / 60 % 60) + " min " +
         std::to_string(seconds % 60) + " s";
}

std::string IfUnconfirmed(bool confirmed) { return confirmed ? "" : " (unconfirmed)"; }

std::optional<Microseconds> AtMost(const UnavailableInterval& interval) {
  if (!interval.last_good || !interval.first_good) return std::nullopt;
  return *interval.first_good - *interval.last_good;
}

// Says one report twice: members for programs, lines for people.
class Speaker {
 public:
  explicit Speaker(const UnavailabilityReport& report) : report_(report) {}

  Answer Say() {
    SayHead();
    SayObservations();
    SayAttempts();
    SayReadings();
    SayRest();
    return std::move(answer_);
  }

 private:
  json::object& members() { return answer_.members; }
  void Line(std::string text) { answer_.lines.push_back(std::move(text)); }

  std::string Local(WallTime time) const {
    const auto words = FormatLocal(time, report_.rule.time_zone.value);
    return words ? *words : FormatUtc(time);
  }
  std::string Words(const std::optional<WallTime>& time) const {
    return time ? Local(*time) + " (" + FormatUtc(*time) + ")" : "not known";
  }
  // "first_bad_utc" and "first_bad_local".
  void AddTime(json::object& to, const std::string& name,
               const std::optional<WallTime>& time) const {
    to[name + "_utc"] = time ? json::value(FormatUtc(*time)) : json::value();
    to[name + "_local"] = time ? json::value(Local(*time)) : json::value();
  }

  const std::string& VersionDoubt() const { return report_.readings.front().found.version_doubt; }
  // Which attempts count; empty: nobody's are looked at.
  std::string Whose() const {
    if (!report_.attempts_asked) return {};
    return report_.one_filing ? "one filing of this user" : "any filing of this user";
  }

  void SayHead() {
    const UnavailabilityRule& rule = report_.rule;
    members() = {{"journal", report_.journal},
                 {"log_id", report_.observed.log_id},
                 {"gateway", report_.observed.gateway},
                 {"court", report_.court.str()},
                 {"state_of", report_.state_of.str()},
                 {"due_day", FormatDay(report_.due_day)},
                 {"rule", rule.id},
                 {"rule_name", rule.name.value},
                 {"rule_version", FormatDay(rule.effective_from)},
                 {"rule_version_confirmed", VersionDoubt().empty()},
                 {"rules_version", report_.rules_version},
                 {"rules_from", report_.rules_from},
                 {"finding", FindingWords(report_.finding)},
                 {"missing", ArrayOf(report_.missing)}};
    Line("finding   " + std::string(FindingWords(report_.finding)));
    Line("rule      " + rule.name.value + " (" + rule.id + ", in the version of " +
         FormatDay(rule.effective_from) + IfUnconfirmed(VersionDoubt().empty()) + "; rules " +
         report_.rules_version + ", " + report_.rules_from + ")");
    Line("court     " + report_.court.str() + ", filing due on " + DayWords(report_.due_day));
    if (report_.state_of != report_.court) Line("state of  " + report_.state_of.str());
    Line("journal   " + report_.journal + ", log " + report_.observed.log_id + ", " +
         std::to_string(report_.observed.entries) + " entries read");
    if (report_.observed.entries_missing > 0) {
      answer_.code = ExitCode::kRefused;
      Line("NOT WHOLE: " + std::to_string(report_.observed.entries_missing) +
           " entries cannot be read, and what they said is not known; `nightboxctl journal verify` "
           "names them");
    }
    for (const std::string& what : report_.missing) Line("missing   " + what);
  }

  void SayObservations() {
    const CourtObservations& observed = report_.observed;
    json::object all = {{"measured", kMeasured},
                        {"entries", observed.entries},
                        {"entries_missing", observed.entries_missing},
                        {"clock_steps", observed.clock_steps},
                        {"notices_gathered", observed.seen.maintenance_gathered},
                        {"declarations_gathered", observed.seen.declarations_gathered}};
    AddTime(all, "window_from", report_.observed.window.from);
    AddTime(all, "window_to", report_.observed.window.to);
    AddTime(all, "observed_from", observed.seen.observed_from);
    AddTime(all, "observed_until", observed.seen.observed_until);
    Line("");
    Line("Looked at: " + Local(report_.observed.window.from) + " to " +
         Local(report_.observed.window.to));
    Line(std::string("  ").append(kMeasured));
    Line("  observed from   " + Words(observed.seen.observed_from));
    Line("  observed until  " + Words(observed.seen.observed_until));
    json::array intervals;
    for (const UnavailableInterval& each : observed.seen.unavailable)
      intervals.push_back(SayInterval(each));
    if (intervals.empty()) Line("  seen to be unavailable: never");
    all["unavailable"] = std::move(intervals);
    json::array gaps;
    for (const CourtGap& gap : observed.gaps) {
      json::object one = {{"cause", gap.cause}};
      AddTime(one, "from", gap.span.from);
      AddTime(one, "to", gap.span.to);
      gaps.push_back(std::move(one));
      Line("  not known (" + gap.cause + "): " + Words(gap.span.from) + " to " +
           Words(gap.span.to));
    }
    all["gaps"] = std::move(gaps);
    if (!observed.seen.maintenance_gathered && !observed.seen.declarations_gathered) {
      Line("  notices of maintenance and clerks' declarations: not gathered, the journal has none");
    }
    if (observed.clock_steps > 0) {
      Line("  the gateway's clock was set " + std::to_string(observed.clock_steps) +
           " times; the instants around that are taken as not known");
    }
    members()["observations"] = std::move(all);
  }

  json::object SayInterval(const UnavailableInterval& each) {
    const Microseconds least = each.last_bad - each.first_bad;
    const std::optional<Microseconds> most = AtMost(each);
    json::object one = {{"at_least_us", least.count()},
                        {"at_most_us", most ? json::value(most->count()) : json::value()}};
    AddTime(one, "last_good", each.last_good);
    AddTime(one, "first_bad", each.first_bad);
    AddTime(one, "last_bad", each.last_bad);
    AddTime(one, "first_good", each.first_good);
    Line("  unavailable at least " + LengthWords(least) +
         (most ? ", at most " + LengthWords(*most) : ", at most: not known"));
    Line("    last good   " + Words(each.last_good));
    Line("    first bad   " + Words(each.first_bad));
    Line("    last bad    " + Words(each.last_bad));
    Line("    first good  " + Words(each.first_good));
    return one;
  }

  void SayAttempts() {
    json::array attempts;
    Line("");
    const std::string whose = "Attempts at " + Whose();
    Line(!report_.attempts_asked             ? "Attempts: not asked for (--user names whose)"
         : report_.observed.attempts.empty() ? whose + ": the journal holds none"
                                             : whose);
    const std::optional<WallTime>& from = report_.observed.seen.attempts_from;
    if (report_.attempts_asked && from) Line("  before " + Local(*from) + " none were looked at");
    for (const RecordedAttempt& each : report_.observed.attempts) {
      json::object one = {
          {"id", each.attempt.id},
          {"sequence", each.sequence},
          {"filing", OrNull(each.attempt.filing)},
          {"outcome", OutcomeWord(each.outcome)},
          {"reason", OrNull(each.reason)},
          {"trouble",
           each.attempt.failed ? json::value(TroubleWord(each.attempt.fault)) : json::value()}};
      AddTime(one, "began", each.attempt.not_before);
      AddTime(one, "ended", each.attempt.not_after);
      attempts.push_back(std::move(one));
      Line("  " + Words(each.attempt.not_before) + ": " + std::string(OutcomeWord(each.outcome)) +
           (each.reason.empty() ? "" : ", " + each.reason) + ", entry " +
           std::to_string(each.sequence) + ", id " + each.attempt.id +
           (each.attempt.filing.empty() ? ", of which filing is not recorded"
                                        : ", filing " + each.attempt.filing));
    }
    members()["attempts_asked"] = report_.attempts_asked;
    members()["attempts_of"] = OrNull(Whose());
    AddTime(members(), "attempts_unseen_before", report_.attempts_asked ? from : std::nullopt);
    members()["attempts"] = std::move(attempts);
  }

  void SayReadings() {
    json::array readings;
    for (const UnavailabilityReading& reading : report_.readings) {
      const UnavailabilityFinding& found = reading.found;
      Line("");
      Line((reading.receipt_taken_as.empty()
                ? std::string("By the rule")
                : "If the court takes the gateway's receipt for " +
                      std::string(reading.receipt_taken_as == "filing" ? "filing"
                                                                       : "an attempt to file")) +
           ": " + std::string(FindingWords(found.finding)));
      json::object one = {{"receipt_taken_as", OrNull(reading.receipt_taken_as)},
                          {"finding", FindingWords(found.finding)},
                          {"first_attempt", OrNull(found.first_attempt_id)}};
      json::array conditions;
      for (const ConditionFinding& each : found.conditions)
        conditions.push_back(SayCondition(each));
      one["conditions"] = std::move(conditions);
      json::array motions;
      for (const MotionDeadline& each : found.motions) motions.push_back(SayMotion(each));
      one["motions"] = std::move(motions);
      json::array late;
      for (const LateFilingDay& each : found.late_filings)
        late.push_back(SayLateFiling(each, found.finding));
      one["late_filings"] = std::move(late);
      readings.push_back(std::move(one));
    }
    members()["readings"] = std::move(readings);
  }

  json::object SayCondition(const ConditionFinding& each) {
    Line("  " + each.condition + " (" + each.clause +
         (each.confirmed ? ", confirmed" : ", unconfirmed") +
         "): " + std::string(FindingWords(each.finding)));
    for (const std::string& step : each.arithmetic) Line("    " + step);
    for (const std::string& what : each.missing) Line("    missing: " + what);
    return {{"condition", each.condition},
            {"finding", FindingWords(each.finding)},
            {"arithmetic", ArrayOf(each.arithmetic)},
            {"missing", ArrayOf(each.missing)},
            {"clause", each.clause},
            {"confirmed", each.confirmed}};
  }

  json::object SayMotion(const MotionDeadline& each) {
    std::string line = "  last day for the motion, counted from " +
                       std::string(CountedFromWords(each.counted_from));
    if (!each.basis.empty()) line += " (" + each.basis + ")";
    if (each.layer == DayLayer::kClosures) line += ", leaving out days the court is closed";
    Line(line + ": " +
         (each.last_day ? DayWords(*each.last_day) + (each.certain ? "" : ", not certain") +
                              IfUnconfirmed(each.confirmed)
                        : each.unknown));
    for (const std::string& step : each.steps) Line("    " + step);
    return {{"counted_from", CountedFromWords(each.counted_from)},
            {"basis", OrNull(each.basis)},
            {"calendar", each.last_day ? json::value(LayerWord(each.layer)) : json::value()},
            {"from", DayOrNull(each.from)},
            {"last_day", DayOrNull(each.last_day)},
            {"unknown", OrNull(each.unknown)},
            {"certain", each.certain && each.last_day.has_value()},
            {"confirmed", each.confirmed},
            {"steps", ArrayOf(each.steps)}};
  }

  json::object SayLateFiling(const LateFilingDay& each, RuleFinding finding) {
    const std::string by = each.by ? FormatClock(*each.by) : std::string();
    Line(std::string("  ") +
         (finding == RuleFinding::kSatisfied ? "" : "if the rule is satisfied: ") +
         "late filing until " + (by.empty() ? "" : by + " on ") + DayWords(each.day) +
         (each.layer == DayLayer::kClosures ? ", leaving out days the court is closed" : "") +
         IfUnconfirmed(each.confirmed));
    return {{"calendar", LayerWord(each.layer)},
            {"day", FormatDay(each.day)},
            {"by", OrNull(by)},
            {"confirmed", each.confirmed}};
  }

  bool AnyRefusalOfTheGateway() const {
    return std::ranges::any_of(report_.observed.attempts, [](const RecordedAttempt& each) {
      return each.attempt.failed && each.attempt.fault == AttemptFault::kGateway;
    });
  }

  void SayRest() {
    const UnavailabilityFinding& found = report_.readings.front().found;
    std::vector<std::string> left_to_court = found.left_to_court;
    if (AnyRefusalOfTheGateway()) {
      left_to_court.emplace_back(
          "whether the gateway, whose own trouble counts here, belongs to the electronic filing "
          "system");
    }
    std::vector<std::string> unconfirmed = UnconfirmedMotionWords(report_.rule, report_.due_day);
    // Of a rule without a motion.
    if (unconfirmed.empty() && !VersionDoubt().empty()) unconfirmed.push_back(VersionDoubt());
    members()["relief"] = found.relief;
    members()["relief_confirmed"] = found.relief_confirmed;
    members()["effects"] = ArrayOf(found.effects);
    members()["effects_confirmed"] = found.effects_confirmed;
    members()["left_to_court"] = ArrayOf(left_to_court);
    members()["unconfirmed"] = ArrayOf(unconfirmed);
    members()["standing"] = kStanding;
    Line("");
    Line("what the rule gives" + IfUnconfirmed(found.relief_confirmed) + ": " + found.relief);
    for (const std::string& what : found.effects) {
      Line(std::string(found.effects.size() > 1 ? "in one reading, " : "") + what +
           IfUnconfirmed(found.effects_confirmed));
    }
    for (const std::string& what : left_to_court) Line("left to the court: " + what);
    for (const std::string& what : unconfirmed) Line("unconfirmed: " + what);
    Line(kStanding);
  }

  const UnavailabilityReport& report_;
  Answer answer_;
};

}  // namespace

Answer SayUnavailability(const UnavailabilityReport& report) { return Speaker(report).Say(); }

}  // namespace nightbox::ctl
