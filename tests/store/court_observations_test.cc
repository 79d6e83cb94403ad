// Goal: of what the ledger holds nothing more is claimed than was seen: every outage with its
// bounds, every gap as a gap, every attempt with whose trouble it was; and Rule 103.06 reckons with
// that, under each way of taking a receipt.
// Method: entries written by hand around the outage of 29 June 2024, one kind and one bound after
// the other; then a real journal.
#include "store/court_observations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/fingerprint.h"
#include "nightbox/journal/v1/journal.pb.h"
#include "rules/court_day.h"
#include "rules/deadline_rules.h"
#include "rules/unavailability.h"
#include "tests/store/support/disk_contents.h"
#include "tests/store/support/journal_fixture.h"
#include "tests/support/receipt_samples.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::journal::v1;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kDent = "mo.cir.42.dent";

// "2024-07-01 13:00" by the clocks of Missouri.
WallTime At(const std::string& text) {
  return *InstantOn(*ParseDay(text.substr(0, 10)), *ParseClock(text.substr(11)), "America/Chicago");
}

CourtQuestion Dent(const char* user = "") {
  return {CourtId(kDent), UserId(user), {At("2024-06-20 00:00"), At("2024-07-20 00:00")}};
}

// Entries as the journal has them, one after the other.
class Ledger {
 public:
  pb::Entry& Add(pb::EntryKind kind, WallTime committed_at) {
    pb::Entry& entry = entries_.emplace_back();
    entry.set_sequence(next_++);
    entry.set_kind(kind);
    entry.set_committed_at_us(ToMicros(committed_at));
    return entry;
  }
  void Change(const std::string& state, const std::string& old_seen, const std::string& new_seen,
              const std::string& cause = "answered", const std::string& court = kDent) {
    auto& change =
        *Add(pb::ENTRY_KIND_AVAILABILITY_CHANGED, At(new_seen)).mutable_availability_changed();
    change.set_court_id(court);
    change.set_service("delivery");
    change.set_state(state);
    change.set_last_of_old_state_at_us(ToMicros(At(old_seen)));
    change.set_first_of_new_state_at_us(ToMicros(At(new_seen)));
    change.set_cause(cause);
  }
  void Sign(const std::string& at) { Add(pb::ENTRY_KIND_OPERATOR_ACTED, At(at)); }
  void Open(const char* id, const std::string& at, const std::string& key) {
    auto& opened = *Add(pb::ENTRY_KIND_ATTEMPT_OPENED, At(at)).mutable_attempt_opened();
    opened.set_attempt_id(id);
    opened.set_registered_user("anna");
    opened.set_court_id(kDent);
    opened.set_delivery_key(key);
    opened.set_opened_at_us(ToMicros(At(at)));
  }
  pb::AttemptRefused& Refuse(const char* id, const std::string& at, const char* reason,
                             const std::string& key = "") {
    auto& refused = *Add(pb::ENTRY_KIND_ATTEMPT_REFUSED, At(at)).mutable_attempt_refused();
    refused.set_attempt_id(id);
    refused.set_registered_user("anna");
    refused.set_court_id(kDent);
    refused.set_reason(reason);
    refused.set_delivery_key(key);
    refused.set_refused_at_us(ToMicros(At(at)));
    return refused;
  }
  // Refusals of which only the first and the last are told.
  void Count(const std::string& first, const std::string& last, const std::string& told_at) {
    auto& counted =
        *Add(pb::ENTRY_KIND_ATTEMPTS_SUPPRESSED, At(told_at)).mutable_attempts_suppressed();
    counted.set_registered_user("anna");
    counted.set_count(40);
    counted.set_first_at_us(ToMicros(At(first)));
    counted.set_last_at_us(ToMicros(At(last)));
  }
  pb::FilingReceived& Receive(const char* id, const std::string& at, const std::string& key,
                              ReceiptAuthority authority = ReceiptAuthority::kUndecided,
                              std::optional<Standing> standing = std::nullopt) {
    pb::Entry& entry = Add(pb::ENTRY_KIND_FILING_RECEIVED, At(at));
    ReceiptFacts facts = PlainReceipt();
    facts.authority = authority;
    facts.authority_standing = standing;
    facts.authority_citation = authority == ReceiptAuthority::kGateway ? "order 7" : "";
    entry.set_statement(RenderReceipt(facts));
    pb::FilingReceived& filing = *entry.mutable_filing_received();
    filing.set_filing_id(id);
    filing.set_registered_user("anna");
    filing.mutable_header()->set_court_id(kDent);
    filing.set_delivery_key(key);
    filing.set_received_at_us(ToMicros(At(at)));
    return filing;
  }
  // Through which system the last entry's attempt came.
  void Through(const char* system) {
    pb::Entry& last = entries_.back();
    if (last.has_attempt_opened()) last.mutable_attempt_opened()->set_submitting_system(system);
    if (last.has_attempt_refused()) last.mutable_attempt_refused()->set_submitting_system(system);
    if (last.has_filing_received()) last.mutable_filing_received()->set_submitting_system(system);
  }
  // As if so many entries could not be read.
  void Lose(std::uint64_t count) { next_ += count; }

  CourtObservations Gather(const CourtQuestion& question = Dent()) const {
    auto found = TryGather(question);
    EXPECT_TRUE(found) << found.error().message;
    return found ? *std::move(found) : CourtObservations();
  }
  Result<CourtObservations> TryGather(const CourtQuestion& question) const {
    CourtObserver observer(question);
    for (const pb::Entry& entry : entries_) observer.See(entry);
    return observer.Finish(next_);
  }

 private:
  std::vector<pb::Entry> entries_;
  std::uint64_t next_ = 0;
};

// The outage as the gateway would have journaled it, 29 June to 3 July, and a week of life after.
Ledger OutageOf2024() {
  Ledger ledger;
  ledger.Change("available", "2024-06-20 08:00", "2024-06-20 08:00");
  ledger.Change("unavailable", "2024-06-29 09:58", "2024-06-29 10:00", "endpoint-not-reached");
  ledger.Change("available", "2024-07-03 07:50", "2024-07-03 08:00");
  ledger.Sign("2024-07-12 12:00");
  return ledger;
}

UnavailabilityFinding Missouri(const CourtObservations& found, ReceiptTakenAs taken_as,
                               const char* due_day = "2024-07-01") {
  const DeadlineRules& rules = DeadlineRules::BuiltIn();
  const CourtDay day = *ParseDay(due_day);
  return *EvaluateUnavailability(*rules.unavailability.Find("mo.103.06", day),
                                 {CourtId(kDent), day}, ObservationsFor(found, taken_as),
                                 rules.periods, rules.calendar);
}

std::vector<std::string> LastDays(const UnavailabilityFinding& found) {
  std::vector<std::string> days;
  days.reserve(found.motions.size());
  for (const MotionDeadline& each : found.motions)
    days.push_back(each.last_day ? FormatDay(*each.last_day) : each.unknown);
  return days;
}

TEST(CourtObservationsTest, AnOutageHasFourBoundsAndNothingElseIsAGap) {
  const CourtObservations found = OutageOf2024().Gather();
  ASSERT_THAT(found.seen.unavailable, SizeIs(1));
  const UnavailableInterval& outage = found.seen.unavailable[0];
  EXPECT_EQ(outage.last_good, At("2024-06-29 09:58"));
  EXPECT_EQ(outage.first_bad, At("2024-06-29 10:00"));
  EXPECT_EQ(outage.last_bad, At("2024-07-03 07:50"));
  EXPECT_EQ(outage.first_good, At("2024-07-03 08:00"));
  EXPECT_THAT(found.gaps, IsEmpty());
  EXPECT_EQ(found.seen.observed_from, At("2024-06-20 08:00"));
  EXPECT_EQ(found.entries, 4u);
  EXPECT_EQ(found.entries_missing, 0u);
}

