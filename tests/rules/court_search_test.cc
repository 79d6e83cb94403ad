// Goal: a court is found however people name it, and near misses are offered.
// Method: ids, circuits, counties, codes and names over the shipped courts; misspellings; hostile
// texts.
#include "rules/court_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nightbox {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> Found(std::string_view text) {
  const CourtSearch search = FindCourts(CourtDirectory::Missouri(), text);
  std::vector<std::string> ids;
  ids.reserve(search.matches.size());
  for (const CourtMatch& match : search.matches) ids.push_back(match.court->id.str());
  return ids;
}

std::vector<std::string> Meant(std::string_view text) {
  const CourtSearch search = FindCourts(CourtDirectory::Missouri(), text);
  EXPECT_THAT(search.matches, IsEmpty()) << text;
  std::vector<std::string> ids;
  ids.reserve(search.did_you_mean.size());
  for (const CourtId& id : search.did_you_mean) ids.push_back(id.str());
  return ids;
}

TEST(CourtSearchTest, ACircuitIsFoundWithItsCourtsHoweverItIsWritten) {
  const auto courts = ElementsAre("mo.cir.42", "mo.cir.42.crawford", "mo.cir.42.dent",
                                  "mo.cir.42.iron", "mo.cir.42.reynolds", "mo.cir.42.wayne");
  for (const char* text : {"42", "42nd", "circuit 42", "the 42nd Judicial Circuit", "mo.cir.42"})
    EXPECT_THAT(Found(text), courts) << text;
}

TEST(CourtSearchTest, ACountyIsFoundByItsName) {
  EXPECT_THAT(Found("Dent"), ElementsAre("mo.cir.42.dent"));
  EXPECT_THAT(Found("dent county"), ElementsAre("mo.cir.42.dent"));
  EXPECT_THAT(Found("Circuit Court of Dent County"), ElementsAre("mo.cir.42.dent"));
  EXPECT_THAT(Found("St. Charles"), ElementsAre("mo.cir.11.st-charles"));
  EXPECT_THAT(Found("saint charles"), ElementsAre("mo.cir.11.st-charles"));
  EXPECT_THAT(Found("Ste Genevieve"), ElementsAre("mo.cir.24.ste-genevieve"));
  EXPECT_THAT(Found("dent county courthouse"), ElementsAre("mo.cir.42.dent"));
  EXPECT_THAT(Found("Ripley County, Missouri"), ElementsAre("mo.cir.36.ripley"));
  EXPECT_THAT(Found("Ripley County, Mo."), ElementsAre("mo.cir.36.ripley"));
}

TEST(CourtSearchTest, TheCountyAndTheCityOfStLouisAreTwoCourts) {
  // Who does not say which is told of both: the clerk of the one does not file for the other.
  for (const char* text : {"St. Louis", "saint louis", "St.Louis", "St Louis, MO", "ST. LOUIS"}) {
    EXPECT_THAT(Found(text), ElementsAre("mo.cir.21.st-louis", "mo.cir.22.st-louis-city")) << text;
  }
  EXPECT_THAT(Found("St. Louis County"), ElementsAre("mo.cir.21.st-louis"));
  EXPECT_THAT(Found("St. Louis City"), ElementsAre("mo.cir.22.st-louis-city"));
  EXPECT_THAT(Found("City of St. Louis"), Contains("mo.cir.22.st-louis-city"));
}

TEST(CourtSearchTest, ANumberMayBeACircuitAndALocationCode) {
  const CourtSearch search = FindCourts(CourtDirectory::Missouri(), "16");
  ASSERT_EQ(search.matches.size(), 2U);
  EXPECT_EQ(search.matches[0].by, "circuit");
  EXPECT_EQ(search.matches[1].court->id.str(), "mo.cir.16.jackson");
  EXPECT_THAT(Found("SL"), ElementsAre("mo.cir.21.st-louis"));
  EXPECT_THAT(Found("sc"), ElementsAre("mo.sup"));
  EXPECT_THAT(Found("ED"), ElementsAre("mo.app.ed"));
}

TEST(CourtSearchTest, AMunicipalDivisionIsFoundByItsName) {
  EXPECT_THAT(Found("Springfield"), ElementsAre("mo.cir.31.greene.springfield"));
  EXPECT_THAT(Found("Kansas City"), ElementsAre("mo.cir.16.jackson.kansas-city"));
  EXPECT_THAT(Found("Kansas City Municipal Court"), ElementsAre("mo.cir.16.jackson.kansas-city"));
  EXPECT_THAT(Found("Springfield Municipal Court"), ElementsAre("mo.cir.31.greene.springfield"));
  EXPECT_THAT(Found("City of Springfield"), ElementsAre("mo.cir.31.greene.springfield"));
  EXPECT_THAT(Found("City of Nowhere"), IsEmpty());
  EXPECT_THAT(Found("31"), Not(Contains("mo.cir.31.greene.springfield")));
  EXPECT_THAT(Found("mo.cir.31.greene"), testing::SizeIs(9));
  EXPECT_EQ(Found("Greene"), Found("mo.cir.31.greene"));
  EXPECT_THAT(Found("Jackson County"),
              ElementsAre("mo.cir.16.jackson", "mo.cir.16.jackson.kansas-city"));
}

TEST(CourtSearchTest, WordsThatEveryCourtHasAreLookedForOnlyAlone) {
  EXPECT_THAT(Found("Supreme Court of Missouri"), ElementsAre("mo.sup"));
  EXPECT_THAT(Found("the Supreme Court"), ElementsAre("mo.sup"));
  EXPECT_THAT(Found("Missouri Court of Appeals, Western District"), ElementsAre("mo.app.wd"));
  EXPECT_THAT(Found("Missouri"), ElementsAre("mo.sup", "mo.app.ed", "mo.app.sd", "mo.app.wd"));
}

TEST(CourtSearchTest, NearMissesAreOffered) {
  EXPECT_THAT(Meant("Dnet"), Contains("mo.cir.42.dent"));
  EXPECT_THAT(Meant("Reynold"), Contains("mo.cir.42.reynolds"));
  EXPECT_THAT(Meant("Greeene County"), Contains("mo.cir.31.greene"));
  EXPECT_THAT(Meant("mo.cir.42.dnt"), Contains("mo.cir.42.dent"));
  EXPECT_THAT(Meant("Yoknapatawpha"), IsEmpty());
}

TEST(CourtSearchTest, NonsenseFindsNothing) {
  for (const std::string& text :
       {std::string(), std::string("   "), std::string("..."), std::string(5000, 'a'),
        std::string("99999999999999999999"), std::string("47"), std::string("42 43"),
        std::string("0"), std::string("00"), std::string("circuit 0")}) {
    EXPECT_THAT(Meant(text), IsEmpty()) << text;
  }
}

}  // namespace
}  // namespace nightbox
