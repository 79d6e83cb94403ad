// Goal: of an answer exactly the denied fields are taken out, wherever they stand in it, and never
// a byte of what stays. Method: messages filled by hand, policies made up; the whole way over TLS
// is in tests/gateway/public_access_test.cc.
#include "gateway/shown_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nightbox/operator/v1/operator.pb.h"
#include "tests/rules/made_up_policies.h"

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Key;

constexpr char kZone[] = "America/Chicago";
constexpr char kDay[] = "2027-01-01";

WallTime Midnight() {
  return InstantOn(ParseDay(kDay).value(), std::chrono::minutes(0), kZone).value();
}
WallTime BeforeMidnight() { return Midnight() - Microseconds(1); }

FilingSnapshot ReturnedFiling() {
  FilingSnapshot filing;
  filing.sequence = 41;
  filing.record.filing_id = FilingId("abc");
  filing.record.header.case_reference = ExistingCase{"24DN-CC00001"};
  filing.record.warnings = {{"CODE", "what is odd", "header"}};
  filing.state.reason = "the second page is missing";
  filing.state.record.emplace();
  filing.state.record->state = CourtRecordState::kReturned;
  filing.state.record->reason = filing.state.reason;
  filing.state.record->case_numbers = {{"24DN-CC00001", "Wexcombe", false},
                                       {"24DN-CC00002", "Oxlipp", false}};
  filing.receipt_json = "{\"signed\": \"bytes\"}";
  filing.receipt_p7s = "signature";
  return filing;
}

TEST(ShownAnswerTest, AFilerLosesWhatTheNewVersionDeniesAndNothingElse) {
  const AccessPolicies policies =
      PoliciesAnd({{kDay, "filer,own_filing,*,party_name;return_reason,"}});
  const ShownFields shown(policies, Renderings(), kZone, "");
  const FilingSnapshot filing = ReturnedFiling();
  const intake::v1::Filing whole = ToProto(filing, WithReceipt::kYes);

  DeniedFields left_out;
  const auto before = ShownToFiler(shown, BeforeMidnight(), filing, WithReceipt::kYes, left_out);
  EXPECT_EQ(before.SerializeAsString(), whole.SerializeAsString());
  EXPECT_THAT(left_out, IsEmpty());

  intake::v1::Filing wanted = whole;
  wanted.clear_reason();
  wanted.mutable_court_record()->clear_reason();
  for (int i = 0; i < 2; ++i) {
    wanted.mutable_case_numbers(i)->clear_party();
    wanted.mutable_court_record()->mutable_case_numbers(i)->clear_party();
  }
  const auto after = ShownToFiler(shown, Midnight(), filing, WithReceipt::kYes, left_out);
  EXPECT_EQ(after.DebugString(), wanted.DebugString());
  EXPECT_EQ(after.receipt().SerializeAsString(), whole.receipt().SerializeAsString());
  EXPECT_EQ(InWords(left_out),
            "case_numbers.party (Test rule 9), court_record.case_numbers.party (Test rule 9), "
            "court_record.reason (Test rule 9), reason (Test rule 9)");
}

TEST(ShownAnswerTest, AReceiptIsThereWholeOrNotAtAll) {
  const AccessPolicies policies = PoliciesAnd({{kDay, "filer,own_filing,*,receipt,"}});
  const ShownFields shown(policies, Renderings(), kZone, "");
  DeniedFields left_out;
  const auto answer =
      ShownToFiler(shown, Midnight(), ReturnedFiling(), WithReceipt::kYes, left_out);
  EXPECT_FALSE(answer.has_receipt());
  EXPECT_EQ(answer.filing_id(), "abc");
  EXPECT_THAT(left_out, ElementsAre(Key("receipt")));
  EXPECT_EQ(NotShown(left_out.at("receipt")).reason, "ACCESS_DENIED");
}

TEST(ShownAnswerTest, OnlyTheCasesThatTheVersionNamesAreConcerned) {
  const AccessPolicies policies =
      PoliciesAnd({{kDay, "filer,own_filing,criminal,journal_position,"}});
  const ShownFields shown(policies, Renderings(), kZone, "");
  const auto sequence = [&](const FilingSnapshot& filing) {
    DeniedFields left_out;
    return ShownToFiler(shown, Midnight(), filing, WithReceipt::kNo, left_out).journal_sequence();
  };
  FilingSnapshot filing = ReturnedFiling();
  EXPECT_EQ(sequence(filing), 41U);
  // One of the two cases is a criminal one.
  filing.state.record->case_numbers[1].number = "24DN-CR00002";
  EXPECT_EQ(sequence(filing), 0U);
  // Of a number without a form nothing is known.
  filing.state.record.reset();
  filing.record.header.case_reference = ExistingCase{"as the clerk said"};
  EXPECT_EQ(sequence(filing), 0U);
}

