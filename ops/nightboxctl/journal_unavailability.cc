#include "ops/nightboxctl/journal_unavailability.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "client/court_system_files.h"
#include "ops/nightboxctl/journal_unavailability_words.h"
#include "rules/court_system.h"
#include "store/journal.h"
#include "store/journal_directory.h"
#include "store/posix_disk.h"

namespace nightbox::ctl {
namespace {

namespace fs = std::filesystem;

Error Wrong(const std::string& message) { return {ErrorCode::kInvalidArgument, message}; }

// The rules and courts that hold here.
struct Ground {
  std::optional<CourtSystem> system;
  std::string from = "compiled in";

  const DeadlineRules& rules() const {
    return system ? system->deadlines : DeadlineRules::BuiltIn();
  }
  const CourtDirectory& courts() const {
    return system ? system->courts : CourtDirectory::Missouri();
  }
};

// What the gateway reads of the directory, too; whether it may start on it is not asked here.
Result<Ground> ReadGround(const fs::path& directory) {
  Ground ground;
  if (directory.empty()) return ground;
  auto system = client::ReadCourtSystemFiles(directory);
  if (!system) return Wrong("--court-system: " + system.error().message);
  ground.system = *std::move(system);
  ground.from = directory.string();
  return ground;
}

Result<void> CheckCourt(const CourtDirectory& courts, const CourtId& id) {
  const Court* court = courts.Find(id);
  if (court == nullptr) {
    std::string message = "--court: no court is called " + id.str();
    for (const CourtId& near : courts.Suggest(id)) message += "; did you mean " + near.str() + "?";
    return Wrong(message);
  }
  if (court->IsDestination()) return {};
  std::string message =
      "--court: " + id.str() + " is a circuit, and each of its courts is looked at by itself:";
  for (const Court* member : courts.Children(id)) message += " " + member->id.str();
  return Wrong(message);
}

Result<UnavailabilityRule> FindRule(const DeadlineRules& rules, const std::string& id,
                                    CourtDay day) {
  const std::string& wanted = id.empty() ? rules.unavailability_rule : id;
  if (const UnavailabilityRule* rule = rules.unavailability.Find(wanted, day)) return *rule;
  std::string message;
  std::string known;
  for (const UnavailabilityRule& each : rules.unavailability.all()) {
    if (each.id == wanted) {
      message = "--rule: no version of " + wanted + " was in force on " + FormatDay(day);
    }
    if (known.find(" " + each.id) == std::string::npos) known += " " + each.id;
  }
  if (message.empty()) message = "--rule: no rule is called " + wanted + "; known are" + known;
  return Wrong(message);
}

// Of what kind a case is, nobody asks here. A receipt counts a criminal case's days by its own rule
// (evidence/receipt_last_day.h), where that of the others is only inferred.
void SayHowCriminalCasesMayBeCounted(const DeadlineRules& rules, UnavailabilityRule& rule) {
  const PeriodRule* const own = rules.periods.Find(rules.criminal_periods);
  if (!rule.period_rule || rule.period_rule->confirmed || own == nullptr ||
      rule.period_rule->value != rules.civil_periods || own->id == rules.civil_periods)
    return;
  rule.period_rule->source +=
      "; in a criminal case they may be counted by " + own->clause + ", which is not done here";
}

Result<TimeSpan> WindowAround(CourtDay day, int days, const std::string& zone) {
  if (days < 0 || days > kUnavailabilityDaysMax) {
    return Wrong("--days: 0 to " + std::to_string(kUnavailabilityDaysMax));
  }
  TimeSpan window;
  NB_ASSIGN_OR_RETURN(window.from,
                      InstantOn(day - std::chrono::days(days), std::chrono::minutes(0), zone));
  NB_ASSIGN_OR_RETURN(window.to,
                      InstantOn(day + std::chrono::days(days), std::chrono::hours(24), zone));
  return window;
}

Result<std::string> FindJournal(Disk& disk, const UnavailabilityWish& wish) {
  if (wish.directory.empty()) {
    NB_ASSIGN_OR_RETURN(const JournalDirectory in_use,
                        ResolveJournalDirectory(disk, wish.data_directory));
    return in_use.path;
  }
  std::string directory = wish.directory;
  while (directory.size() > 1 && directory.ends_with('/')) directory.pop_back();
  return directory;
}

// Under each way of taking the receipts that the court left open.
Result<void> Evaluate(const DeadlineRules& rules, UnavailabilityReport& report) {
  const auto add = [&](ReceiptTakenAs taken_as, const char* word) -> Result<void> {
    NB_ASSIGN_OR_RETURN(
        UnavailabilityFinding found,
        EvaluateUnavailability(report.rule, {report.court, report.due_day, report.one_filing},
                               ObservationsFor(report.observed, taken_as), rules.periods,
                               rules.calendar));
    report.readings.push_back({word, std::move(found)});
    return {};
  };
  if (DependsOnReceipts(report.observed)) {
    NB_RETURN_IF_ERROR(add(ReceiptTakenAs::kFiling, "filing"));
    NB_RETURN_IF_ERROR(add(ReceiptTakenAs::kAttempt, "attempt"));
  } else {
    NB_RETURN_IF_ERROR(add(ReceiptTakenAs::kFiling, ""));
  }
  report.finding = report.readings.front().found.finding;
  if (!report.observed.court_named) {
    report.finding = RuleFinding::kCannotTell;
    report.missing.push_back(
        "whether the gateway delivered to this court then: no entry of the journal " +
        std::string(report.own_system ? "says of the days looked at what state its own case "
                                        "system was in, and what is said of all courts may not be "
                                        "said of it"
                                      : "names it") +
        (report.state_of == report.court
             ? std::string()
             : "; what is shown is the state of " + report.state_of.str() +
                   ", whose case system it shares unless another was seen of it alone, or it was "
                   "bound to another case system, which the journal does not say"));
  }
  if (report.readings.back().found.finding != report.readings.front().found.finding) {
    report.finding = RuleFinding::kCannotTell;
    report.missing.emplace_back(
        "whether the court takes the gateway's receipt for filing: the receipt says that this is "
        "not decided, or that nobody has confirmed it");
  }
  for (const UnavailabilityReading& reading : report.readings) {
    for (const ConditionFinding& condition : reading.found.conditions) {
      for (const std::string& what : condition.missing) {
        if (std::ranges::find(report.missing, what) == report.missing.end())
          report.missing.push_back(what);
      }
    }
  }
  return {};
}

// The state of the court that `question` is about, or, where no entry names it, of the court above
// it that it shares it with and that one names. The journal names only courts that are delivered
// to.
Result<void> Observe(const JournalOptions& options, const CourtDirectory& courts,
                     CourtQuestion question, UnavailabilityReport& report) {
  PosixDisk disk;
  report.state_of = question.court;
  const Court* asked = courts.Find(question.court);
  report.own_system = asked != nullptr && asked->own_system;
  if (report.own_system) question.alone_within = question.window;
  NB_ASSIGN_OR_RETURN(report.observed, ReadCourtObservations(options, disk, question));
  if (report.observed.court_named) return {};
  for (const CourtId& above : courts.StatusPath(question.court)) {
    const Court* court = courts.Find(above);
    if (above == question.court || court == nullptr || !court->IsDestination()) continue;
    question.state_of = above;
    NB_ASSIGN_OR_RETURN(CourtObservations shared, ReadCourtObservations(options, disk, question));
    if (!shared.state_named) continue;
    report.state_of = above;
    report.observed = std::move(shared);
    break;
  }
  return {};
}

Result<UnavailabilityReport> Compute(const UnavailabilityWish& wish) {
  NB_ASSIGN_OR_RETURN(const Ground ground, ReadGround(wish.court_system));
  const DeadlineRules& rules = ground.rules();
  UnavailabilityReport report;
  report.court = CourtId(wish.court);
  NB_RETURN_IF_ERROR(CheckCourt(ground.courts(), report.court));
  const auto day = ParseDay(wish.due_day);
  if (!day) return Wrong("--due: write a day as 2024-07-01");
  report.due_day = *day;
  NB_ASSIGN_OR_RETURN(report.rule, FindRule(rules, wish.rule, *day));
  SayHowCriminalCasesMayBeCounted(rules, report.rule);
  report.rules_version = rules.version;
  report.rules_from = ground.from;
  report.attempts_asked = !wish.user.empty();
  report.one_filing = !wish.request.empty() || !wish.filing.empty();
  if (report.one_filing && wish.user.empty()) {
    return Wrong("--request and --filing: say with --user whose filing it is");
  }
  if (!wish.request.empty() && !wish.filing.empty()) {
    return Wrong("--request and --filing: one of them says which filing it is");
  }
  CourtQuestion question;
  question.court = report.court;
  question.user = UserId(wish.user);
  NB_ASSIGN_OR_RETURN(question.window, WindowAround(*day, wish.days, report.rule.time_zone.value));
  question.request = RequestId(wish.request);
  question.filing = FilingId(wish.filing);
  question.news_hold = std::chrono::minutes(wish.news_hold_minutes);
  PosixDisk disk;
  JournalOptions options;
  NB_ASSIGN_OR_RETURN(options.directory, FindJournal(disk, wish));
  report.journal = options.directory;
  NB_RETURN_IF_ERROR(Observe(options, ground.courts(), std::move(question), report));
  NB_RETURN_IF_ERROR(Evaluate(rules, report));
  return report;
}

}  // namespace

Answer AskUnavailability(const UnavailabilityWish& wish) {
  const auto report = Compute(wish);
  if (report) return SayUnavailability(*report);
  Error error = report.error();
  if (error.reason == "WINDOW_TOO_LARGE") {
    error.code = ErrorCode::kInvalidArgument;
    error.message = "--days: " + error.message;
  }
  if (error.reason == "FILING_NOT_FOUND") error.message = "--filing: " + error.message;
  return Failed(error);
}

}  // namespace nightbox::ctl
