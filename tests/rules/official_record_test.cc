// Goal: COR 4.03 gets the sheet it wants for each kind of case, with all its elements, and a sheet
// never claims more than is known.
// Method: every kind by number, category and case type; sheets with all, some and no facts; data
// with one thing wrong.
#include "rules/official_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::string SheetOf(const std::string& number, const std::string& category,
                    const std::string& case_type, bool by_citation = false) {
  return std::string(ToString(SheetFor({number, category, case_type, by_citation}).sheet));
}

TEST(OfficialRecordTest, EveryCaseHasADocketSheetUnlessTheRuleSaysOtherwise) {
  EXPECT_EQ(SheetOf("24SL-CC01234", "CC", "Breach of contract"), "docket_sheet");
  EXPECT_EQ(SheetOf("24SL-CR01234", "CR", "Felony"), "docket_sheet");
  EXPECT_EQ(SheetOf("24SL-PR00012", "PR", "Decedent's estate"), "docket_sheet");
  // A driving offense charged by information has no citation.
  EXPECT_EQ(SheetOf("24SL-CR01234", "CR", "DWI - alcohol"), "docket_sheet");
  EXPECT_EQ(SheetOf("SC101600", "", ""), "docket_sheet");
}

TEST(OfficialRecordTest, AnUnknownKindHasADocketSheet) {
  EXPECT_EQ(SheetOf("", "", ""), "docket_sheet");
  EXPECT_EQ(SheetOf("no number of any form", "??", "something else"), "docket_sheet");
}

TEST(OfficialRecordTest, TheSummaryAdministrationOfAnEstateHasNoSheet) {
  EXPECT_EQ(SheetOf("24SL-PR00012", "PR", "Estate - Summary Administration"), "none");
  EXPECT_EQ(SheetOf("24SL-PR00012", "PR", "Summary possession"), "docket_sheet");
  EXPECT_THAT(RowsOf(RecordSheet::kNone, {{"case_number", {"1"}}}, true), IsEmpty());
  EXPECT_EQ(SheetFor({"", "", "summary administration", false}).clause, "COR 4.03(1)");
}

TEST(OfficialRecordTest, CitationCasesHaveABackerSheet) {
  EXPECT_EQ(SheetOf("703480001", "", "Speeding"), "backer_sheet");
  EXPECT_EQ(SheetOf("24SL-TR01234", "", "Speeding"), "backer_sheet");
  EXPECT_EQ(SheetOf("12T0302123456", "", "Speeding"), "backer_sheet");
  EXPECT_EQ(SheetOf("12M0302123456", "", "Municipal traffic"), "backer_sheet");
  EXPECT_EQ(SheetOf("24SL-MC01234", "MC", "Conservation violation"), "backer_sheet");
  EXPECT_EQ(SheetOf("24SL-MC01234", "MC", "Watercraft"), "backer_sheet");
  EXPECT_EQ(SheetOf("", "", "Civil infraction"), "backer_sheet");
  EXPECT_EQ(SheetOf("24SL-CR01234", "CR", "Speeding", /*by_citation=*/true), "backer_sheet");
  EXPECT_EQ(SheetOf("24SL-MU01234", "", "Ordinance - traffic"), "backer_sheet");
}

TEST(OfficialRecordTest, TheMoreSeriousTrafficOffensesHaveTheDocketSheetsElements) {
  for (const char* type :
       {"DWI - alcohol", "Driving while intoxicated", "BAC", "Driving while revoked",
        "Driving while license suspended", "Leaving the scene of an accident", "Fleeing an officer",
        "Attempting to elude an officer", "Traffic: eluding"}) {
    EXPECT_EQ(SheetOf("703480001", "", type), "backer_sheet_as_docket_sheet") << type;
    EXPECT_EQ(SheetOf("24SL-TR01234", "", type), "backer_sheet_as_docket_sheet") << type;
  }
  // Words, not pieces of words.
  EXPECT_EQ(SheetOf("703480001", "", "Backing without care"), "backer_sheet");
}

