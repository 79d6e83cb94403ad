// Goal: what COR 4.05 wants filed apart is recognised, each with its clause, and nothing else is.
// Method: vectors of headers as prosecutors, juvenile officers and lawyers would make them; the
// same headers one member short of the rule; data with one thing wrong.
#include "rules/separate_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

FilingHeader Opening(const std::string& category, const std::string& case_type,
                     std::vector<Party> parties) {
  FilingHeader header;
  header.court = CourtId("mo.cir.42.dent");
  header.case_reference = NewCase{category, case_type, "A title", std::move(parties)};
  return header;
}

void AddDocument(FilingHeader& header, const std::string& title,
                 DocumentRole role = DocumentRole::kLead) {
  Document document;
  document.title = title;
  document.role = role;
  header.documents.push_back(document);
}

// "defendants 1,2" for one finding, "" for none.
std::string Found(const FilingHeader& header) {
  std::string text;
  for (const SeparateFiles& found : FindSeparateFiles(header)) {
    text += (text.empty() ? "" : "; ") + std::string(ToString(found.rule));
    for (std::size_t i = 0; i < found.parties.size(); ++i) {
      text += (i == 0 ? " " : ",") + std::to_string(found.parties[i]);
    }
    if (found.named_together) text += " together";
  }
  return text;
}

TEST(SeparateFilesTest, ACriminalCaseWithSeveralDefendants) {
  const Party state{"State of Missouri", "Plaintiff"};
  EXPECT_EQ(
      Found(Opening("CR", "Felony complaint", {state, {"A", "Defendant"}, {"B", "Co-Defendant"}})),
      "defendants 1,2");
  EXPECT_EQ(Found(Opening("CR", "Information", {{"A", "DEFENDANT"}, state, {"B", "Accused"}})),
            "defendants 0,2");
  // Whatever category a court uses, the case type may say it.
  EXPECT_EQ(Found(Opening("MC", "Criminal complaint", {{"A", "Defendant"}, {"B", "Defendant"}})),
            "defendants 0,1");
  EXPECT_EQ(Found(Opening("cr", "Felony", {{"A", "Defendant"}, {"B", "Defendant"}})),
            "defendants 0,1");
  // Two people may bear one name.
  EXPECT_EQ(Found(Opening("CR", "Felony", {{"A", "Defendant"}, {"A", "Defendant"}})),
            "defendants 0,1");
  EXPECT_EQ(Found(Opening("CR", "Felony", {{"A and B", "Defendants"}})), "defendants 0 together");
}

TEST(SeparateFilesTest, OneDefendantOrNoCriminalCaseIsNothing) {
  EXPECT_EQ(Found(Opening("CR", "Felony", {{"State", "Plaintiff"}, {"A", "Defendant"}})), "");
  EXPECT_EQ(Found(Opening("CR", "Felony", {})), "");
  EXPECT_EQ(Found(Opening("CC", "Breach of contract", {{"A", "Defendant"}, {"B", "Defendant"}})),
            "");
  EXPECT_EQ(Found(Opening("CR", "Felony",
                          {{"A", "Defendant"},
                           {"B", "Attorney for Defendant"},
                           {"C", "Defendant's surety"},
                           {"D", "Victim"}})),
            "");
  FilingHeader existing = Opening("CR", "Felony", {{"A", "Defendant"}, {"B", "Defendant"}});
  existing.case_reference = ExistingCase{"24DN-CR00001"};
  EXPECT_EQ(Found(existing), "");
  EXPECT_EQ(Found(FilingHeader{}), "");
}

