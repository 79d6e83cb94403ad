// Goal: from one package to one filing for each person or action, with everything that belongs to
// all and nothing that belongs to another; what cannot be told apart is said, never guessed.
// Method: options as they are typed; each wrong in one place.
#include "client/separate_filings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nightbox::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

HeaderOptions Complaint() {
  HeaderOptions options;
  options.court = "mo.cir.42.dent";
  options.new_case_category = "CR";
  options.case_type = "Felony complaint";
  options.title = "State v. {name}";
  options.parties = {"State of Missouri:Plaintiff", "Ann Doe:Defendant", "Bob Roe:Defendant"};
  options.documents = {"complaint.pdf", "exhibit.pdf"};
  return options;
}

HeaderDraft Built(const HeaderOptions& options) {
  auto draft = BuildHeader(options);
  EXPECT_TRUE(draft) << draft.error().message;
  return *draft;
}

const NewCase& CaseOf(const HeaderDraft& draft) {
  return std::get<NewCase>(draft.header.case_reference);
}

TEST(SeparateFilingsTest, OneForEachDefendantWithWhatBelongsToAll) {
  HeaderOptions options = Complaint();
  options.service = {"Ann Doe:sheriff:1 Main", "Bob Roe:sheriff:2 Main", "Lab:mail"};
  options.on_behalf_of = {"State of Missouri", "Bob Roe"};
  const auto drafts = SeparateByPerson(Built(options));
  ASSERT_TRUE(drafts) << drafts.error().message;
  ASSERT_EQ(drafts->size(), 2U);
  const HeaderDraft& ann = drafts->front();
  const HeaderDraft& bob = drafts->back();
  const Party state{"State of Missouri", "Plaintiff"};
  EXPECT_THAT(CaseOf(ann).parties, ElementsAre(state, Party{"Ann Doe", "Defendant"}));
  EXPECT_THAT(CaseOf(bob).parties, ElementsAre(state, Party{"Bob Roe", "Defendant"}));
  EXPECT_EQ(CaseOf(ann).title, "State v. Ann Doe");
  EXPECT_EQ(CaseOf(bob).title, "State v. Bob Roe");
  EXPECT_THAT(ann.header.service_requests, testing::SizeIs(2));
  EXPECT_EQ(ann.header.service_requests[0].name, "Ann Doe");
  EXPECT_EQ(bob.header.service_requests[0].name, "Bob Roe");
  EXPECT_THAT(ann.header.on_behalf_of, ElementsAre("State of Missouri"));
  EXPECT_THAT(bob.header.on_behalf_of, ElementsAre("State of Missouri", "Bob Roe"));
  EXPECT_EQ(ann.sources.size(), 2U);
  EXPECT_EQ(ann.header.documents, bob.header.documents);
}

TEST(SeparateFilingsTest, OneChildEachWithoutTheNamesOfTheOthers) {
  HeaderOptions options = Complaint();
  options.new_case_category = "JU";
  options.case_type = "Abuse or neglect";
  options.title = "In the interest of {name}, a minor ({name})";
  options.parties = {"J. Officer:Juvenile Officer", "A.B.:Child", "C.D.:Child", "E.F.:Child"};
  const auto drafts = SeparateByPerson(Built(options));
  ASSERT_TRUE(drafts);
  ASSERT_EQ(drafts->size(), 3U);
  EXPECT_EQ(CaseOf((*drafts)[1]).title, "In the interest of C.D., a minor (C.D.)");
  for (const HeaderDraft& draft : *drafts) EXPECT_EQ(CaseOf(draft).parties.size(), 2U);
}

TEST(SeparateFilingsTest, WhatIsOneFilingStaysIt) {
  HeaderOptions options = Complaint();
  options.parties.pop_back();
  const auto drafts = SeparateByPerson(Built(options));
  ASSERT_TRUE(drafts);
  ASSERT_EQ(drafts->size(), 1U);
  EXPECT_EQ(drafts->front().header, Built(options).header);
  EXPECT_THAT(AdviceToSeparate(Built(options).header), IsEmpty());
}

std::string WhyNotByPerson(const HeaderOptions& options) {
  const auto drafts = SeparateByPerson(Built(options));
  return drafts ? "" : drafts.error().message;
}

TEST(SeparateFilingsTest, PeopleWhoCannotBeToldApartAreNotGuessedAt) {
  HeaderOptions options = Complaint();
  options.parties = {"Ann Doe and Bob Roe:Defendants"};
  EXPECT_THAT(WhyNotByPerson(options), HasSubstr("name each of the defendants"));
  options.parties = {"Ann Doe:Defendant", "Ann Doe:Defendant"};
  EXPECT_THAT(WhyNotByPerson(options), HasSubstr("have one name"));
  options = Complaint();
  options.uniform_citation = "703480001";
  EXPECT_THAT(WhyNotByPerson(options), HasSubstr("one defendant's"));
  options = Complaint();
  options.case_type = "Dissolution and paternity";
  options.new_case_category = "DR";
  EXPECT_THAT(WhyNotByPerson(options), HasSubstr("--action"));
}