TEST(CourtObservationsTest, ARefusalOfTheGatewayDuringTheOutageSatisfiesTheRuleOfMissouri) {
  Ledger ledger = OutageOf2024();
  ledger.Refuse("r1", "2024-07-01 23:41", "DISK_RESERVE_FILINGS");
  const auto found = Missouri(ledger.Gather(Dent("anna")), ReceiptTakenAs::kFiling);
  EXPECT_EQ(found.finding, RuleFinding::kSatisfied);
  EXPECT_EQ(found.first_attempt_id, "r1");
  // Ten days after 1 July; ten days after 3 July are Saturday the 13th, so Monday.
  EXPECT_THAT(LastDays(found), ElementsAre("2024-07-11", "2024-07-15"));
}

TEST(CourtObservationsTest, AReceiptThatIsNotYetFilingIsReadBothWays) {
  Ledger ledger = OutageOf2024();
  ledger.Receive("f1", "2024-07-01 23:41", "key")
      .set_attempt_opened_at_us(ToMicros(At("2024-06-29 11:00")));
  const CourtObservations found = ledger.Gather(Dent("anna"));
  EXPECT_TRUE(DependsOnReceipts(found));
  ASSERT_THAT(found.attempts, SizeIs(1));
  EXPECT_FALSE(found.attempts[0].attempt.failed) << "a received filing is a good attempt";
  const auto as_filing = Missouri(found, ReceiptTakenAs::kFiling);
  EXPECT_EQ(as_filing.finding, RuleFinding::kNotSatisfied);
  const auto as_attempt = Missouri(found, ReceiptTakenAs::kAttempt);
  EXPECT_EQ(as_attempt.finding, RuleFinding::kSatisfied);
  // From when the attempt was opened, as the receipt counts, too.
  EXPECT_THAT(LastDays(as_attempt), ElementsAre("2024-07-09", "2024-07-15"));
}

TEST(CourtObservationsTest, WhereTheCourtHasDecidedAReceiptIsReadOneWay) {
  for (const auto& [authority, expected] :
       {std::pair(ReceiptAuthority::kGateway, RuleFinding::kNotSatisfied),
        std::pair(ReceiptAuthority::kCaseSystem, RuleFinding::kSatisfied)}) {
    Ledger ledger = OutageOf2024();
    ledger.Receive("f1", "2024-07-01 23:41", "key", authority);
    const CourtObservations found = ledger.Gather(Dent("anna"));
    EXPECT_FALSE(DependsOnReceipts(found));
    EXPECT_EQ(Missouri(found, ReceiptTakenAs::kFiling).finding, expected);
    EXPECT_EQ(Missouri(found, ReceiptTakenAs::kAttempt).finding, expected);
  }
}

TEST(CourtObservationsTest, ADecisionThatNobodyHasConfirmedIsReadBothWays) {
  for (const auto& [standing, open] :
       {std::pair(Standing::kConfirmed, false), std::pair(Standing::kUnconfirmed, true)}) {
    Ledger ledger = OutageOf2024();
    ledger.Receive("f1", "2024-07-01 23:41", "key", ReceiptAuthority::kCaseSystem, standing);
    const CourtObservations found = ledger.Gather(Dent("anna"));
    EXPECT_EQ(DependsOnReceipts(found), open);
    EXPECT_EQ(Missouri(found, ReceiptTakenAs::kFiling).finding,
              open ? RuleFinding::kNotSatisfied : RuleFinding::kSatisfied);
    EXPECT_EQ(Missouri(found, ReceiptTakenAs::kAttempt).finding, RuleFinding::kSatisfied);
  }
}

TEST(CourtObservationsTest, AReceiptWhileTheCaseSystemWasThereIsNoUnsuccessfulAttempt) {
  Ledger ledger = OutageOf2024();
  ledger.Receive("f1", "2024-06-25 12:00", "key", ReceiptAuthority::kCaseSystem);
  const Observations seen = ObservationsFor(ledger.Gather(Dent("anna")), ReceiptTakenAs::kAttempt);
  ASSERT_THAT(seen.attempts, SizeIs(1));
  EXPECT_FALSE(seen.attempts[0].failed);
}

TEST(CourtObservationsTest, OfACourtNobodyLookedAtNothingIsKnown) {
  Ledger ledger;
  ledger.Change("unavailable", "2024-06-29 09:58", "2024-06-29 10:00", "answered", "mo.sup");
  ledger.Refuse("r1", "2024-07-01 12:00", "CANCELLED");
  const CourtObservations found = ledger.Gather(Dent("anna"));
  EXPECT_THAT(found.seen.unavailable, IsEmpty());
  ASSERT_THAT(found.gaps, SizeIs(1));
  EXPECT_EQ(found.gaps[0].cause, "nobody-looked");
  EXPECT_EQ(Missouri(found, ReceiptTakenAs::kFiling).finding, RuleFinding::kCannotTell);
  EXPECT_THAT(Ledger().Gather().gaps, SizeIs(1)) << "an empty journal";
}

TEST(CourtObservationsTest, AfterTheLastEntryNothingIsKnownAndBeforeItNoMoreThanWasConfirmed) {
  Ledger ledger;
  ledger.Change("unavailable", "2024-06-29 10:00", "2024-06-29 10:00");
  EXPECT_EQ(ledger.Gather().seen.observed_until, At("2024-06-29 10:00"));
  ledger.Sign("2024-06-29 10:05");
  EXPECT_EQ(ledger.Gather().seen.observed_until, At("2024-06-29 10:00")) << "news may be older";
  ledger.Sign("2024-06-29 11:00");
  const CourtObservations found = ledger.Gather();
  EXPECT_EQ(found.seen.observed_from, At("2024-06-29 10:00"));
  EXPECT_EQ(found.seen.observed_until, At("2024-06-29 10:48"));
  ASSERT_THAT(found.seen.unavailable, SizeIs(1));
  EXPECT_FALSE(found.seen.unavailable[0].last_good);
  EXPECT_EQ(found.seen.unavailable[0].last_bad, At("2024-06-29 10:48"));
  EXPECT_FALSE(found.seen.unavailable[0].first_good);
  CourtQuestion slower = Dent();
  slower.news_hold = minutes(30);
  EXPECT_EQ(ledger.Gather(slower).seen.observed_until, At("2024-06-29 10:30"));
}

TEST(CourtObservationsTest, ARestartIsAGapAndEachSideKeepsItsOwnSurePart) {
  Ledger ledger;
  ledger.Change("available", "2024-06-29 09:00", "2024-06-29 09:00");
  ledger.Change("unavailable", "2024-06-29 09:58", "2024-06-29 10:00");
  ledger.Sign("2024-06-30 06:00");
  ledger.Change("unknown", "2024-06-30 06:00", "2024-06-30 08:00", "gateway-restarted", "");
  ledger.Change("unavailable", "2024-06-30 08:01", "2024-06-30 08:01");
  ledger.Change("available", "2024-07-03 07:50", "2024-07-03 08:00");
  const CourtObservations found = ledger.Gather();
  ASSERT_THAT(found.seen.unavailable, SizeIs(2));
  EXPECT_EQ(found.seen.unavailable[0].first_bad, At("2024-06-29 10:00"));
  // The last entry is a sign of the gateway's life, not of the court's state.
  EXPECT_EQ(found.seen.unavailable[0].last_bad, At("2024-06-30 05:48"));
  EXPECT_EQ(found.seen.unavailable[1].first_bad, At("2024-06-30 08:01"));
  EXPECT_EQ(found.seen.unavailable[1].last_bad, At("2024-07-03 07:50"));
  for (const UnavailableInterval& each : found.seen.unavailable) {
    EXPECT_EQ(each.last_good, At("2024-06-29 09:58"));
    EXPECT_EQ(each.first_good, At("2024-07-03 08:00"));
  }
  ASSERT_THAT(found.gaps, SizeIs(1));
  EXPECT_EQ(found.gaps[0].span.from, At("2024-06-30 05:48"));
  EXPECT_EQ(found.gaps[0].span.to, At("2024-06-30 08:01"));
  EXPECT_EQ(found.gaps[0].cause, "gateway-restarted");
}

