// Goal: whoever asks what a rule on unavailability makes of a journal is shown the whole reckoning,
// with its bounds and both readings, nothing that names a person or a case, and clear words when
// the question is wrong.
// Method: the command's own function on a real journal of the outage of 29 June to 3 July 2024,
// written here; in JSON and in words.
#include "ops/nightboxctl/journal_unavailability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "ops/nightboxctl/journal_commands.h"
#include "rules/court_day.h"
#include "store/posix_disk.h"
#include "tests/store/support/disk_contents.h"
#include "tests/store/support/journal_fixture.h"
#include "tests/support/rendered_fields.h"
#include "tests/support/temporary_directory.h"

namespace nightbox::ctl {
namespace {

namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

constexpr const char* kDent = "mo.cir.42.dent";
constexpr const char* kUser = "user-1";

WallTime At(const std::string& text) {
  return *InstantOn(*ParseDay(text.substr(0, 10)), *ParseClock(text.substr(11)), "America/Chicago");
}

std::string AllLines(const Answer& answer) {
  std::string all;
  for (const std::string& line : answer.lines) all += line + "\n";
  return all;
}

class JournalUnavailabilityTest : public testing::Test {
 protected:
  JournalUnavailabilityTest() {
    const GatewaySettings gateway{"A7", data_};
    EXPECT_EQ(InitJournal(gateway, clock_, random_).code, ExitCode::kDone);
    // The first change is of all courts, as it mostly is.
    JournalOptions options;
    options.directory = data_ + "/journal-0001";
    options.gateway = "A7";
    auto journal = Journal::Open(options, disk_, clock_, random_, JournalFixture::Signer());
    EXPECT_TRUE(journal) << journal.error().message;
    journal_ = std::move(*journal);
    Change("available", "2024-06-20 08:00", "2024-06-20 08:00");
    named_ = kDent;
    Change("unavailable", "2024-06-29 09:58", "2024-06-29 10:00");
  }

  void Commit(const std::string& at, Draft draft) {
    clock_.Advance(At(at) - clock_.Now());
    const auto committed = CommitOne(*journal_, std::move(draft));
    EXPECT_TRUE(committed) << committed.error().message;
  }
  void Change(const char* state, const std::string& old_seen, const std::string& new_seen) {
    Commit(new_seen, ChangeAvailability{CourtId(named_), "delivery", state, At(old_seen),
                                        At(new_seen), "endpoint-not-reached"});
  }
  // Answers the filing's id.
  std::string Receive(const std::string& at) {
    ReceiveFiling draft = FilingDraft(1, ANewCase());
    draft.received_at = At(at);
    clock_.Advance(At(at) - clock_.Now());
    const auto received = CommitOne(*journal_, std::move(draft));
    EXPECT_TRUE(received) << received.error().message;
    return received ? received->filing->state.filing_id.str() : "";
  }
  void Refuse(const std::string& at, const char* reason, const char* attempt = "attempt-1",
              const std::string& request = "") {
    RefuseAttempt draft;
    draft.system = SystemName("acme");
    draft.user = UserId(kUser);
    draft.court = CourtId(kDent);
    draft.attempt_id = AttemptId(attempt);
    draft.request_id = RequestId(request);
    draft.reason = reason;
    draft.refused_at = At(at);
    Commit(at, std::move(draft));
  }
  // The court is back, and the gateway has lived on.
  void End() {
    Change("available", "2024-07-03 07:50", "2024-07-03 08:00");
    Commit("2024-07-12 12:00", RecordOperatorAct{"jane.roe", "an.act", "a sign of life"});
    journal_.reset();
  }

  UnavailabilityWish Wish() const {
    UnavailabilityWish wish;
    wish.data_directory = data_;
    wish.court = kDent;
    wish.due_day = "2024-07-01";
    wish.user = kUser;
    return wish;
  }
  // Whatever is asked, nothing is touched, every member is declared and nobody is named.
  Answer Ask(const UnavailabilityWish& wish) {
    const auto before = ContentsOf(disk_, data_);
    Answer answer = AskUnavailability(wish);
    EXPECT_EQ(ContentsOf(disk_, data_), before);
    if (answer.members.contains("error")) return answer;
    std::set<std::string> fields;
    CollectFields(answer.members, "", fields);
    EXPECT_THAT(DeclaredFields("nightboxctl journal unavailability"), IsSupersetOf(fields));
    const std::string all = AllLines(answer) + json::serialize(answer.members);
    for (const char* secret : {"Doe", "Motion", "motion.pdf", kUser, "24DN"})
      EXPECT_THAT(all, Not(HasSubstr(secret)));
    return answer;
  }
  void ExpectWrong(const UnavailabilityWish& wish, const std::string& words,
                   ExitCode code = ExitCode::kUsage) {
    const Answer answer = Ask(wish);
    EXPECT_EQ(answer.code, code) << AllLines(answer);
    EXPECT_THAT(AllLines(answer), HasSubstr(words));
  }