TEST(SeparateFilingsTest, AsManyAsTheBoundAndNoMore) {
  HeaderOptions options = Complaint();
  options.parties.clear();
  for (std::size_t i = 0; i < kSeparateFilingsMax; ++i) {
    options.parties.push_back("Doe " + std::to_string(i) + ":Defendant");
  }
  EXPECT_EQ(SeparateByPerson(Built(options))->size(), kSeparateFilingsMax);
  options.parties.emplace_back("Roe:Defendant");
  EXPECT_THAT(WhyNotByPerson(options), HasSubstr("at most 99"));
}

HeaderOptions Family() {
  HeaderOptions options = Complaint();
  options.new_case_category = "DR";
  options.case_type = "";
  options.title = "Doe v. Roe";
  options.parties = {"Ann Doe:Petitioner", "Bob Roe:Respondent"};
  options.documents = {"dissolution.pdf:lead:Petition for Dissolution",
                       "paternity.pdf:lead:Petition for Paternity", "sheet.pdf:attachment"};
  return options;
}

TEST(SeparateFilingsTest, OneForEachActionWithItsDocuments) {
  const auto drafts = SeparateByAction(
      Built(Family()), {"Dissolution:1,3", "Paternity:3,2:A.B., by next friend, v. Roe"});
  ASSERT_TRUE(drafts) << drafts.error().message;
  ASSERT_EQ(drafts->size(), 2U);
  EXPECT_EQ(CaseOf(drafts->front()).case_type, "Dissolution");
  EXPECT_EQ(CaseOf(drafts->front()).title, "Doe v. Roe");
  EXPECT_EQ(CaseOf(drafts->back()).title, "A.B., by next friend, v. Roe");
  EXPECT_THAT(drafts->front().sources, ElementsAre("dissolution.pdf", "sheet.pdf"));
  // In the order in which they were given.
  EXPECT_THAT(drafts->back().sources, ElementsAre("paternity.pdf", "sheet.pdf"));
  EXPECT_EQ(drafts->back().header.documents[0].title, "Petition for Paternity");
  for (const HeaderDraft& draft : *drafts) {
    EXPECT_THAT(AdviceToSeparate(draft.header), IsEmpty());
  }
}

std::string WhyNotByAction(const std::vector<std::string>& actions,
                           const HeaderOptions& options = Family()) {
  const auto drafts = SeparateByAction(Built(options), actions);
  return drafts ? "" : drafts.error().message;
}

TEST(SeparateFilingsTest, AListOfActionsIsCompleteAndNamesDocumentsThatAreThere) {
  EXPECT_THAT(WhyNotByAction({"A:1,3", "B:1"}), HasSubstr("every document"));
  EXPECT_THAT(WhyNotByAction({"A:1,2,3"}), HasSubstr("one --action for each"));
  EXPECT_THAT(WhyNotByAction({"A:1,2", "B:3"}), HasSubstr("lead document"));
  for (const char* wrong : {"A", ":1", "A:", "A:0", "A:4", "A:1,,2", "A:1,1", "A:x", "A:1,",
                            "A:99999999999999999999999"}) {
    EXPECT_THAT(WhyNotByAction({"B:1,2,3", wrong}), HasSubstr("CASE TYPE:N,N")) << wrong;
  }
  HeaderOptions typed = Family();
  typed.case_type = "Dissolution";
  EXPECT_THAT(WhyNotByAction({"A:1,3", "B:2"}, typed), HasSubstr("leave --case-type out"));
  HeaderOptions existing;
  existing.case_number = "24DN-DR00001";
  existing.documents = {"a.pdf", "b.pdf:lead"};
  EXPECT_THAT(WhyNotByAction({"A:1", "B:2"}, existing), HasSubstr("--new-case"));
}

TEST(SeparateFilingsTest, TheGroupIsTheFilersOrOneForAll) {
  auto drafts = *SeparateByPerson(Built(Complaint()));
  Relate(drafts, "base-id-0123456789");
  for (const HeaderDraft& draft : drafts) {
    EXPECT_EQ(draft.header.related_group_id, "base-id-0123456789");
  }
  HeaderOptions options = Complaint();
  options.related_group = "mine";
  drafts = *SeparateByPerson(Built(options));
  Relate(drafts, "base-id-0123456789");
  for (const HeaderDraft& draft : drafts) EXPECT_EQ(draft.header.related_group_id, "mine");
  EXPECT_EQ(SeparateRequestId("base", 0).str(), "base-01");
  EXPECT_EQ(SeparateRequestId("base", 98).str(), "base-99");
  EXPECT_EQ(SeparateRequestId(std::string(kGroupNameMax, 'x'), 98).str().size(), 64U);
}

TEST(SeparateFilingsTest, TheAdviceSaysTheClauseAndTheOption) {
  EXPECT_THAT(AdviceToSeparate(Built(Complaint()).header),
              ElementsAre(HasSubstr("COR 4.05(1)"), HasSubstr("--one-per-person")));
  HeaderOptions options = Complaint();
  options.parties = {"Ann Doe and Bob Roe:Defendants"};
  EXPECT_THAT(AdviceToSeparate(Built(options).header),
              ElementsAre(HasSubstr("COR 4.05(1)"), HasSubstr("a --party for each")));
  EXPECT_THAT(AdviceToSeparate(Built(Family()).header),
              ElementsAre(HasSubstr("COR 4.05(3)"), HasSubstr("--action")));
}

}  // namespace
}  // namespace nightbox::client