TEST(CourtObservationsTest, WithoutNewsAnAvailableCourtIsUnknownFromWhenItWasLastSeen) {
  Ledger ledger;
  ledger.Change("available", "2024-06-29 09:00", "2024-06-29 09:00");
  ledger.Change("unknown", "2024-06-29 09:30", "2024-06-29 09:42", "no-news");
  EXPECT_EQ(ledger.Gather().seen.observed_until, At("2024-06-29 09:30")) << "as yet";
  ledger.Change("available", "2024-06-29 11:00", "2024-06-29 11:00");
  const CourtObservations found = ledger.Gather();
  ASSERT_THAT(found.gaps, SizeIs(1));
  EXPECT_EQ(found.gaps[0].span.from, At("2024-06-29 09:30"));
  EXPECT_EQ(found.gaps[0].span.to, At("2024-06-29 11:00"));
  EXPECT_THAT(found.seen.unavailable, IsEmpty());
}

TEST(CourtObservationsTest, UpAndDownIsPossiblyUnavailableThroughoutAndSurelyNever) {
  Ledger ledger;
  ledger.Change("available", "2024-06-29 09:00", "2024-06-29 09:00");
  ledger.Change("limited", "2024-06-29 09:58", "2024-06-29 10:00", "changes-too-often");
  ledger.Change("available", "2024-06-29 12:00", "2024-06-29 12:01",
                "steady-again after 40 changes");
  ledger.Sign("2024-06-30 12:00");
  const CourtObservations found = ledger.Gather();
  ASSERT_THAT(found.gaps, SizeIs(1));
  EXPECT_EQ(found.gaps[0].span.from, At("2024-06-29 09:58"));
  EXPECT_EQ(found.gaps[0].span.to, At("2024-06-29 12:01"));
  EXPECT_EQ(found.gaps[0].cause, "changes-too-often");
  const TimeSpan day{At("2024-06-29 00:00"), At("2024-06-30 00:00")};
  EXPECT_THAT(SurelyUnavailable(found.seen, day, false), IsEmpty());
  EXPECT_TRUE(PossiblyUnavailableAt(found.seen, {At("2024-06-29 11:00"), At("2024-06-29 11:00")}));
}

TEST(CourtObservationsTest, AnOutageThatBecomesUpAndDownEndsWhenItHoldsStill) {
  Ledger ledger;
  ledger.Change("unavailable", "2024-06-29 10:00", "2024-06-29 10:00");
  ledger.Change("limited", "2024-06-29 10:30", "2024-06-29 10:31", "changes-too-often");
  ledger.Change("available", "2024-06-29 12:00", "2024-06-29 12:01",
                "steady-again after 40 changes");
  const CourtObservations found = ledger.Gather();
  ASSERT_THAT(found.seen.unavailable, SizeIs(1));
  EXPECT_EQ(found.seen.unavailable[0].last_bad, At("2024-06-29 10:30"));
  EXPECT_EQ(found.seen.unavailable[0].first_good, At("2024-06-29 12:01"));
}

TEST(CourtObservationsTest, AnEntryForAllCourtsChangesOnlyThoseThatWereOtherwise) {
  Ledger ledger;
  ledger.Change("available", "2024-06-29 09:00", "2024-06-29 09:00");
  ledger.Change("unavailable", "2024-06-29 09:58", "2024-06-29 10:00", "answered", "mo.sup");
  // Of dent nothing changes; of the others these are the widest bounds.
  ledger.Change("available", "2024-06-29 10:50", "2024-06-29 11:00", "answered", "");
  EXPECT_THAT(ledger.Gather().seen.unavailable, IsEmpty());
  EXPECT_TRUE(ledger.Gather().court_named);
  // Bounds that are another court's do not go behind what is known of this one.
  ledger.Change("unavailable", "2024-06-29 08:00", "2024-06-29 12:00", "answered", "");
  ledger.Change("available", "2024-06-29 11:30", "2024-06-29 12:30", "answered", "");
  const CourtObservations found = ledger.Gather();
  ASSERT_THAT(found.seen.unavailable, SizeIs(1));
  EXPECT_EQ(found.seen.unavailable[0].last_good, At("2024-06-29 09:00"));
  EXPECT_EQ(found.seen.unavailable[0].first_bad, At("2024-06-29 12:00"));
  EXPECT_EQ(found.seen.unavailable[0].last_bad, At("2024-06-29 12:00"));
}

TEST(CourtObservationsTest, WhetherAnyEntryNamesTheCourtIsSaid) {
  Ledger ledger;
  ledger.Change("unavailable", "2024-06-29 09:58", "2024-06-29 10:00", "answered", "");
  ledger.Refuse("r", "2024-06-29 11:00", "COURT_NOT_ENABLED");
  EXPECT_FALSE(ledger.Gather().court_named) << "of all courts, whichever these are";
  Ledger opened = ledger;
  opened.Open("o", "2024-06-29 11:00", "key");
  EXPECT_TRUE(opened.Gather().court_named);
  ledger.Receive("f", "2024-06-29 11:00", "key");
  EXPECT_TRUE(ledger.Gather().court_named);
}

TEST(CourtObservationsTest, WhatIsSaidOfAllIsNotSaidOfACourtAloneThatNothingNamesSinceTheStart) {
  // While it was delivered to; then a start without it.
  Ledger ledger;
  ledger.Change("available", "2024-06-25 08:00", "2024-06-25 08:00");
  ledger.Change("unknown", "2024-06-26 08:00", "2024-06-26 08:10", "gateway-restarted", "");
  ledger.Change("available", "2024-06-26 08:20", "2024-06-26 08:20", "answered", "");
  ledger.Change("unavailable", "2024-06-29 09:58", "2024-06-29 10:00", "answered", "");
  ledger.Open("o", "2024-06-29 11:00", "key");
  ledger.Sign("2024-06-30 12:00");
  CourtQuestion question = Dent();
  EXPECT_THAT(ledger.Gather(question).seen.unavailable, SizeIs(1));
  question.alone_within = TimeSpan{At("2024-06-27 00:00"), At("2024-07-02 00:00")};
  EXPECT_THAT(ledger.Gather(question).seen.unavailable, IsEmpty());
  EXPECT_FALSE(ledger.Gather(question).court_named) << "on these days, however far is looked back";
  question.alone_within->from = At("2024-06-25 12:00");
  EXPECT_TRUE(ledger.Gather(question).court_named);

  // Named since the start, it is one of all: their entry ends its outage.
  ledger.Change("unavailable", "2024-06-30 13:00", "2024-06-30 13:00");
  ledger.Change("available", "2024-06-30 14:00", "2024-06-30 14:02", "answered", "");
  question.alone_within->from = At("2024-06-30 00:00");
  const CourtObservations found = ledger.Gather(question);
  EXPECT_TRUE(found.court_named);
  ASSERT_THAT(found.seen.unavailable, SizeIs(1));
  EXPECT_EQ(found.seen.unavailable[0].first_bad, At("2024-06-30 13:00"));
  EXPECT_EQ(found.seen.unavailable[0].first_good, At("2024-06-30 14:02"));
}