  TemporaryDirectory directory_;
  const std::string data_ = directory_.path() / "data";
  PosixDisk disk_;
  SimClock clock_{At("2024-06-20 07:00")};
  SeededRandom random_{1};
  std::unique_ptr<Journal> journal_;
  // Which court the next changes name; empty: all.
  std::string named_;
};

TEST_F(JournalUnavailabilityTest, ARefusalDuringTheOutageIsReckonedToBothLastDays) {
  Refuse("2024-07-01 23:41", "DISK_FULL");
  End();
  const Answer answer = Ask(Wish());
  ASSERT_EQ(answer.code, ExitCode::kDone) << AllLines(answer);
  const json::object& said = answer.members;
  EXPECT_EQ(said.at("finding"), "satisfied");
  EXPECT_EQ(said.at("rule"), "mo.103.06");
  EXPECT_EQ(said.at("rules_from"), "compiled in");
  EXPECT_TRUE(said.at("missing").as_array().empty());
  const json::value& reading = said.at("readings").at(0);
  EXPECT_EQ(reading.at("first_attempt"), "attempt-1");
  EXPECT_EQ(reading.at("conditions").at(0).at("clause"), "Rule 103.06(a)");
  EXPECT_EQ(reading.at("conditions").at(0).at("confirmed"), false) << "a notice of 2021";
  EXPECT_EQ(said.at("rule_version_confirmed"), false);
  EXPECT_EQ(said.at("effects").as_array().size(), 4u);
  EXPECT_EQ(said.at("effects_confirmed"), false);
  EXPECT_EQ(said.at("attempts_of"), "any filing of this user");
  EXPECT_TRUE(said.at("attempts_unseen_before_utc").is_null());
  EXPECT_EQ(said.at("observations").at("notices_gathered"), false);
  const json::array& motions = reading.at("motions").as_array();
  ASSERT_EQ(motions.size(), 2u);
  EXPECT_EQ(motions[0].at("last_day"), "2024-07-11");
  EXPECT_EQ(motions[0].at("certain"), true);
  EXPECT_EQ(motions[1].at("last_day"), "2024-07-15");
  EXPECT_EQ(motions[1].at("confirmed"), false);
  EXPECT_FALSE(motions[1].at("steps").as_array().empty());
  const json::value& outage = said.at("observations").at("unavailable").at(0);
  EXPECT_EQ(outage.at("first_bad_utc"), "2024-06-29T15:00:00.000000Z");
  EXPECT_EQ(outage.at("first_bad_local"),
            "Saturday 29 June 2024 at 10:00:00 a.m. Central Daylight Time");
  EXPECT_EQ(outage.at("at_least_us").as_int64(), 93LL * 3600 * 1'000'000 + 50LL * 60 * 1'000'000);
  EXPECT_EQ(outage.at("at_most_us").as_int64(), 94LL * 3600 * 1'000'000 + 2LL * 60 * 1'000'000);
  EXPECT_EQ(said.at("attempts").at(0).at("reason"), "DISK_FULL");
  EXPECT_EQ(said.at("attempts").at(0).at("trouble"), "gateway");
  EXPECT_EQ(said.at("left_to_court").as_array().size(), 3u) << "and whether the gateway is part";
  EXPECT_EQ(said.at("unconfirmed").as_array().size(), 4u) << "the version, too";

  EXPECT_THAT(AllLines(answer),
              AllOf(HasSubstr("finding   satisfied"),
                    HasSubstr("unavailable at least 93 h 50 min 0 s, at most 94 h 2 min 0 s"),
                    HasSubstr("first bad   Saturday 29 June 2024 at 10:00:00 a.m. Central Daylight "
                              "Time (2024-06-29T15:00:00.000000Z)"),
                    HasSubstr(", of any filing of this user (Rule 103.06(a), unconfirmed): "
                              "satisfied"),
                    HasSubstr("in the version of 2011-09-01 (unconfirmed)"),
                    HasSubstr("in one reading, the court may treat the document as filed on the "
                              "day of the first attempt (unconfirmed)"),
                    HasSubstr("and whether it still held on Monday 1 July 2024 was not read"),
                    HasSubstr("Thursday 11 July 2024 (unconfirmed)"),
                    HasSubstr("Monday 15 July 2024 (unconfirmed)"),
                    HasSubstr("left to the court: whether the user made reasonable efforts"),
                    HasSubstr("; in a criminal case they may be counted by Rule 20.01"),
                    HasSubstr("neither a ruling nor a legal conclusion")));
}

TEST_F(JournalUnavailabilityTest, AReceiptTheCourtHasNotDecidedOnIsReckonedBothWays) {
  Receive("2024-07-01 23:41");
  End();
  const Answer answer = Ask(Wish());
  ASSERT_EQ(answer.code, ExitCode::kDone) << AllLines(answer);
  EXPECT_EQ(answer.members.at("finding"), "cannot tell");
  EXPECT_THAT(std::string(answer.members.at("missing").at(0).as_string()),
              HasSubstr("takes the gateway's receipt for filing"));
  const json::value& readings = answer.members.at("readings");
  EXPECT_EQ(readings.at(0).at("receipt_taken_as"), "filing");
  EXPECT_EQ(readings.at(0).at("finding"), "not satisfied");
  EXPECT_EQ(readings.at(1).at("receipt_taken_as"), "attempt");
  EXPECT_EQ(readings.at(1).at("finding"), "satisfied");
  EXPECT_EQ(readings.at(1).at("motions").at(0).at("last_day"), "2024-07-11");
  EXPECT_THAT(AllLines(answer),
              HasSubstr("If the court takes the gateway's receipt for an attempt to file: "
                        "satisfied"));
}

TEST_F(JournalUnavailabilityTest, WithoutAUserTheOutageIsShownAndTheAttemptIsWhatIsMissing) {
  Refuse("2024-07-01 23:41", "DISK_FULL");
  End();
  UnavailabilityWish wish = Wish();
  wish.user.clear();
  const Answer answer = Ask(wish);
  EXPECT_EQ(answer.members.at("finding"), "cannot tell");
  EXPECT_EQ(answer.members.at("attempts_asked"), false);
  EXPECT_TRUE(answer.members.at("attempts").as_array().empty());
  EXPECT_EQ(answer.members.at("observations").at("unavailable").as_array().size(), 1u);
  EXPECT_THAT(AllLines(answer), HasSubstr("Attempts: not asked for"));
}

TEST_F(JournalUnavailabilityTest, ADivisionThatNoEntryNamesIsShownItsCountysStateAndCalledSo) {
  named_ = "mo.cir.31.greene";
  Change("unavailable", "2024-06-29 10:08", "2024-06-29 10:10");
  End();
  UnavailabilityWish wish = Wish();
  const auto outages = [](const Answer& answer) {
    return answer.members.at("observations").at("unavailable").as_array().size();
  };
  wish.court = "mo.cir.31.greene.springfield";
  const Answer shared = Ask(wish);
  EXPECT_EQ(shared.members.at("state_of"), "mo.cir.31.greene");
  EXPECT_EQ(shared.members.at("finding"), "cannot tell");
  EXPECT_EQ(outages(shared), 1u);
  EXPECT_THAT(std::string(shared.members.at("missing").at(0).as_string()),
              AllOf(HasSubstr("no entry of the journal names it; what is shown is the state of "
                              "mo.cir.31.greene, whose case system it shares unless "),
                    HasSubstr("or it was bound to another case system, which the journal does not "
                              "say")));
  EXPECT_THAT(AllLines(shared), HasSubstr("state of  mo.cir.31.greene\n"));
  wish.court = "mo.cir.31.greene";
  EXPECT_EQ(Ask(wish).members.at("state_of"), "mo.cir.31.greene");
  // One with its own case system is shown no other's.
  wish.court = "mo.cir.16.jackson.kansas-city";
  const Answer own = Ask(wish);
  EXPECT_EQ(own.members.at("state_of"), wish.court.c_str());
  EXPECT_EQ(outages(own), 0u);
}

TEST_F(JournalUnavailabilityTest, AllCourtsOutageIsNotThatOfACityWhoseOwnSystemIsNotServed) {
  // It was delivered to once, and has not been since the upgrade.
  named_ = "mo.cir.16.jackson.kansas-city";
  Change("available", "2024-06-29 10:02", "2024-06-29 10:02");
  named_.clear();
  Change("unknown", "2024-06-29 10:05", "2024-06-29 10:06");
  Change("unavailable", "2024-06-29 10:08", "2024-06-29 10:10");
  End();
  UnavailabilityWish wish = Wish();
  wish.court = "mo.cir.16.jackson.kansas-city";
  wish.days = 1;
  const Answer city = Ask(wish);
  EXPECT_EQ(city.members.at("state_of"), wish.court.c_str());
  EXPECT_EQ(city.members.at("finding"), "cannot tell");
  EXPECT_TRUE(city.members.at("observations").at("unavailable").as_array().empty());
  EXPECT_THAT(std::string(city.members.at("missing").at(0).as_string()),
              AllOf(HasSubstr("whether the gateway delivered to this court then"),
                    HasSubstr("what is said of all courts may not be said of it")));
}

TEST_F(JournalUnavailabilityTest, OfACourtThatNoEntryNamesNothingIsSaidForSure) {
  named_.clear();
  End();
  UnavailabilityWish wish = Wish();
  wish.court = "mo.cir.42.crawford";
  wish.rule = "us.nhd.ap.2.10";
  const Answer answer = Ask(wish);
  ASSERT_EQ(answer.code, ExitCode::kDone) << AllLines(answer);
  EXPECT_EQ(answer.members.at("finding"), "cannot tell");
  EXPECT_THAT(std::string(answer.members.at("missing").at(0).as_string()),
              HasSubstr("no entry of the journal names it"));
}

TEST_F(JournalUnavailabilityTest, ARuleOfAnotherShapeAndACourtSystemsDirectory) {
  End();
  UnavailabilityWish wish = Wish();
  wish.rule = "us.nhd.ap.2.10";
  wish.due_day = "2024-07-02";
  Answer answer = Ask(wish);
  EXPECT_EQ(answer.members.at("finding"), "cannot tell") << "no journal holds notices";
  EXPECT_THAT(std::string(answer.members.at("missing").at(0).as_string()),
              HasSubstr("notices were not gathered"));
  EXPECT_EQ(answer.members.at("readings").at(0).at("late_filings").at(0).at("day"), "2024-07-03");
  EXPECT_THAT(AllLines(answer), HasSubstr("if the rule is satisfied: late filing until 12:00 on "
                                          "Wednesday 3 July 2024"));
  wish = Wish();
  wish.court_system = NIGHTBOX_SOURCE_DIR "/ops/court-systems/missouri";
  answer = Ask(wish);
  EXPECT_EQ(answer.members.at("rule"), "mo.103.06");
  EXPECT_EQ(answer.members.at("rules_from").as_string(), wish.court_system.string());
}

TEST_F(JournalUnavailabilityTest, OneFilingIsAskedAboutByItsRequestOrItsId) {
  Refuse("2024-06-29 11:00", "QUEUE_FULL", "of-brief", RequestIdOf(1));
  Refuse("2024-06-30 11:00", "QUEUE_FULL", "of-motion", RequestIdOf(2));
  const std::string filing = Receive("2024-07-02 11:00");
  End();
  UnavailabilityWish wish = Wish();
  Answer answer = Ask(wish);
  EXPECT_EQ(answer.members.at("attempts").as_array().size(), 3u);
  const json::value& any = answer.members.at("readings").at(0).at("motions").at(0);
  EXPECT_EQ(any.at("last_day"), "2024-07-09");
  EXPECT_EQ(any.at("certain"), false);
  EXPECT_THAT(AllLines(answer), AllOf(HasSubstr("Attempts at any filing of this user"),
                                      HasSubstr("the first of any filing of this user, at the "
                                                "earliest): Tuesday 9 July 2024, not certain")));
  wish.request = RequestIdOf(2);
  answer = Ask(wish);
  EXPECT_EQ(answer.members.at("attempts_of"), "one filing of this user");
  EXPECT_EQ(answer.members.at("attempts").as_array().size(), 1u);
  EXPECT_EQ(answer.members.at("finding"), "satisfied");
  const json::value& one = answer.members.at("readings").at(0).at("motions").at(0);
  EXPECT_EQ(one.at("last_day"), "2024-07-10");
  EXPECT_EQ(one.at("certain"), true);
  wish.request.clear();
  wish.filing = filing;
  answer = Ask(wish);
  ASSERT_EQ(answer.members.at("attempts").as_array().size(), 2u);
  EXPECT_EQ(answer.members.at("attempts").at(0).at("id"), "of-brief");
  EXPECT_EQ(answer.members.at("attempts").at(0).at("filing"), "1");
  EXPECT_EQ(answer.members.at("attempts").at(1).at("filing"), "1");
  EXPECT_EQ(answer.members.at("readings").at(0).at("motions").at(0).at("last_day"), "2024-07-09");
}

TEST_F(JournalUnavailabilityTest, AnAttemptBeforeTheWindowDuringTheSameOutageIsTheFirst) {
  Refuse("2024-06-30 11:00", "QUEUE_FULL", "early", RequestIdOf(1));
  Refuse("2024-07-02 11:00", "QUEUE_FULL", "late", RequestIdOf(1));
  End();
  UnavailabilityWish wish = Wish();
  wish.due_day = "2024-07-02";
  wish.days = 1;
  const Answer answer = Ask(wish);
  EXPECT_EQ(answer.members.at("readings").at(0).at("first_attempt"), "early");
  EXPECT_EQ(answer.members.at("observations").at("window_from_utc"), "2024-06-29T14:58:00.000000Z")
      << "when the court was last seen available";
  const json::value& motion = answer.members.at("readings").at(0).at("motions").at(0);
  EXPECT_EQ(motion.at("last_day"), "2024-07-10");
  EXPECT_EQ(motion.at("certain"), true);
}

TEST_F(JournalUnavailabilityTest, OfAGapItIsSaidThatItIsOne) {
  Change("unknown", "2024-06-30 12:00", "2024-06-30 12:11");
  End();
  const Answer answer = Ask(Wish());
  EXPECT_EQ(answer.members.at("observations").at("gaps").as_array().size(), 1u);
  EXPECT_THAT(AllLines(answer), HasSubstr("not known (endpoint-not-reached): Sunday 30 June 2024 "
                                          "at 12:00:00 p.m. Central Daylight Time"));
}

TEST_F(JournalUnavailabilityTest, AWrongQuestionIsAnsweredWithWhatWouldBeRight) {
  End();
  UnavailabilityWish wish = Wish();
  wish.court = "mo.cir.42.dennt";
  ExpectWrong(wish, "did you mean mo.cir.42.dent?");
  wish.court = "mo.cir.42";
  ExpectWrong(wish, "is a circuit");
  wish = Wish();
  wish.due_day = "2024-06-31";
  ExpectWrong(wish, "--due: write a day as 2024-07-01");
  wish = Wish();
  wish.rule = "mo.999";
  ExpectWrong(wish, "no rule is called mo.999; known are mo.103.06 us.nhd.ap.2.10");
  wish = Wish();
  wish.due_day = "2001-07-01";
  ExpectWrong(wish, "no version of mo.103.06 was in force on 2001-07-01");
  wish = Wish();
  wish.days = kUnavailabilityDaysMax + 1;
  ExpectWrong(wish, "--days: 0 to 366");
  wish = Wish();
  wish.user.clear();
  wish.request = RequestIdOf(1);
  ExpectWrong(wish, "--request and --filing: say with --user whose filing it is");
  wish.user = kUser;
  wish.filing = "filing-1";
  ExpectWrong(wish, "one of them says which filing it is");
  wish.request.clear();
  ExpectWrong(wish, "--filing: the journal holds no filing filing-1", ExitCode::kRefused);
  wish = Wish();
  wish.court_system = directory_.path() / "nowhere";
  ExpectWrong(wish, "--court-system");
  const auto system = directory_.path() / "system";
  std::filesystem::create_directory(system);
  wish.court_system = system;
  std::ofstream(system / "README.md") << "\xff";
  std::ofstream(system / "system.toml") << "[court_system]\nname = \"A\"\n";
  EXPECT_EQ(Ask(wish).code, ExitCode::kDone) << AllLines(Ask(wish));
  std::ofstream(system / "unavailibility.csv") << "id\n";
  ExpectWrong(wish, "unavailibility.csv: there is no such file of a court system");
  std::filesystem::rename(system / "unavailibility.csv", system / "closures.csv~");
  EXPECT_EQ(Ask(wish).code, ExitCode::kDone);
  std::ofstream(system / "closures.csv") << "\xff";
  ExpectWrong(wish, "closures.csv: is not UTF-8");
  wish = Wish();
  wish.data_directory = directory_.path() / "nothing";
  EXPECT_EQ(AskUnavailability(wish).code, ExitCode::kRefused);
}

}  // namespace
}  // namespace nightbox::ctl
