// Goal: the reference case system numbers cases as COR 4.04.1 says, records a delivery key once,
// and forgets nothing. Method: the real ledger over a real database file in a directory of the
// test's own; times are given.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/fingerprint.h"
#include "core/sha256.h"
#include "ops/case_system/ledger.h"
#include "ops/case_system/sqlite.h"
#include "rules/case_number.h"
#include "rules/court_time.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

// The instant of an RFC 3339 text in UTC.
WallTime At(const char* utc) {
  // Through our own reader: g++ 12 sees an unset second in date::parse where there is none.
  const auto time = ParseUtc(std::string(utc).substr(0, 19) + ".000000Z");
  EXPECT_TRUE(time) << utc;
  return time.value_or(WallTime{});
}

const WallTime kReceived = At("2024-07-01T17:00:00Z");
const WallTime kNow = At("2024-07-05T14:00:00Z");

const CourtDirectory& Courts() {
  static const CourtDirectory courts = *CourtDirectory::Load(NIGHTBOX_SOURCE_DIR "/rules/data");
  return courts;
}

// A delivery whose key is made of `name`.
Delivery DeliveryTo(const std::string& court, const std::string& name, CaseReference reference) {
  Delivery delivery;
  delivery.header.court = CourtId(court);
  delivery.header.case_reference = std::move(reference);
  delivery.header.documents = {{"Petition", DocumentRole::kLead, "petition.pdf", "application/pdf",
                                8, Sha256("petition"), Confidentiality::kPublic}};
  delivery.delivery_key = Sha256(name);
  delivery.filing_id = FilingId("filing-" + name);
  delivery.gateway = "gw1";
  delivery.received_at = kReceived;
  delivery.submitting_system = SystemName("acme");
  delivery.registered_user = UserId("user-1");
  delivery.fingerprint = FilingFingerprint(delivery.registered_user, delivery.header);
  return delivery;
}

NewCase Category(const std::string& category) { return {category, "type", "Doe v. Roe", {}}; }

class LedgerTest : public testing::Test {
 protected:
  LedgerTest() { Reopen({}); }

  void Reopen(NumberingOptions numbering) {
    ledger_.reset();
    ledger_ = *Ledger::Open(directory_.path(), Courts(), std::move(numbering));
  }

  Result<Recorded> Record(const Delivery& delivery, const Disposition& disposition = {}) {
    return ledger_->Record(delivery, disposition, kNow);
  }

  // The numbers a new case gets.
  std::vector<std::string> Numbers(const Delivery& delivery) {
    const auto recorded = Record(delivery);
    if (!recorded) return {recorded.error().reason};
    std::vector<std::string> numbers;
    for (const CaseNumber& number : recorded->record.case_numbers) numbers.push_back(number.number);
    return numbers;
  }

  std::string NewCaseNumber(const std::string& court, const std::string& category) {
    return Numbers(DeliveryTo(court, "k" + std::to_string(++made_), Category(category))).at(0);
  }

  std::int64_t Scalar(const char* query) {
    Database database = *Database::Open(directory_.path() / "case_system.sqlite");
    return database.Query(query)->at(0).Int(0);
  }

  void Execute(const char* statement) {
    Database database = *Database::Open(directory_.path() / "case_system.sqlite");
    ASSERT_TRUE(database.Execute(statement).has_value());
  }

