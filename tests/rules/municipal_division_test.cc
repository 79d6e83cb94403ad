// Goal: municipal divisions are courts of their own under their county's court, whose state they
// share unless one is stated of them; nothing claims divisions that are not known.
// Method: the shipped tables, and tables with one thing wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "rules/court_directory.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(MunicipalDivisionTest, TheKnownOnesAreThereAndTheListsSayTheyAreIncomplete) {
  const CourtDirectory& courts = CourtDirectory::Missouri();
  const std::map<std::string, std::map<std::string, std::string>> known = {
      {"mo.cir.31.greene",
       {{"mo.cir.31.greene.ash-grove", "Ash Grove Municipal Division"},
        {"mo.cir.31.greene.battlefield", "Battlefield Municipal Division"},
        {"mo.cir.31.greene.fair-grove", "Fair Grove Municipal Division"},
        {"mo.cir.31.greene.republic", "Republic Municipal Division"},
        {"mo.cir.31.greene.springfield", "Springfield Municipal Division"},
        {"mo.cir.31.greene.strafford", "Strafford Municipal Division"},
        {"mo.cir.31.greene.walnut-grove", "Walnut Grove Municipal Division"},
        {"mo.cir.31.greene.willard", "Willard Municipal Division"}}},
      {"mo.cir.16.jackson", {{"mo.cir.16.jackson.kansas-city", "Kansas City Municipal Division"}}}};
  for (const Court& court : courts.courts()) {
    if (court.kind != CourtKind::kCounty) continue;
    std::map<std::string, std::string> names;
    for (const Court* division : courts.Children(court.id)) {
      names[division->id.str()] = division->name;
      // The lists are of 2014 and earlier: nobody has confirmed them for today.
      EXPECT_FALSE(division->confirmed) << division->id.str();
      EXPECT_THAT(division->source, testing::ContainsRegex("20(14|24)"));
    }
    const auto expected = known.find(court.id.str());
    EXPECT_EQ(names, expected == known.end() ? decltype(names)() : expected->second);
  }
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
  EXPECT_THAT(courts.StatusPath(CourtId("mo.cir.16.jackson.kansas-city")),
              ElementsAre(CourtId("mo.cir.16.jackson.kansas-city")))
      << "with a case system of its own it shares nobody's";
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
           {",,mo.cir.42.dent,no,yes,no,s\n", "line 3: the parent has divisions"},
           {",,mo.cir.42.iron,no,no,no,s\n", "line 3: court_id does not fit"},
           {",,mo.cir.42.iron,no,yes,no,\n", "line 3: source is empty"},
           {",,mo.cir.42.iron,no,yes,no,s\nmo.cir.42.iron.x,X,mo.cir.42.iron,no,yes,no,s\n",
            "line 4: the parent is said to have no division"},
           {"mo.cir.42.dent.x,,mo.cir.42.dent,no,yes,no,s\n", "line 3: name"}}) {
    CourtDirectory courts = CourtDirectory::Missouri();
    std::string table = head + good;
    table += row;
    const auto added = courts.AddMunicipalDivisions(table, "t.csv");
    ASSERT_FALSE(added.has_value()) << row;
    EXPECT_THAT(added.error().message, HasSubstr("t.csv " + why));
  }
}

TEST(MunicipalDivisionTest, ThatACourtHasNoneCanBeStated) {
  CourtDirectory courts = *CourtDirectory::Parse(EmbeddedRulesData("courts.csv"), "courts.csv");
  EXPECT_FALSE(courts.KnowsAllDivisions(CourtId("mo.cir.42.iron")));
  ASSERT_TRUE(
      courts.AddMunicipalDivisions("court_id,name,parent,own_system,list_complete,confirmed,source"
                                   "\n,,mo.cir.42.iron,no,yes,yes,letter\n",
                                   "t.csv"));
  EXPECT_TRUE(courts.KnowsAllDivisions(CourtId("mo.cir.42.iron")));
  EXPECT_THAT(courts.Children(CourtId("mo.cir.42.iron")), IsEmpty());
}

TEST(FilingLocationTest, ThatACourtHasNoFurtherOneCanBeStatedOnce) {
  const std::string head = "court_id,location_code,name,confirmed,source\n";
  const auto added = [&](CourtDirectory& courts, const std::string& rows) {
    return courts.AddFilingLocations(head + rows, "t.csv").has_value();
  };
  CourtDirectory courts = CourtDirectory::Missouri();
  const CourtId jackson("mo.cir.16.jackson");
  EXPECT_FALSE(courts.Find(jackson)->further_locations_stated);
  EXPECT_TRUE(added(courts, "mo.cir.16.jackson,,,yes,letter\n"));
  EXPECT_TRUE(courts.Find(jackson)->further_locations_stated);
  EXPECT_THAT(courts.Find(jackson)->further_locations, IsEmpty());
  for (const char* rows :
       {"mo.cir.16.jackson,,,yes,letter\nmo.cir.16.jackson,Q1,Independence,no,s\n",
        "mo.cir.16.jackson,Q1,Independence,no,s\nmo.cir.16.jackson,,,yes,letter\n",
        "mo.cir.16.jackson,,,yes,letter\nmo.cir.16.jackson,,,yes,letter\n",
        "mo.cir.16.jackson,,,yes,\n", "mo.cir.16.jackson,,,perhaps,letter\n"}) {
    CourtDirectory other = CourtDirectory::Missouri();
    EXPECT_FALSE(added(other, rows)) << rows;
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
