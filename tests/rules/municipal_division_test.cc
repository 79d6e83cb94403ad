// Goal: municipal divisions are courts of their own under their county's court, whose state they
// share unless one is stated of them; nothing claims divisions that are not known.
// Method: the shipped tables, and tables with one thing wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/court_directory.h"

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(MunicipalDivisionTest, TheKnownOnesAreThereAndTheListsSayTheyAreIncomplete) {
  const CourtDirectory& courts = CourtDirectory::Missouri();
  EXPECT_THAT(courts.Children(CourtId("mo.cir.31.greene")), SizeIs(8));
  EXPECT_THAT(courts.Children(CourtId("mo.cir.16.jackson")), SizeIs(1));
  EXPECT_FALSE(courts.KnowsAllDivisions(CourtId("mo.cir.31.greene")));
  EXPECT_FALSE(courts.KnowsAllDivisions(CourtId("mo.cir.42.dent")));
  EXPECT_TRUE(courts.Find(CourtId("mo.cir.16.jackson.kansas-city"))->IsDestination());
  EXPECT_TRUE(courts.Find(CourtId("mo.cir.16.jackson.kansas-city"))->own_system);
}

TEST(MunicipalDivisionTest, StatusIsInheritedFromTheNearestThatHasOne) {
  const CourtDirectory& courts = CourtDirectory::Missouri();
  EXPECT_THAT(courts.StatusPath(CourtId("mo.cir.31.greene.springfield")),
              ElementsAre(CourtId("mo.cir.31.greene.springfield"), CourtId("mo.cir.31.greene"),
                          CourtId("mo.cir.31"), CourtId("mo")));
  EXPECT_THAT(courts.StatusPath(CourtId("mo.cir.42")),
              ElementsAre(CourtId("mo.cir.42"), CourtId("mo")));
  EXPECT_THAT(courts.StatusPath(CourtId("mo.app.wd")),
              ElementsAre(CourtId("mo.app.wd"), CourtId("mo")));
  EXPECT_THAT(courts.StatusPath(CourtId("mo.cir.47")), IsEmpty());
}

TEST(MunicipalDivisionTest, TablesThatContradictAreRefusedWithTheirLine) {
  const std::string head = "court_id,name,parent,own_system,list_complete,confirmed,source\n";
  const std::string good =
      "mo.cir.42.dent.salem,Salem Municipal Division,mo.cir.42.dent,no,yes,no,s\n";
  CourtDirectory fresh = CourtDirectory::Missouri();
  ASSERT_TRUE(fresh.AddMunicipalDivisions(head + good, "t.csv").has_value());
  EXPECT_TRUE(fresh.KnowsAllDivisions(CourtId("mo.cir.42.dent")));
  for (const auto& [row, why] : std::vector<std::pair<std::string, std::string>>{
           {"mo.cir.42.dent.salem,S,mo.cir.42.dent,no,yes,no,s\n", "line 3: court_id occurs twice"},
           {"mo.cir.42.iron.x,S,mo.cir.42.dent,no,yes,no,s\n", "line 3: court_id does not fit"},
           {"mo.cir.42.dent.x,S,mo.cir.42,no,yes,no,s\n", "line 3: parent is not"},
           {"mo.cir.42.dent.x,S,mo.cir.42.dent,no,no,no,s\n", "line 3: the parent's list"},
           {"mo.cir.42.dent.x,S,mo.cir.42.dent,maybe,yes,no,s\n", "line 3: own_system"},
           {"mo.cir.42.dent.x,,mo.cir.42.dent,no,yes,no,s\n", "line 3: name"}}) {
    CourtDirectory courts = CourtDirectory::Missouri();
    std::string table = head + good;
    table += row;
    const auto added = courts.AddMunicipalDivisions(table, "t.csv");
    ASSERT_FALSE(added.has_value()) << row;
    EXPECT_THAT(added.error().message, HasSubstr("t.csv " + why));
  }
}

TEST(FilingLocationTest, ACountyMayHaveSeveralWithCodesOfTheirOwn) {
  const std::string head = "court_id,location_code,name,confirmed,source\n";
  CourtDirectory courts = CourtDirectory::Missouri();
  ASSERT_TRUE(
      courts.AddFilingLocations(head + "mo.cir.16.jackson,Q1,Independence,no,s\n", "t.csv"));
  const Court& jackson = *courts.Find(CourtId("mo.cir.16.jackson"));
  EXPECT_TRUE(jackson.UsesLocationCode("16"));
  EXPECT_TRUE(jackson.UsesLocationCode("Q1"));
  EXPECT_FALSE(jackson.UsesLocationCode(""));
  EXPECT_TRUE(jackson.IsLocationCodeConfirmed("16"));
  EXPECT_FALSE(jackson.IsLocationCodeConfirmed("Q1"));
  for (const char* row :
       {"mo.cir.16.jackson,SL,X,no,s\n", "mo.cir.16,Q2,X,no,s\n", "mo.cir.16.jackson,q2,X,no,s\n",
        "mo.cir.16.jackson,Q2,,no,s\n", "mo.cir.16.jackson,Q2,X,,s\n"}) {
    CourtDirectory other = CourtDirectory::Missouri();
    EXPECT_FALSE(other.AddFilingLocations(head + row, "t.csv").has_value()) << row;
  }
}

}  // namespace
}  // namespace nightbox