  int made_ = 0;
  TemporaryDirectory directory_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(LedgerTest, NewCasesAreNumberedPerCategoryLocationAndYear) {
  EXPECT_EQ(NewCaseNumber("mo.cir.21.st-louis", "CC"), "24SL-CC00001");
  EXPECT_EQ(NewCaseNumber("mo.cir.21.st-louis", "CC"), "24SL-CC00002");
  EXPECT_EQ(NewCaseNumber("mo.cir.21.st-louis", "CR"), "24SL-CR00001");
  EXPECT_EQ(NewCaseNumber("mo.cir.16.jackson", "cr"), "2416-CR00001");
  EXPECT_EQ(NewCaseNumber("mo.cir.22.st-louis-city", "CC"), "2422-CC00001");
  EXPECT_EQ(NewCaseNumber("mo.cir.13.boone", "PR"), "24BA-PR00001");
  EXPECT_EQ(NewCaseNumber("mo.sup", ""), "SC00001");
  EXPECT_EQ(NewCaseNumber("mo.app.ed", "whatever"), "ED00001");
  EXPECT_EQ(NewCaseNumber("mo.app.wd", ""), "WD00001");
  EXPECT_EQ(NewCaseNumber("mo.app.wd", ""), "WD00002");
}

TEST_F(LedgerTest, AMunicipalDivisionDrawsFromItsCountysNumbers) {
  EXPECT_EQ(NewCaseNumber("mo.cir.16.jackson", "MU"), "2416-MU00001");
  EXPECT_EQ(NewCaseNumber("mo.cir.16.jackson.kansas-city", "MU"), "2416-MU00002");
}

TEST_F(LedgerTest, AnUnknownLocationGetsASyntheticOneAndIsMarkedSo) {
  const auto dent = *Record(DeliveryTo("mo.cir.42.dent", "dent", Category("CC")));
  EXPECT_EQ(dent.record.case_numbers,
            (std::vector<CaseNumber>{{"24X1T-CC00001", "", /*synthetic_location=*/true}}));
  const auto boone = *Record(DeliveryTo("mo.cir.13.boone", "boone", Category("CC")));
  EXPECT_FALSE(boone.record.case_numbers.at(0).synthetic_location);
}

TEST_F(LedgerTest, EveryCourtOfMissouriCanOpenACaseAndNoNumberOccursTwice) {
  std::set<std::string> numbers;
  for (const Court& court : Courts().courts()) {
    if (!court.IsDestination()) continue;
    const std::string number = NewCaseNumber(court.id.str(), "CC");
    EXPECT_TRUE(ParseCaseNumber(number).has_value()) << number;
    EXPECT_TRUE(numbers.insert(number).second) << number;
  }
  EXPECT_EQ(numbers.size(), 128U);
}

TEST_F(LedgerTest, TheYearIsThatOfReceiptOnTheCourtsCalendar) {
  Delivery before = DeliveryTo("mo.cir.21.st-louis", "before", Category("CC"));
  before.received_at = At("2024-01-01T05:59:59Z");  // 31 December, 11:59:59 p.m. Central.
  EXPECT_THAT(Numbers(before), ElementsAre("23SL-CC00001"));
  Delivery after = DeliveryTo("mo.cir.21.st-louis", "after", Category("CC"));
  after.received_at = At("2024-01-01T06:00:00Z");
  EXPECT_THAT(Numbers(after), ElementsAre("24SL-CC00001"));
  Reopen({YearFrom::kDocketedAt, {}, false});
  before.delivery_key = Sha256("again");
  EXPECT_THAT(Numbers(before), ElementsAre("24SL-CC00002"));
}

TEST_F(LedgerTest, TheSequenceRefusesAfter99999AndNeverWraps) {
  EXPECT_EQ(NewCaseNumber("mo.cir.21.st-louis", "CC"), "24SL-CC00001");
  Execute("UPDATE case_sequences SET last = 99998");
  EXPECT_EQ(NewCaseNumber("mo.cir.21.st-louis", "CC"), "24SL-CC99999");
  EXPECT_EQ(NewCaseNumber("mo.cir.21.st-louis", "CC"), "CASE_SEQUENCE_EXHAUSTED");
  EXPECT_EQ(NewCaseNumber("mo.cir.21.st-louis", "CC"), "CASE_SEQUENCE_EXHAUSTED");
  EXPECT_EQ(Scalar("SELECT count(*) FROM filings"), 2) << "a refused filing left something";
  EXPECT_EQ(Scalar("SELECT count(*) FROM events"), 2);
  EXPECT_EQ(NewCaseNumber("mo.cir.21.st-louis", "CR"), "24SL-CR00001");
}

TEST_F(LedgerTest, SubCasesAreThoseConfigured) {
  Reopen({YearFrom::kReceivedAt, {{"mo.cir.16.*", "01"}}, false});
  EXPECT_EQ(NewCaseNumber("mo.cir.16.jackson", "CR"), "2416-CR00001-01");
  EXPECT_EQ(NewCaseNumber("mo.cir.21.st-louis", "CR"), "24SL-CR00001");
}

TEST_F(LedgerTest, DefendantsGetTheirOwnNumbersOnlyWhenAsked) {
  NewCase opened = Category("CR");
  opened.parties = {{"State", "Plaintiff"},
                    {"A", "Defendant"},
                    {"B", "Co-defendant"},
                    {"C", "Attorney for Defendant"},
                    {"D", "Victim of Defendant"}};
  EXPECT_THAT(Numbers(DeliveryTo("mo.cir.21.st-louis", "one", opened)),
              ElementsAre("24SL-CR00001"));
  Reopen({YearFrom::kReceivedAt, {}, true});
  const auto several = *Record(DeliveryTo("mo.cir.21.st-louis", "several", opened));
  EXPECT_THAT(several.record.case_numbers, ElementsAre(CaseNumber{"24SL-CR00002", "A", false},
                                                       CaseNumber{"24SL-CR00003", "B", false}));
}

TEST_F(LedgerTest, ExistingCasesAndCitationsKeepTheirNumbers) {
  EXPECT_THAT(Numbers(DeliveryTo("mo.cir.21.st-louis", "a", ExistingCase{"23sl-cc00017"})),
              ElementsAre("23SL-CC00017"));
  EXPECT_THAT(Numbers(DeliveryTo("mo.cir.21.st-louis", "b", ExistingCase{"an old number"})),
              ElementsAre("an old number"));
  Delivery citation = DeliveryTo("mo.cir.21.st-louis", "c", Category("TR"));
  citation.header.uniform_citation_number = "703480001";
  EXPECT_THAT(Numbers(citation), ElementsAre("703480001"));
}

TEST_F(LedgerTest, ACaseOpenedByAnotherFilingIsFoundByItsId) {
  const OpenedBy opener{FilingId("filing-opener")};
  EXPECT_THAT(Numbers(DeliveryTo("mo.cir.21.st-louis", "early", opener)),
              ElementsAre("CASE_NOT_OPENED"));
  EXPECT_THAT(Numbers(DeliveryTo("mo.cir.21.st-louis", "opener", Category("CC"))),
              ElementsAre("24SL-CC00001"));
  EXPECT_THAT(Numbers(DeliveryTo("mo.cir.21.st-louis", "late", opener)),
              ElementsAre("24SL-CC00001"));
  Delivery resolved = DeliveryTo("mo.cir.21.st-louis", "told", OpenedBy{FilingId("elsewhere")});
  resolved.resolved_case_number = "24SL-CC00009";
  EXPECT_THAT(Numbers(resolved), ElementsAre("24SL-CC00009"));
}

TEST_F(LedgerTest, AnUnknownCategoryIsRefusedAndLeavesNothing) {
  EXPECT_EQ(NewCaseNumber("mo.cir.21.st-louis", "QQ"), "CASE_CATEGORY_UNKNOWN");
  EXPECT_EQ(Scalar("SELECT count(*) FROM filings"), 0);
}

TEST_F(LedgerTest, ADeliveryKeyIsRecordedOnce) {
  const Delivery delivery = DeliveryTo("mo.cir.21.st-louis", "key", Category("CC"));
  const auto first = *Record(delivery);
  const auto again = *Record(delivery);
  EXPECT_TRUE(first.fresh);
  EXPECT_FALSE(again.fresh);
  EXPECT_EQ(again.record, first.record);
  Delivery other = DeliveryTo("mo.cir.21.st-louis", "key", Category("AC"));
  EXPECT_EQ(Record(other).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(Scalar("SELECT count(*) FROM docket"), 1);
  EXPECT_EQ(Scalar("SELECT count(*) FROM events"), 1);
}

TEST_F(LedgerTest, TheSecondGatewaysCopyAnswersWhoseCopyWasRecorded) {
  Delivery delivery = DeliveryTo("mo.cir.21.st-louis", "key", Category("CC"));
  ASSERT_TRUE(Record(delivery).has_value());
  delivery.gateway = "gw2";
  delivery.filing_id = FilingId("filing-of-gw2");
  const auto second = *Record(delivery);
  EXPECT_EQ(second.record.gateway, "gw1");
  EXPECT_EQ(second.record.filing_id, FilingId("filing-key"));
}

TEST_F(LedgerTest, ADocketedRecordHasTheCourtsTimesAndADocketRow) {
  const Delivery delivery = DeliveryTo("mo.cir.21.st-louis", "key", Category("CC"));
  const CourtRecord record = Record(delivery)->record;
  EXPECT_EQ(record.state, CourtRecordState::kDocketed);
  EXPECT_EQ(record.raw_status, "DOCKETED");
  EXPECT_EQ(record.recorded_at, kNow);
  EXPECT_EQ(record.docketed_at, kNow);
  EXPECT_EQ(record.filed_at, kReceived);
  EXPECT_THAT(record.court_filing_id, StartsWith("CF-"));
  EXPECT_EQ(ledger_->Find(delivery.delivery_key)->value().record, record);
  EXPECT_EQ(Scalar("SELECT count(*) FROM docket WHERE case_number = '24SL-CC00001' AND "
                   "court_id = 'mo.cir.21.st-louis' AND title = 'Petition' AND gateway = 'gw1'"),
            1);
}

TEST_F(LedgerTest, AReturnHasAReasonAndNoNumberAndNoDocketRow) {
  const auto returned = *Record(DeliveryTo("mo.cir.21.st-louis", "key", Category("CC")),
                                {Disposition::Kind::kReturn, std::nullopt, "not signed"});
  EXPECT_EQ(returned.record.state, CourtRecordState::kReturned);
  EXPECT_EQ(returned.record.reason, "not signed");
  EXPECT_TRUE(returned.record.case_numbers.empty());
  EXPECT_EQ(Scalar("SELECT count(*) FROM docket"), 0);
  EXPECT_EQ(NewCaseNumber("mo.cir.21.st-louis", "CC"), "24SL-CC00001");
}

TEST_F(LedgerTest, ReviewsComeInOrderWhenTheyAreDue) {
  const Disposition due{Disposition::Kind::kReview, kNow + std::chrono::seconds(1), {}};
  const Disposition open{Disposition::Kind::kReview, std::nullopt, {}};
  ASSERT_TRUE(Record(DeliveryTo("mo.cir.21.st-louis", "a", Category("CC")), due).has_value());
  ASSERT_TRUE(Record(DeliveryTo("mo.cir.21.st-louis", "b", Category("CC")), open).has_value());
  ASSERT_TRUE(Record(DeliveryTo("mo.cir.21.st-louis", "c", Category("CC")), due).has_value());
  EXPECT_TRUE(ledger_->DueAt(kNow)->empty());
  EXPECT_EQ(ledger_->NextDue()->value(), kNow + std::chrono::seconds(1));
  EXPECT_THAT(*ledger_->DueAt(kNow + std::chrono::seconds(1)),
              ElementsAre(Sha256("a"), Sha256("c")));
  EXPECT_THAT(*ledger_->WaitingIn(CourtId("mo.cir.21.st-louis")),
              ElementsAre(Sha256("a"), Sha256("b"), Sha256("c")));
  EXPECT_EQ(ledger_->Docket(Sha256("b"), kNow)->case_numbers.at(0).number, "24SL-CC00001");
  EXPECT_EQ(ledger_->Return(Sha256("c"), "wrong court", kNow)->state, CourtRecordState::kReturned);
  EXPECT_EQ(ledger_->Docket(Sha256("c"), kNow).error().reason, "NOT_WAITING");
  EXPECT_EQ(ledger_->Docket(Sha256("d"), kNow).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(ledger_->LeaveToClerk(Sha256("a")).has_value());
  EXPECT_FALSE(ledger_->NextDue()->has_value());
}

TEST_F(LedgerTest, OnlyWhatWaitsIsWithdrawn) {
  ASSERT_TRUE(Record(DeliveryTo("mo.cir.21.st-louis", "docketed", Category("CC"))).has_value());
  EXPECT_EQ(ledger_->RequestWithdrawal(Sha256("docketed"), "settled", kNow)->state,
            CourtRecordState::kDocketed);
  EXPECT_EQ(Scalar("SELECT count(*) FROM filings WHERE withdrawal_reason = 'settled'"), 1);
  ASSERT_TRUE(Record(DeliveryTo("mo.cir.21.st-louis", "waits", Category("CC")),
                     {Disposition::Kind::kReview, std::nullopt, {}})
                  .has_value());
  const auto withdrawn = *ledger_->RequestWithdrawal(Sha256("waits"), "settled", kNow);
  EXPECT_EQ(withdrawn.state, CourtRecordState::kWithdrawn);
  EXPECT_EQ(withdrawn.raw_status, "WITHDRAWN");
  EXPECT_EQ(ledger_->RequestWithdrawal(Sha256("nobody"), "", kNow).error().code,
            ErrorCode::kNotFound);
}

TEST_F(LedgerTest, EventsTellEveryChangeInOrderAsItWas) {
  ASSERT_TRUE(Record(DeliveryTo("mo.cir.21.st-louis", "key", Category("CC")),
                     {Disposition::Kind::kReview, std::nullopt, {}})
                  .has_value());
  ASSERT_TRUE(ledger_->Docket(Sha256("key"), kNow).has_value());
  const auto events = *ledger_->EventsAfter(0, 10);
  ASSERT_EQ(events.size(), 2U);
  filing::v1::CourtRecord record;
  ASSERT_TRUE(record.ParseFromString(events[0].record));
  EXPECT_EQ(record.state(), filing::v1::CourtRecord::STATE_RECORDED);
  ASSERT_TRUE(record.ParseFromString(events[1].record));
  EXPECT_EQ(record.state(), filing::v1::CourtRecord::STATE_DOCKETED);
  EXPECT_EQ(record.raw_status(), "DOCKETED");
  EXPECT_EQ(ledger_->EventsAfter(events[0].cursor, 10)->size(), 1U);
  EXPECT_EQ(*ledger_->LastCursor(), events[1].cursor);
}

TEST_F(LedgerTest, RestartKeepsEverything) {
  const Delivery delivery = DeliveryTo("mo.cir.21.st-louis", "key", Category("CC"));
  const CourtRecord record = Record(delivery)->record;
  Reopen({});
  EXPECT_EQ(ledger_->Find(delivery.delivery_key)->value().record, record);
  EXPECT_EQ(NewCaseNumber("mo.cir.21.st-louis", "CC"), "24SL-CC00002");
}

TEST_F(LedgerTest, AnotherVersionsDatabaseIsRefused) {
  Execute("PRAGMA user_version = 99");
  EXPECT_EQ(Ledger::Open(directory_.path(), Courts(), {}).error().code,
            ErrorCode::kFailedPrecondition);
}

}  // namespace
}  // namespace nightbox