TEST(ShownAnswerTest, AnOperatorLosesWhatTheNewVersionDeniesAndNothingElse) {
  const AccessPolicies policies =
      PoliciesAnd({{kDay, "operator,operation,*,count_by_state;count_by_court;court_state,"}});
  const ShownFields shown(policies, Renderings(), kZone, "");
  operator_::v1::Status status;
  status.set_gateway("A7");
  status.mutable_balance()->set_received(3);
  status.mutable_balance()->set_held(1);
  operator_::v1::CourtAvailability& court = *status.add_courts();
  court.set_court_id("mo.sup");
  court.set_state(operator_::v1::CourtAvailability::STATE_AVAILABLE);
  operator_::v1::Status kept = status;
  EXPECT_THAT(LeaveOutDenied(shown, BeforeMidnight(), kept), IsEmpty());
  EXPECT_EQ(kept.DebugString(), status.DebugString());
  EXPECT_EQ(LeaveOutDenied(shown, Midnight(), kept).size(), 11U);
  EXPECT_EQ(kept.DebugString(),
            "gateway: \"A7\"\nbalance {\n}\ncourts {\n  court_id: \"mo.sup\"\n}\n");

  operator_::v1::ListBacklogsResponse backlogs;
  backlogs.add_backlogs()->set_pending(7);
  backlogs.add_backlogs()->set_court_id("mo.sup");
  LeaveOutDenied(shown, Midnight(), backlogs);
  EXPECT_EQ(backlogs.DebugString(), "backlogs {\n}\nbacklogs {\n  court_id: \"mo.sup\"\n}\n");
}

DeniedFields Denying(const std::string& field) { return {{field, DeniedField{"C", ""}}}; }

TEST(ShownAnswerTest, OfAMessageThatLacksADeniedFieldNothingIsShown) {
  operator_::v1::HeldFiling filing;
  filing.set_filing_id("abc");
  filing.set_reason("because");
  TakeOut(Denying("reason"), filing);
  EXPECT_EQ(filing.DebugString(), "filing_id: \"abc\"\n");
  TakeOut(Denying("reason.words"), filing);
  EXPECT_EQ(filing.DebugString(), "");
  filing.set_filing_id("abc");
  TakeOut(Denying("raeson"), filing);
  EXPECT_EQ(filing.DebugString(), "");
}

TEST(ShownAnswerTest, WhatIsKnownOfACaseIsWhatTheCourtSaidElseWhatTheFilerStated) {
  const auto facts = [](const FilingSnapshot& filing) {
    return FactsOf(filing, AccessCategories());
  };
  FilingSnapshot filing;
  EXPECT_EQ(facts(filing), CaseFacts{});
  filing.record.header.case_reference = NewCase{"JU", "", "", {}};
  EXPECT_EQ(facts(filing).juvenile, Known::kYes);
  filing.record.header.case_reference = ExistingCase{"24DN-PN00001"};
  EXPECT_EQ(facts(filing).chapter_455, Known::kYes);
  filing.record.header.case_reference = OpenedBy{FilingId("abc")};
  EXPECT_EQ(facts(filing), CaseFacts{});
  filing.state.record.emplace();
  filing.state.record->case_numbers = {{"24DN-CR00001", "", false}};
  EXPECT_EQ(facts(filing).kind, CaseKind::kCriminal);
  EXPECT_EQ(facts(filing).sealed, Known::kUnknown);
  // "Public" opens nothing, and the other words close.
  filing.record.header.confidentiality = Confidentiality::kPublic;
  EXPECT_EQ(facts(filing).confidential, Known::kUnknown);
  filing.record.header.confidentiality = Confidentiality::kConfidential;
  EXPECT_EQ(facts(filing).confidential, Known::kYes);
  filing.record.header.confidentiality = Confidentiality::kSealed;
  EXPECT_EQ(facts(filing).sealed, Known::kYes);
}

}  // namespace
}  // namespace nightbox