TEST(CourtObservationsTest, AnotherCourtsStateIsLookedAtWhereItIsAskedFor) {
  Ledger ledger;
  ledger.Change("available", "2024-06-29 09:00", "2024-06-29 09:00", "answered", "");
  ledger.Change("unavailable", "2024-06-29 09:58", "2024-06-29 10:00", "answered", "mo.sup");
  CourtQuestion question = Dent();
  EXPECT_FALSE(ledger.Gather(question).state_named);
  question.state_of = CourtId("mo.sup");
  const CourtObservations found = ledger.Gather(question);
  EXPECT_THAT(found.seen.unavailable, SizeIs(1));
  EXPECT_TRUE(found.state_named);
  EXPECT_FALSE(found.court_named) << "of itself the ledger says nothing";
}

TEST(CourtObservationsTest, BehindAMissingEntryNothingIsKnownUntilTheNextNews) {
  Ledger ledger;
  ledger.Change("unavailable", "2024-06-29 10:00", "2024-06-29 10:00");
  ledger.Sign("2024-06-29 12:00");
  ledger.Lose(2);
  ledger.Sign("2024-06-29 18:00");
  ledger.Change("available", "2024-06-30 07:50", "2024-06-30 08:00");
  ledger.Lose(1);
  const CourtObservations found = ledger.Gather();
  EXPECT_EQ(found.entries_missing, 3u);
  ASSERT_THAT(found.gaps, SizeIs(1));
  EXPECT_EQ(found.gaps[0].cause, "entries-missing");
  EXPECT_EQ(found.gaps[0].span.from, At("2024-06-29 11:48"));
  EXPECT_EQ(found.gaps[0].span.to, At("2024-06-30 08:00"));
  EXPECT_EQ(found.seen.unavailable[0].last_bad, At("2024-06-29 11:48"));
  EXPECT_EQ(found.seen.observed_until, At("2024-06-30 08:00")) << "the last entry is missing, too";
}

TEST(CourtObservationsTest, WhileTheClockIsInDoubtNothingIsSure) {
  Ledger stepped;
  stepped.Change("available", "2024-06-29 09:00", "2024-06-29 09:00");
  stepped.Change("unavailable", "2024-06-29 09:58", "2024-06-29 10:00");
  stepped.Sign("2024-06-29 14:00");
  auto& step =
      *stepped.Add(pb::ENTRY_KIND_CLOCK_CHANGED, At("2024-06-29 15:00")).mutable_clock_changed();
  step.set_step_us(Microseconds(std::chrono::hours(1)).count());
  stepped.Add(pb::ENTRY_KIND_CLOCK_CHANGED, At("2024-06-29 16:00"))
      .mutable_clock_changed()
      ->set_synchronized(true);
  stepped.Change("available", "2024-06-29 19:50", "2024-06-29 20:00");
  const CourtObservations found = stepped.Gather();
  EXPECT_EQ(found.clock_steps, 1u);
  ASSERT_THAT(found.seen.unavailable, SizeIs(2));
  EXPECT_EQ(found.seen.unavailable[0].last_bad, At("2024-06-29 13:00"));
  EXPECT_EQ(found.seen.unavailable[1].first_bad, At("2024-06-29 17:00"));
  EXPECT_EQ(found.seen.unavailable[1].last_bad, At("2024-06-29 19:50"));
  ASSERT_THAT(found.gaps, SizeIs(1));
  EXPECT_EQ(found.gaps[0].cause, "clock-stepped");
  EXPECT_EQ(found.gaps[0].span.from, At("2024-06-29 13:00"));
  EXPECT_EQ(found.gaps[0].span.to, At("2024-06-29 17:00"));
}

TEST(CourtObservationsTest, AnOutageWhollyInDoubtIsPossibleAndNoMore) {
  Ledger ledger;
  ledger.Change("available", "2024-06-29 09:00", "2024-06-29 09:00");
  ledger.Change("unavailable", "2024-06-29 09:58", "2024-06-29 10:00");
  ledger.Add(pb::ENTRY_KIND_CLOCK_CHANGED, At("2024-06-29 10:01"))
      .mutable_clock_changed()
      ->set_step_us(Microseconds(std::chrono::hours(5)).count());
  ledger.Change("available", "2024-06-29 10:02", "2024-06-29 10:03");
  const CourtObservations found = ledger.Gather();
  EXPECT_THAT(found.seen.unavailable, IsEmpty());
  EXPECT_TRUE(PossiblyUnavailableAt(found.seen, {At("2024-06-29 10:00"), At("2024-06-29 10:00")}));
}

TEST(CourtObservationsTest, WhatDoesNotReachIntoTheWindowIsLeftOutAndWhatDoesKeepsItsBounds) {
  Ledger ledger = OutageOf2024();
  ledger.Refuse("late", "2024-07-12 12:00", "QUEUE_FULL");
  CourtQuestion narrow = Dent("anna");
  narrow.window = {At("2024-07-01 00:00"), At("2024-07-02 00:00")};
  const CourtObservations during = ledger.Gather(narrow);
  ASSERT_THAT(during.seen.unavailable, SizeIs(1));
  EXPECT_EQ(during.seen.unavailable[0].last_good, At("2024-06-29 09:58"));
  EXPECT_EQ(during.seen.unavailable[0].first_good, At("2024-07-03 08:00"));
  EXPECT_THAT(during.attempts, IsEmpty());
  narrow.window = {At("2024-07-03 08:01"), At("2024-07-04 00:00")};
  EXPECT_THAT(ledger.Gather(narrow).seen.unavailable, IsEmpty());
}

TEST(CourtObservationsTest, AttemptsAreThoseOfTheUserAskedAboutAtThisCourt) {
  Ledger ledger = OutageOf2024();
  ledger.Refuse("a", "2024-07-01 10:00", "QUEUE_FULL");
  ledger.Refuse("berts", "2024-07-01 10:01", "QUEUE_FULL").set_registered_user("bert");
  ledger.Refuse("elsewhere", "2024-07-01 10:02", "QUEUE_FULL").set_court_id("mo.sup");
  ledger.Receive("test", "2024-07-01 10:03", "k").mutable_header()->set_test(true);
  EXPECT_THAT(ledger.Gather().attempts, IsEmpty()) << "nobody's unless asked";
  const CourtObservations found = ledger.Gather(Dent("anna"));
  ASSERT_THAT(found.attempts, SizeIs(1));
  EXPECT_EQ(found.attempts[0].attempt.id, "a");
  EXPECT_EQ(found.attempts[0].reason, "QUEUE_FULL");
  EXPECT_EQ(OutcomeWord(found.attempts[0].outcome), "refused");
}