// Who is "defendant" by a word of their role and another by the next.
TEST(SeparateFilesTest, WhoIsSomethingForOrOfADefendantIsNone) {
  const std::vector<Party> parties = {{"A", "Defendant"},
                                      {"B", "Counsel for Defendant"},
                                      {"C", "Victim of Defendant"},
                                      {"D", "Witness for Defendant"},
                                      {"E", "Attorney for Defendant"},
                                      {"F", "Defendant/Petitioner"},
                                      {"G", "Co-Defendant"},
                                      {"H", "Defendant's surety"},
                                      {"I", "Employer of Defendant"},
                                      {"J", "DEFENDANT(S)"},
                                      {"K", ""}};
  const PartiesMeant meant = FindParties(SeparateFilesRule::kDefendants, parties);
  EXPECT_THAT(meant.parties, ElementsAre(0U, 5U, 6U, 9U));
  EXPECT_FALSE(meant.named_together);
  EXPECT_TRUE(FindParties(SeparateFilesRule::kDefendants, {{"A, B", "Defendants"}}).named_together);
  EXPECT_THAT(FindParties(SeparateFilesRule::kActions, parties).parties, IsEmpty());
  // The same people make the warning.
  EXPECT_EQ(Found(Opening("CR", "Felony", parties)), "defendants 0,5,6,9");
}

TEST(SeparateFilesTest, ARowSaysNothingOfTheDaysBeforeItsFirst) {
  const auto on = [](std::string_view day) {
    return InForceOn(SeparateFilesWords(), ParseDay(day).value());
  };
  EXPECT_THAT(on("2009-12-31"), IsEmpty());
  EXPECT_EQ(on("2010-01-01").size(), SeparateFilesWords().size());
}

TEST(SeparateFilesTest, AJuvenilePetitionWithSeveralChildren) {
  const Party officer{"J. O.", "Juvenile Officer"};
  EXPECT_EQ(Found(Opening("JU", "Abuse or neglect",
                          {officer, {"A.B.", "Child"}, {"C.D.", "Minor child"}})),
            "children 1,2");
  EXPECT_EQ(Found(Opening("FC", "Juvenile petition", {{"A.B.", "Juvenile"}, {"C.D.", "Minor"}})),
            "children 0,1");
  EXPECT_EQ(Found(Opening("JU", "Delinquency", {{"A.B. and C.D.", "Children"}})),
            "children 0 together");
}

TEST(SeparateFilesTest, WhoSpeaksForAChildIsNoChild) {
  EXPECT_EQ(Found(Opening("JU", "Abuse or neglect",
                          {{"J. O.", "Juvenile Officer"},
                           {"A.B.", "Child"},
                           {"E.", "Guardian ad litem of the child"},
                           {"F.", "Mother of minor child"},
                           {"G.", "Attorney for Juvenile"},
                           {"H.", "Children's Division"}})),
            "");
  EXPECT_EQ(Found(Opening("JR", "Juvenile referral", {{"A.B.", "Child"}, {"C.D.", "Child"}})), "");
  // A dissolution names the children of the marriage, and they get no files.
  EXPECT_EQ(Found(Opening("DR", "Dissolution", {{"A.B.", "Minor child"}, {"C.D.", "Child"}})), "");
}

TEST(SeparateFilesTest, ADissolutionTogetherWithPaternity) {
  EXPECT_EQ(Found(Opening("DR", "Dissolution and paternity", {})), "actions");
  EXPECT_EQ(Found(Opening("DR", "Dissolution with declaration of parentage", {})), "actions");
  FilingHeader two = Opening("DR", "Dissolution - with children", {});
  AddDocument(two, "Petition for Dissolution of Marriage");
  AddDocument(two, "Petition for Declaration of Paternity");
  EXPECT_EQ(Found(two), "actions");
  EXPECT_EQ(FindSeparateFiles(two)[0].field, "header.documents");
  FilingHeader in_one = Opening("CV", "Domestic", {});
  AddDocument(in_one, "Petition for dissolution of marriage and for paternity");
  EXPECT_EQ(Found(in_one), "actions");
}