TEST(OfficialRecordTest, OrdinanceCasesThatAreNoTrafficCasesHaveTheDocketSheetsElements) {
  EXPECT_EQ(SheetOf("12O0302123456", "", "Peace disturbance"), "backer_sheet_as_docket_sheet");
  EXPECT_EQ(SheetOf("24SL-MU01234", "", "Noise"), "backer_sheet_as_docket_sheet");
  EXPECT_EQ(SheetOf("24SL-CY01234", "CY", "Nuisance"), "backer_sheet_as_docket_sheet");
  EXPECT_EQ(SheetOf("703480001", "", "Ordinance violation"), "backer_sheet_as_docket_sheet");
}

TEST(OfficialRecordTest, ACitationOfAnUnknownOffenseHasTheFullerElements) {
  const RecordSheetChoice choice = SheetFor({"703480001", "", "", false});
  EXPECT_EQ(choice.sheet, RecordSheet::kBackerSheetAsDocketSheet);
  EXPECT_THAT(choice.why, HasSubstr("not known here"));
  EXPECT_THAT(choice.why, Not(HasSubstr("703480001")));
}

TEST(OfficialRecordTest, TheBackerSheetHasItsNineteenElements) {
  std::vector<std::string> ids;
  for (const SheetRow& row : RowsOf(RecordSheet::kBackerSheet, {}, false)) {
    ids.push_back(row.id);
    EXPECT_EQ(row.number, static_cast<int>(ids.size()));
    EXPECT_EQ(row.clause, "COR 4.03(2)(b)(" + std::to_string(row.number) + ")");
    EXPECT_TRUE(row.confirmed);
    EXPECT_THAT(row.values, ElementsAre(kHeldByTheCaseSystem));
  }
  EXPECT_THAT(
      ids, ElementsAre("case_number", "defendant", "offense", "date_filed", "bond", "license_held",
                       "defense_attorney", "court_dates", "failure_notice", "compact_notice",
                       "revenue_suspension_notice", "revenue_compliance_notice", "warrants",
                       "judge", "disposition", "sentence", "highway_patrol_record", "trial_de_novo",
                       "probation_violation"));
}

TEST(OfficialRecordTest, WhatAFilerCouldHaveSaidAndDidNotIsNotStated) {
  const SheetFacts facts = {{"case_number", {"703480001"}}};
  const auto rows = RowsOf(RecordSheet::kBackerSheet, facts, /*opened_here=*/true);
  ASSERT_THAT(rows, SizeIs(19));
  EXPECT_THAT(rows[0].values, ElementsAre("703480001"));
  EXPECT_THAT(rows[1].values, ElementsAre(kNotStated));            // Defendant.
  EXPECT_THAT(rows[2].values, ElementsAre(kHeldByTheCaseSystem));  // No filing carries the offense.
  EXPECT_THAT(rows[3].values, ElementsAre(kHeldByTheCaseSystem));  // Date filed.
  EXPECT_THAT(rows[15].values, ElementsAre(kHeldByTheCaseSystem));  // Sentence.
}

TEST(OfficialRecordTest, TheDocketSheetsElementsAreMarkedUnconfirmed) {
  const auto rows = RowsOf(RecordSheet::kDocketSheet, {{"docket_entries", {"one", "two"}}}, false);
  ASSERT_THAT(rows, Not(IsEmpty()));
  for (const SheetRow& row : rows) {
    EXPECT_FALSE(row.confirmed) << row.id;
    EXPECT_EQ(row.clause, "COR 4.08");
    if (row.id == "docket_entries") {
      EXPECT_THAT(row.values, ElementsAre("one", "two"));
    }
  }
  EXPECT_EQ(RowsOf(RecordSheet::kBackerSheetAsDocketSheet, {}, false).size(), rows.size());
}

TEST(OfficialRecordTest, WhatTheRuleDoesNotSayIsMarkedSo) {
  for (const RecordElement& each : RecordRules::BuiltIn().elements) {
    EXPECT_EQ(each.confirmed, each.source == "order of 10 September 2009") << each.id;
  }
  for (const RecordKindWord& each : RecordRules::BuiltIn().kinds) {
    EXPECT_EQ(each.confirmed, each.source == "order of 10 September 2009") << each.words.front();
  }
}