TEST(CourtObservationsTest, ARefusalHasItsFaultUnlessItsCourtIsNotKnown) {
  Ledger ledger = OutageOf2024();
  ledger.Refuse("gateway", "2024-07-01 10:00", "QUEUE_FULL");
  ledger.Refuse("content", "2024-07-01 10:01", "PASSWORD_PROTECTED");
  ledger.Refuse("court", "2024-07-01 10:02", "COURT_NOT_ENABLED");
  ledger.Refuse("filer", "2024-07-01 10:03", "USER_SUSPENDED").clear_court_id();
  ledger.Refuse("somewhere", "2024-07-01 10:04", "QUEUE_FULL").clear_court_id();
  ledger.Refuse("new", "2024-07-01 10:05", "A_WORD_OF_TOMORROW");
  const CourtObservations found = ledger.Gather(Dent("anna"));
  std::vector<AttemptFault> faults;
  faults.reserve(found.attempts.size());
  for (const RecordedAttempt& each : found.attempts) faults.push_back(each.attempt.fault);
  EXPECT_THAT(faults, ElementsAre(AttemptFault::kGateway, AttemptFault::kValidation,
                                  AttemptFault::kCourtNotEnabled, AttemptFault::kFilerSide,
                                  AttemptFault::kNotKnown, AttemptFault::kNotKnown));
}

TEST(CourtObservationsTest, WhatWasOpenedIsOneAttemptWithWhatEndedIt) {
  Ledger ledger = OutageOf2024();
  ledger.Open("o1", "2024-06-30 23:55", "first");
  ledger.Refuse("r1", "2024-07-01 00:02", "QUEUE_FULL", "first");
  ledger.Refuse("r2", "2024-07-01 00:05", "QUEUE_FULL", "first");
  ledger.Open("o2", "2024-07-01 10:00", "second");
  ledger.Receive("f2", "2024-07-01 10:05", "second");
  ledger.Open("o3", "2024-07-01 11:00", "third");
  const auto found = ledger.Gather(Dent("anna")).attempts;
  ASSERT_THAT(found, SizeIs(4));
  EXPECT_EQ(found[0].attempt.id, "r1");
  EXPECT_EQ(found[0].attempt.not_before, At("2024-06-30 23:55"));
  EXPECT_EQ(found[0].attempt.not_after, At("2024-07-01 00:02"));
  EXPECT_EQ(found[1].attempt.not_before, At("2024-07-01 00:05"));
  EXPECT_EQ(found[2].attempt.id, "f2");
  EXPECT_EQ(found[2].attempt.not_before, At("2024-07-01 10:00"));
  EXPECT_EQ(found[3].attempt.id, "o3");
  EXPECT_EQ(found[3].outcome, AttemptOutcome::kNotCompleted);
  EXPECT_EQ(found[3].attempt.fault, AttemptFault::kNotKnown);
}

TEST(CourtObservationsTest, WhatWasOpenedUnderAnotherHeaderBeforeWasNotCompleted) {
  Ledger ledger = OutageOf2024();
  ledger.Open("o1", "2024-06-30 10:00", "key");
  ledger.Open("o2", "2024-07-01 10:00", "key");
  ledger.Receive("f", "2024-07-01 10:05", "key")
      .set_attempt_opened_at_us(ToMicros(At("2024-06-30 10:00")));
  const auto found = ledger.Gather(Dent("anna")).attempts;
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].attempt.id, "o1");
  EXPECT_EQ(found[0].outcome, AttemptOutcome::kNotCompleted);
  EXPECT_EQ(found[0].attempt.not_after, At("2024-06-30 10:00"));
  EXPECT_EQ(found[0].attempt.filing, found[1].attempt.filing);
  EXPECT_EQ(found[1].attempt.id, "f");
  EXPECT_EQ(found[1].attempt.not_before, At("2024-07-01 10:00"));
}

// As the journal makes it.
std::string KeyOf(const char* system, const char* request) {
  return std::string(DeliveryKey(SystemName(system), RequestId(request)).view());
}

TEST(CourtObservationsTest, AttemptsOfOneFilingBelongTogetherThroughWhateverSystem) {
  Ledger ledger = OutageOf2024();
  ledger.Open("a1", "2024-06-29 11:00", KeyOf("acme", "brief"));
  ledger.Through("acme");
  ledger.Refuse("b1", "2024-06-30 11:00", "QUEUE_FULL", KeyOf("acme", "motion"));
  ledger.Through("acme");
  ledger.Refuse("a2", "2024-07-01 11:00", "QUEUE_FULL", KeyOf("zenith", "brief"));
  ledger.Through("zenith");
  ledger.Refuse("n", "2024-07-01 12:00", "QUEUE_FULL");
  const auto filings = [](const CourtObservations& found) {
    std::vector<std::string> filings;
    for (const RecordedAttempt& each : found.attempts)
      filings.push_back(each.attempt.id + "=" + each.attempt.filing);
    return filings;
  };
  CourtQuestion question = Dent("anna");
  EXPECT_THAT(filings(ledger.Gather(question)), ElementsAre("a1=1", "b1=2", "a2=3", "n="));
  question.request = RequestId("brief");
  EXPECT_THAT(filings(ledger.Gather(question)), ElementsAre("a1=1", "a2=1", "n="));
  question.request = RequestId("reply");
  EXPECT_THAT(filings(ledger.Gather(question)), ElementsAre("n="));
}

TEST(CourtObservationsTest, OfTheFilingAskedAboutNoAttemptIsTooEarly) {
  Ledger ledger;
  ledger.Change("available", "2024-01-02 08:00", "2024-01-02 08:00");
  ledger.Refuse("early", "2024-02-01 11:00", "QUEUE_FULL", KeyOf("", "brief"));
  ledger.Refuse("other", "2024-02-01 12:00", "QUEUE_FULL", KeyOf("", "motion"));
  ledger.Refuse("unknown", "2024-02-01 13:00", "QUEUE_FULL");
  ledger.Change("unavailable", "2024-06-29 09:58", "2024-06-29 10:00");
  ledger.Refuse("late", "2024-07-01 11:00", "QUEUE_FULL", KeyOf("", "brief"));
  ledger.Sign("2024-07-12 12:00");
  CourtQuestion question = Dent("anna");
  question.request = RequestId("brief");
  const CourtObservations found = ledger.Gather(question);
  ASSERT_THAT(found.attempts, SizeIs(2));
  EXPECT_EQ(found.attempts[0].attempt.id, "early");
  const auto further = FurtherBack(question, found);
  ASSERT_TRUE(further) << "what held in February must be looked at, too";
  EXPECT_EQ(further->window.from, At("2024-02-01 11:00"));
  EXPECT_FALSE(FurtherBack(question, ledger.Gather(*further)));
}

TEST(CourtObservationsTest, AnOutageLongerThanTheWindowIsFollowedBackToItsBeginning) {
  Ledger ledger;
  ledger.Change("available", "2024-06-01 08:00", "2024-06-01 08:00");
  ledger.Refuse("before", "2024-06-01 12:00", "PASSWORD_PROTECTED", "k");
  ledger.Change("unavailable", "2024-06-02 09:58", "2024-06-02 10:00");
  ledger.Refuse("first", "2024-06-03 11:00", "QUEUE_FULL", "k");
  ledger.Refuse("second", "2024-07-01 11:00", "QUEUE_FULL", "k");
  ledger.Change("available", "2024-07-03 07:50", "2024-07-03 08:00");
  ledger.Sign("2024-07-12 12:00");
  const CourtQuestion question = Dent("anna");
  const CourtObservations narrow = ledger.Gather(question);
  ASSERT_THAT(narrow.attempts, SizeIs(1));
  EXPECT_EQ(narrow.seen.attempts_from, question.window.from);
  EXPECT_EQ(narrow.window.from, question.window.from);
  const auto says = Missouri(narrow, ReceiptTakenAs::kFiling);
  EXPECT_FALSE(says.motions[0].certain);
  EXPECT_THAT(says.motions[0].basis, testing::HasSubstr("at the latest: attempts before"));
  const auto further = FurtherBack(question, narrow);
  ASSERT_TRUE(further);
  EXPECT_EQ(further->window.from, At("2024-06-02 09:58")) << "when it was last seen available";
  const CourtObservations whole = ledger.Gather(*further);
  EXPECT_FALSE(whole.seen.attempts_from);
  EXPECT_FALSE(FurtherBack(question, whole));
  const auto found = Missouri(whole, ReceiptTakenAs::kFiling);
  EXPECT_EQ(found.first_attempt_id, "first");
  EXPECT_EQ(LastDays(found).front(), "2024-06-13");
  EXPECT_TRUE(found.motions[0].certain);
  EXPECT_FALSE(FurtherBack(Dent(), ledger.Gather(Dent()))) << "nobody's attempts are asked for";
}