TEST(SeparateFilesTest, ADissolutionThatMentionsPaternityIsOneAction) {
  FilingHeader header = Opening("DR", "Dissolution", {});
  AddDocument(header, "Petition for Dissolution of Marriage");
  AddDocument(header, "Acknowledgment of Paternity");
  AddDocument(header, "Petition of 2019 for Paternity, certified copy", DocumentRole::kAttachment);
  EXPECT_EQ(Found(header), "");
  EXPECT_EQ(Found(Opening("DR", "Paternity", {})), "");
}

TEST(SeparateFilesTest, EachFindingSaysItsClauseAndQuotesNothing) {
  const auto criminal = FindSeparateFiles(
      Opening("CR", "Felony", {{"Marker", "Defendant"}, {"Marker", "Defendant"}}));
  ASSERT_EQ(criminal.size(), 1U);
  EXPECT_EQ(criminal[0].clause, "COR 4.05(1)");
  EXPECT_EQ(criminal[0].field, "header.new_case.parties");
  EXPECT_THAT(Sentence(criminal[0]), HasSubstr("names 2 defendants; COR 4.05(1) gives"));
  EXPECT_THAT(Sentence(criminal[0]), Not(HasSubstr("Marker")));
  const auto juvenile =
      FindSeparateFiles(Opening("JU", "Neglect", {{"Marker", "Children"}, {"C", "Mother"}}));
  ASSERT_EQ(juvenile.size(), 1U);
  EXPECT_THAT(Sentence(juvenile[0]),
              HasSubstr("several children under one name; COR 4.05(2) gives"));
  const auto family = FindSeparateFiles(Opening("DR", "Dissolution, paternity", {}));
  ASSERT_EQ(family.size(), 1U);
  EXPECT_EQ(family[0].clause, "COR 4.05(3)");
  EXPECT_THAT(Sentence(family[0]), HasSubstr("COR 4.05(3) wants them filed separately"));
}

TEST(SeparateFilesTest, WhatTheRuleDoesNotSayIsMarkedSo) {
  for (const SeparateFilesWord& word : SeparateFilesWords()) {
    EXPECT_EQ(word.confirmed, word.source == "order of 10 September 2009") << word.word;
  }
}

std::string RefusalOf(const std::string& rows) {
  const auto parsed = ParseSeparateFiles(
      "rule,part,word,effective_from,clause,source,confirmed\n" + rows, "some.csv");
  return parsed ? "" : parsed.error().message;
}

TEST(SeparateFilesTest, ContradictionsAreRefusedWithLineAndReason) {
  const std::string good = "children,role,child,2010-01-01,COR,order,yes\n";
  EXPECT_EQ(RefusalOf(good), "");
  EXPECT_THAT(RefusalOf(good + good), HasSubstr("some.csv line 3"));
  EXPECT_THAT(RefusalOf("parents,role,child,2010-01-01,COR,order,yes\n"),
              HasSubstr("no such rule"));
  EXPECT_THAT(RefusalOf("children,pleading,child,2010-01-01,COR,order,yes\n"),
              HasSubstr("no such part"));
  EXPECT_THAT(RefusalOf("children,role,a child,2010-01-01,COR,order,yes\n"), HasSubstr("one word"));
  EXPECT_THAT(RefusalOf("children,role,Child,2010-01-01,COR,order,yes\n"),
              HasSubstr("small letters"));
  EXPECT_THAT(RefusalOf("children,role,child,2010-01-01,,order,yes\n"), HasSubstr("clause"));
  EXPECT_THAT(RefusalOf("children,role,child,soon,COR,order,yes\n"), HasSubstr("no date"));
  EXPECT_THAT(RefusalOf("children,role,child,2010-01-01,COR,order,perhaps\n"),
              HasSubstr("yes or no"));
  EXPECT_THAT(RefusalOf(good + "children,role,minor,2010-01-01,other,order,yes\n"),
              HasSubstr("one clause"));
}

}  // namespace
}  // namespace nightbox