TEST(OfficialRecordTest, ARowSaysNothingOfTheDaysBeforeItsFirst) {
  const RecordRules before = RecordRules::BuiltIn().On(ParseDay("2009-12-31").value());
  EXPECT_THAT(before.elements, IsEmpty());
  EXPECT_THAT(before.kinds, IsEmpty());
  const RecordRules since = RecordRules::BuiltIn().On(ParseDay("2010-01-01").value());
  EXPECT_EQ(since.elements.size(), RecordRules::BuiltIn().elements.size());
  EXPECT_EQ(since.kinds.size(), RecordRules::BuiltIn().kinds.size());
}

std::string RefusalOfElements(const std::string& rows) {
  const auto parsed = ParseRecordElements(
      "sheet,number,id,element,known_from,effective_from,clause,source,confirmed\n" + rows,
      "some.csv");
  return parsed ? "" : parsed.error().message;
}

std::string RefusalOfKinds(const std::string& rows) {
  const auto parsed = ParseRecordKinds(
      "kind,part,words,effective_from,clause,source,confirmed\n" + rows, "some.csv");
  return parsed ? "" : parsed.error().message;
}

TEST(OfficialRecordTest, ContradictionsAreRefusedWithLineAndReason) {
  const std::string good = "backer_sheet,1,judge,Judge,case_system,2010-01-01,COR,order,yes\n";
  EXPECT_EQ(RefusalOfElements(good), "");
  EXPECT_THAT(RefusalOfElements(good + good), HasSubstr("some.csv line 3"));
  EXPECT_THAT(RefusalOfElements(good + "backer_sheet,2,judge,J,filing,2010-01-01,COR,order,yes\n"),
              HasSubstr("already"));
  EXPECT_THAT(RefusalOfElements("sheet,1,judge,Judge,filing,2010-01-01,COR,order,yes\n"),
              HasSubstr("no such sheet"));
  EXPECT_THAT(RefusalOfElements("backer_sheet,1,judge,Judge,nobody,2010-01-01,COR,order,yes\n"),
              HasSubstr("known_from"));
  EXPECT_THAT(RefusalOfElements("backer_sheet,1,judge,,filing,2010-01-01,COR,order,yes\n"),
              HasSubstr("a name"));
  EXPECT_THAT(RefusalOfElements("backer_sheet,1,judge,Judge,filing,2010-01-01,,order,yes\n"),
              HasSubstr("clause"));
  EXPECT_THAT(RefusalOfElements("backer_sheet,1,judge,Judge,filing,,COR,order,yes\n"),
              HasSubstr("no date"));
  EXPECT_THAT(RefusalOfKinds("citation,category,T,2010,COR,order,yes\n"), HasSubstr("no date"));
  EXPECT_THAT(RefusalOfElements("backer_sheet,1,judge,Judge,filing,2010-01-01,COR,order,maybe\n"),
              HasSubstr("yes or no"));
  const auto without_docket_sheet = RecordRules::Parse(
      "sheet,number,id,element,known_from,effective_from,clause,source,confirmed\n" + good,
      "some.csv", "kind,part,words,effective_from,clause,source,confirmed\n", "kinds.csv");
  ASSERT_FALSE(without_docket_sheet);
  EXPECT_EQ(without_docket_sheet.error().message, "some.csv line 1: docket_sheet has no element");
  EXPECT_EQ(RefusalOfKinds("citation,category,T,2010-01-01,COR,order,yes\n"), "");
  EXPECT_THAT(RefusalOfKinds("nothing,category,T,2010-01-01,COR,order,yes\n"),
              HasSubstr("no such kind"));
  EXPECT_THAT(RefusalOfKinds("citation,title,T,2010-01-01,COR,order,yes\n"), HasSubstr("part is"));
  EXPECT_THAT(RefusalOfKinds("citation,category,T R,2010-01-01,COR,order,yes\n"),
              HasSubstr("is one"));
  EXPECT_THAT(RefusalOfKinds("citation,case_type,Traffic,2010-01-01,COR,order,yes\n"),
              HasSubstr("small letters"));
  EXPECT_THAT(RefusalOfKinds("citation,case_type,traffic,2010-01-01,COR,,yes\n"),
              HasSubstr("source"));
}

}  // namespace
}  // namespace nightbox