TEST(CourtObservationsTest, AnAttemptInAnEarlierOutageMakesTheLastDayTheLatest) {
  // Whether the last day is certain that is counted from 8 July, when the window begins on the 5th.
  const auto certain = [](const char* reason, const char* key, const char* later_key,
                          bool received = false) {
    Ledger ledger;
    ledger.Change("available", "2024-06-20 08:00", "2024-06-20 08:00");
    ledger.Change("unavailable", "2024-07-01 09:58", "2024-07-01 10:00");
    ledger.Refuse("first", "2024-07-01 11:00", reason, key);
    if (received) ledger.Receive("f", "2024-07-01 11:30", key);
    ledger.Change("available", "2024-07-02 07:50", "2024-07-02 08:00");
    ledger.Change("unavailable", "2024-07-08 09:58", "2024-07-08 10:00");
    ledger.Refuse("second", "2024-07-08 11:00", "QUEUE_FULL", later_key);
    ledger.Change("available", "2024-07-09 07:50", "2024-07-09 08:00");
    ledger.Sign("2024-07-12 12:00");
    CourtQuestion question = Dent("anna");
    question.window.from = At("2024-07-05 00:00");
    const CourtObservations found = ledger.Gather(question);
    EXPECT_THAT(found.attempts, SizeIs(1));
    EXPECT_FALSE(FurtherBack(question, found)) << "the court was available then";
    const auto says = Missouri(found, ReceiptTakenAs::kFiling, "2024-07-08");
    EXPECT_EQ(LastDays(says).front(), "2024-07-18");
    EXPECT_EQ(says.motions[0].certain, !found.seen.attempts_from);
    if (found.seen.attempts_from) {
      EXPECT_EQ(found.seen.attempts_from, question.window.from);
      EXPECT_THAT(says.motions[0].basis, testing::HasSubstr("at the latest: attempts before"));
    }
    return says.motions[0].certain;
  };
  EXPECT_FALSE(certain("QUEUE_FULL", "k", "k")) << "11 July it is";
  EXPECT_FALSE(certain("CASE_SYSTEM_UNREACHABLE", "", "k")) << "of which filing nobody knows";
  EXPECT_FALSE(certain("QUEUE_FULL", "k", ""));
  // What cannot be the first attempt at that filing changes nothing.
  EXPECT_TRUE(certain("PASSWORD_PROTECTED", "k", "k"));
  EXPECT_TRUE(certain("QUEUE_FULL", "other", "k"));
  EXPECT_TRUE(certain("QUEUE_FULL", "other", "k", /*received=*/true));
  EXPECT_TRUE(certain("QUEUE_FULL", "other", "", /*received=*/true));
}

// What is found of the attempt in the outage of 8 July, at any filing or at one, when the window
// begins on the 5th. The ledger tells of what was before 2 July, the last of it an outage.
UnavailabilityFinding AskedFromTheFifth(Ledger ledger, const char* request,
                                        const char* reason = "QUEUE_FULL") {
  ledger.Change("available", "2024-07-02 07:50", "2024-07-02 08:00");
  ledger.Change("unavailable", "2024-07-08 09:58", "2024-07-08 10:00");
  ledger.Refuse("late", "2024-07-08 11:00", reason, KeyOf("", "brief"));
  ledger.Change("available", "2024-07-09 07:50", "2024-07-09 08:00");
  ledger.Sign("2024-07-12 12:00");
  CourtQuestion question = Dent("anna");
  question.window.from = At("2024-07-05 00:00");
  question.request = RequestId(request);
  const CourtObservations found = ledger.Gather(question);
  EXPECT_THAT(found.attempts, SizeIs(1));
  if (found.seen.attempts_from) {
    EXPECT_EQ(found.seen.attempts_from, question.window.from);
  }
  return Missouri(found, ReceiptTakenAs::kFiling, "2024-07-08");
}

// With attempts on or before 1 July that were only counted.
Ledger WithCounted(const std::string& first, const std::string& last, const std::string& told_at) {
  Ledger ledger;
  bool told = false;
  const auto tell_before = [&](const std::string& at) {
    if (told || told_at >= at) return;
    ledger.Count(first, last, told_at);
    told = true;
  };
  ledger.Sign("2024-06-18 12:00");
  tell_before("2024-06-20 08:00");
  ledger.Change("available", "2024-06-20 08:00", "2024-06-20 08:00");
  tell_before("2024-07-01 10:00");
  ledger.Change("unavailable", "2024-07-01 09:58", "2024-07-01 10:00");
  tell_before("2024-07-02 08:00");
  EXPECT_TRUE(told);
  return ledger;
}

TEST(CourtObservationsTest, AnEarlierCountedAttemptMayBeOfTheFilingAskedAbout) {
  for (const char* request : {"", "brief"}) {
    const auto motion = [&](const char* first, const char* last, const char* told_at) {
      return AskedFromTheFifth(WithCounted(first, last, told_at), request).motions[0];
    };
    const auto during = motion("2024-07-01 11:00", "2024-07-01 11:01", "2024-07-01 11:02");
    EXPECT_EQ(FormatDay(*during.last_day), "2024-07-18");
    EXPECT_FALSE(during.certain) << "11 July it may be";
    EXPECT_THAT(during.basis, testing::HasSubstr("at the latest: attempts before"));
    EXPECT_FALSE(motion("2024-07-01 09:57", "2024-07-01 09:59", "2024-07-01 09:59").certain)
        << "the last one was after the court was last seen available";
    EXPECT_FALSE(motion("2024-07-01 09:57", "2024-07-01 09:59", "2024-07-01 10:01").certain);
    EXPECT_FALSE(motion("2024-06-19 11:00", "2024-06-19 11:01", "2024-06-19 11:02").certain)
        << "nobody had looked at the court";
  }
  // And that there was none nobody can say then.
  const auto finding = [](const char* first, const char* last, const char* told_at) {
    return AskedFromTheFifth(WithCounted(first, last, told_at), "brief", "PASSWORD_PROTECTED")
        .finding;
  };
  EXPECT_EQ(finding("2024-07-01 11:00", "2024-07-01 11:01", "2024-07-01 11:02"),
            RuleFinding::kCannotTell);
  EXPECT_EQ(finding("2024-06-25 11:00", "2024-06-25 11:01", "2024-06-25 11:02"),
            RuleFinding::kNotSatisfied);
}

TEST(CourtObservationsTest, AnEarlierCountedAttemptChangesNothingWhereTheCourtWasAvailable) {
  for (const char* request : {"", "brief"}) {
    const auto certain = [&](const char* first, const char* last, const char* told_at) {
      const auto says = AskedFromTheFifth(WithCounted(first, last, told_at), request);
      EXPECT_EQ(says.finding, RuleFinding::kSatisfied);
      return says.motions[0].certain;
    };
    EXPECT_TRUE(certain("2024-06-25 11:00", "2024-06-25 11:01", "2024-06-25 11:02"));
    EXPECT_TRUE(certain("2024-07-01 09:57", "2024-07-01 09:58", "2024-07-01 09:58"));
    EXPECT_TRUE(certain("2024-07-01 09:57", "2024-07-01 09:58", "2024-07-01 10:01"))
        << "told of when the court was away already";
  }
  // Unless the clock was wrong then.
  const auto stepped = [](const char* first, const char* last) {
    Ledger ledger;
    ledger.Change("available", "2024-06-20 08:00", "2024-06-20 08:00");
    ledger.Count(first, last, last);
    ledger.Sign("2024-06-25 11:15");
    ledger.Add(pb::ENTRY_KIND_CLOCK_CHANGED, At("2024-06-25 11:30"))
        .mutable_clock_changed()
        ->set_step_us(Microseconds(std::chrono::hours(1)).count());
    ledger.Add(pb::ENTRY_KIND_CLOCK_CHANGED, At("2024-06-25 12:00"))
        .mutable_clock_changed()
        ->set_synchronized(true);
    ledger.Change("unavailable", "2024-07-01 09:58", "2024-07-01 10:00");
    return AskedFromTheFifth(std::move(ledger), "").motions[0].certain;
  };
  EXPECT_FALSE(stepped("2024-06-25 11:00", "2024-06-25 11:01"));
  EXPECT_TRUE(stepped("2024-06-24 11:00", "2024-06-24 11:01"));
}

TEST(CourtObservationsTest, OfMoreEarlierAttemptsThanTheBoundNoneIsTakenForHarmless) {
  const auto key = [](std::size_t i) { return "other-" + std::to_string(i); };
  // At so many other filings, in the outage of 1 July.
  const auto after_refusals = [&](std::size_t count) {
    Ledger ledger;
    ledger.Change("available", "2024-06-20 08:00", "2024-06-20 08:00");
    ledger.Change("unavailable", "2024-07-01 09:58", "2024-07-01 10:00");
    for (std::size_t i = 0; i < count; ++i)
      ledger.Refuse("r", "2024-07-01 11:00", "QUEUE_FULL", key(i));
    return AskedFromTheFifth(std::move(ledger), "").motions[0].certain;
  };
  EXPECT_TRUE(after_refusals(kObservationsMax));
  EXPECT_FALSE(after_refusals(kObservationsMax + 1));
  // Opened while the court was available, and one at the brief behind them, or before and behind.
  const auto after_openings = [&](std::size_t count, bool before) {
    Ledger ledger;
    ledger.Change("available", "2024-06-20 08:00", "2024-06-20 08:00");
    if (before) ledger.Open("b1", "2024-06-25 10:00", KeyOf("", "brief"));
    for (std::size_t i = 0; i < count; ++i) ledger.Open("o", "2024-06-25 11:00", key(i));
    ledger.Open("b2", "2024-06-25 12:00", KeyOf("", "brief"));
    ledger.Change("unavailable", "2024-07-01 09:58", "2024-07-01 10:00");
    return AskedFromTheFifth(std::move(ledger), "").motions[0].certain;
  };
  EXPECT_TRUE(after_openings(kObservationsMax - 1, false));
  EXPECT_FALSE(after_openings(kObservationsMax, false));
  EXPECT_TRUE(after_openings(kObservationsMax - 1, true)) << "the two at the brief are one";
}

TEST(CourtObservationsTest, FurtherBackThanTheBoundIsSaidNotToBeLookedAt) {
  Ledger ledger;
  ledger.Sign("2020-01-01 12:00");
  ledger.Change("unavailable", "2022-06-02 09:58", "2022-06-02 10:00");
  ledger.Refuse("too early", "2022-06-03 11:00", "QUEUE_FULL", "k");
  ledger.Refuse("a", "2024-07-01 11:00", "QUEUE_FULL", "k");
  ledger.Change("available", "2024-07-03 07:50", "2024-07-03 08:00");
  const CourtQuestion question = Dent("anna");
  const auto further = FurtherBack(question, ledger.Gather(question));
  ASSERT_TRUE(further);
  EXPECT_EQ(further->window.from, question.window.from - kLookBackMax);
  const CourtObservations found = ledger.Gather(*further);
  EXPECT_FALSE(FurtherBack(question, found)) << "the bound is the question's, not the last look's";
  EXPECT_EQ(found.seen.attempts_from, further->window.from);
  EXPECT_FALSE(Missouri(found, ReceiptTakenAs::kFiling).motions[0].certain);
}

TEST(CourtObservationsTest, BeforeTheFirstEntryThereIsNothingToLookAt) {
  Ledger ledger;
  ledger.Change("unavailable", "2024-06-28 10:00", "2024-06-28 10:00");
  ledger.Refuse("a", "2024-07-01 11:00", "QUEUE_FULL", "k");
  ledger.Sign("2024-07-12 12:00");
  CourtQuestion question = Dent("anna");
  EXPECT_FALSE(ledger.Gather(question).seen.attempts_from) << "the window begins before it";
  question.window.from = At("2024-06-30 00:00");
  const auto further = FurtherBack(question, ledger.Gather(question));
  ASSERT_TRUE(further);
  EXPECT_EQ(further->window.from, At("2024-06-28 10:00"));
  EXPECT_FALSE(ledger.Gather(*further).seen.attempts_from);
}

TEST(CourtObservationsTest, ARefusalAtATimeAtWhichTheCourtWasAvailableContradictsTheLedger) {
  Ledger ledger = OutageOf2024();
  ledger.Refuse("r", "2024-07-05 10:00", "CASE_SYSTEM_UNREACHABLE", "k");
  ledger.Sign("2024-07-13 12:00");
  const CourtObservations observed = ledger.Gather(Dent("anna"));
  ASSERT_THAT(observed.seen.available, SizeIs(2));
  EXPECT_EQ(observed.seen.available[1].from, At("2024-07-03 08:00"));
  EXPECT_EQ(observed.seen.available[1].record, "journal entry 2");
  EXPECT_FALSE(observed.seen.maintenance_gathered);
  EXPECT_FALSE(observed.seen.declarations_gathered);
  const auto found = Missouri(observed, ReceiptTakenAs::kFiling);
  EXPECT_EQ(found.finding, RuleFinding::kCannotTell);
  ASSERT_THAT(found.conditions[0].arithmetic, SizeIs(1));
  EXPECT_THAT(
      found.conditions[0].arithmetic[0],
      testing::AllOf(testing::HasSubstr("journal entry 4"), testing::HasSubstr("journal entry 2")));
}

TEST(CourtObservationsTest, AMissingEntryMayBeAnAttempt) {
  Ledger ledger = OutageOf2024();
  ledger.Refuse("a", "2024-07-01 11:00", "QUEUE_FULL", "k");
  EXPECT_TRUE(Missouri(ledger.Gather(Dent("anna")), ReceiptTakenAs::kFiling).motions[0].certain);
  ledger.Lose(1);
  EXPECT_FALSE(Missouri(ledger.Gather(Dent("anna")), ReceiptTakenAs::kFiling).motions[0].certain);
}

TEST(CourtObservationsTest, AnAttemptThatCameToNothingLeavesTheRuleOpen) {
  Ledger ledger = OutageOf2024();
  ledger.Open("o1", "2024-07-01 11:00", "key");
  const auto found = Missouri(ledger.Gather(Dent("anna")), ReceiptTakenAs::kFiling);
  EXPECT_EQ(found.finding, RuleFinding::kCannotTell);
  EXPECT_EQ(found.first_attempt_id, "");
  EXPECT_EQ(LastDays(found).front(), "2024-07-11") << "the cautious day is named all the same";
}

TEST(CourtObservationsTest, OfCountedAttemptsTheFirstAndTheLastAreKnownAndNothingElse) {
  Ledger ledger = OutageOf2024();
  ledger.Count("2024-07-01 10:00", "2024-07-01 10:01", "2024-07-01 10:01");
  const CourtObservations found = ledger.Gather(Dent("anna"));
  ASSERT_THAT(found.attempts, SizeIs(2));
  EXPECT_EQ(found.attempts[0].attempt.not_before, At("2024-07-01 10:00"));
  EXPECT_EQ(found.attempts[1].attempt.not_before, At("2024-07-01 10:01"));
  EXPECT_EQ(Missouri(found, ReceiptTakenAs::kFiling).finding, RuleFinding::kCannotTell);
}

TEST(CourtObservationsTest, MoreThanTheBoundIsRefusedAndTheBoundItselfIsNot) {
  Ledger ledger = OutageOf2024();
  for (std::size_t i = 0; i < kObservationsMax; ++i)
    ledger.Refuse("r", "2024-07-01 10:00", "QUEUE_FULL");
  EXPECT_THAT(ledger.Gather(Dent("anna")).attempts, SizeIs(kObservationsMax));
  ledger.Refuse("r", "2024-07-01 10:00", "QUEUE_FULL");
  const auto refused = ledger.TryGather(Dent("anna"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "WINDOW_TOO_LARGE");
  EXPECT_TRUE(ledger.TryGather(Dent()));

  Ledger flapping;
  for (std::size_t i = 0; i <= kObservationsMax; ++i) {
    flapping.Change("unavailable", "2024-06-29 10:00", "2024-06-29 10:00");
    flapping.Change("available", "2024-06-29 10:00", "2024-06-29 10:00");
  }
  EXPECT_FALSE(flapping.TryGather(Dent()));
  Ledger unseen;
  for (std::size_t i = 0; i <= kObservationsMax; ++i) {
    unseen.Change("unavailable", "2024-06-29 10:00", "2024-06-29 10:00");
    unseen.Change("unknown", "2024-06-29 10:00", "2024-06-29 10:00", "no-news");
  }
  EXPECT_FALSE(unseen.TryGather(Dent()));
}

TEST(CourtObservationsTest, AJournalIsReadWithoutTouchingIt) {
  JournalFixture fixture;
  {
    const auto journal = fixture.Fresh();
    const auto change = [&](const char* state, WallTime old_seen, WallTime new_seen) {
      EXPECT_TRUE(CommitOne(*journal, ChangeAvailability{CourtId(), "delivery", state, old_seen,
                                                         new_seen, "endpoint-not-reached"}));
    };
    change("available", kJuly, kJuly);
    fixture.clock().Advance(minutes(10));
    change("unavailable", kJuly + minutes(9), kJuly + minutes(10));
    fixture.clock().Advance(minutes(20));
    OpenAttempt open;
    open.system = SystemName("acme");
    open.user = UserId("user-1");
    open.request_id = RequestId(RequestIdOf(7));
    open.court = CourtId(kDent);
    open.opened_at = kJuly + minutes(25);
    EXPECT_TRUE(CommitOne(*journal, open));
    ReceiveFiling draft = FilingDraft(7);
    draft.received_at = kJuly + minutes(30);
    EXPECT_TRUE(CommitOne(*journal, draft));
    fixture.clock().Advance(minutes(30));
    change("available", kJuly + minutes(58), kJuly + minutes(60));
  }
  const auto before = ContentsOf(fixture.disk(), "/journal");
  const auto found = ReadCourtObservations(fixture.options(), fixture.disk(), Dent("user-1"));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(ContentsOf(fixture.disk(), "/journal"), before);
  EXPECT_EQ(found->entries, 5u);
  EXPECT_EQ(found->entries_missing, 0u);
  EXPECT_EQ(found->gateway, "A7");
  EXPECT_EQ(found->log_id.size(), 32u);
  ASSERT_THAT(found->seen.unavailable, SizeIs(1));
  EXPECT_EQ(found->seen.unavailable[0].first_bad, kJuly + minutes(10));
  ASSERT_THAT(found->attempts, SizeIs(1));
  EXPECT_EQ(found->attempts[0].outcome, AttemptOutcome::kReceived);
  EXPECT_EQ(found->attempts[0].attempt.not_before, kJuly + minutes(25));
  EXPECT_EQ(found->attempts[0].attempt.not_after, kJuly + minutes(30));
  EXPECT_EQ(found->attempts[0].authority, ReceiptAuthority::kUndecided);
}

TEST(CourtObservationsTest, OneFilingIsFoundByItsIdAndItsAttemptsBeforeTheWindowToo) {
  JournalFixture fixture;
  std::string filing;
  const WallTime later = kJuly + std::chrono::hours(40 * 24);
  {
    const auto journal = fixture.Fresh();
    const auto change = [&](const char* state) {
      const WallTime now = fixture.clock().Now();
      EXPECT_TRUE(CommitOne(*journal, ChangeAvailability{CourtId(kDent), "delivery", state, now,
                                                         now, "endpoint-not-reached"}));
    };
    change("available");
    fixture.clock().Advance(minutes(10));
    change("unavailable");
    const auto refuse = [&](int number) {
      RefuseAttempt refused;
      refused.system = SystemName("acme");
      refused.user = UserId("user-1");
      refused.request_id = RequestId(RequestIdOf(number));
      refused.court = CourtId(kDent);
      refused.attempt_id = AttemptId("attempt-" + std::to_string(number));
      refused.reason = "QUEUE_FULL";
      refused.refused_at = fixture.clock().Now();
      EXPECT_TRUE(CommitOne(*journal, refused));
    };
    fixture.clock().Advance(minutes(10));
    refuse(7);
    refuse(8);
    fixture.clock().Advance(later - fixture.clock().Now());
    ReceiveFiling draft = FilingDraft(7);
    draft.received_at = later;
    const auto received = CommitOne(*journal, draft);
    ASSERT_TRUE(received) << received.error().message;
    filing = received->filing->state.filing_id.str();
  }
  CourtQuestion question = Dent("user-1");
  question.window = {later - std::chrono::hours(24), later + std::chrono::hours(24)};
  const auto read = [&] {
    return ReadCourtObservations(fixture.options(), fixture.disk(), question);
  };
  const auto any = read();
  ASSERT_TRUE(any) << any.error().message;
  EXPECT_THAT(any->attempts, SizeIs(3)) << "back to where the outage began";
  EXPECT_EQ(any->window.from, kJuly + minutes(10));
  question.filing = FilingId(filing);
  const auto found = read();
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_THAT(found->attempts, SizeIs(2));
  EXPECT_EQ(found->attempts[0].attempt.id, "attempt-7");
  EXPECT_EQ(found->attempts[1].attempt.id, filing);
  EXPECT_EQ(found->attempts[0].attempt.filing, found->attempts[1].attempt.filing);
  for (const auto& [id, user] : std::vector<std::pair<std::string, std::string>>{
           {filing, "user-2"}, {"no-such-filing", "user-1"}}) {
    question.filing = FilingId(id);
    question.user = UserId(user);
    const auto refused = read();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, "FILING_NOT_FOUND");
  }
}

}  // namespace
}  // namespace nightbox
