// Goal: the directory knows every court of Missouri once, answers for circuits with their courts,
// and never loads a table that contradicts itself.
// Method: the shipped table, and the shipped table with one thing spoilt at a time.
#include "rules/court_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string DataDirectory() { return NIGHTBOX_SOURCE_DIR "/rules/data"; }

std::string ShippedTable() {
  std::ifstream file(DataDirectory() + "/courts.csv");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

const CourtDirectory& Missouri() {
  static const CourtDirectory directory = *CourtDirectory::Load(DataDirectory());
  return directory;
}

std::vector<std::string> Ids(const std::vector<const Court*>& courts) {
  std::vector<std::string> ids;
  ids.reserve(courts.size());
  for (const Court* court : courts) ids.push_back(court->id.str());
  return ids;
}

TEST(CourtDirectoryTest, EveryCourtIsThereOnce) {
  std::map<CourtKind, int> count;
  std::map<std::string, int> counties_of_district;
  for (const Court& court : Missouri().courts()) {
    ++count[court.kind];
    if (court.kind == CourtKind::kCounty) ++counties_of_district[court.appellate_district];
    EXPECT_EQ(Missouri().Find(court.id), &court);
  }
  EXPECT_EQ(count[CourtKind::kSupreme], 1);
  EXPECT_EQ(count[CourtKind::kAppeals], 3);
  EXPECT_EQ(count[CourtKind::kCircuit], 46);
  EXPECT_EQ(count[CourtKind::kCounty], 115);
  EXPECT_EQ(counties_of_district["ED"], 26);
  EXPECT_EQ(counties_of_district["SD"], 44);
  EXPECT_EQ(counties_of_district["WD"], 45);
}

TEST(CourtDirectoryTest, ACircuitIsAnsweredWithItsCourts) {
  EXPECT_FALSE(Missouri().Find(CourtId("mo.cir.42"))->IsDestination());
  EXPECT_THAT(Ids(Missouri().Children(CourtId("mo.cir.42"))),
              ElementsAre("mo.cir.42.crawford", "mo.cir.42.dent", "mo.cir.42.iron",
                          "mo.cir.42.reynolds", "mo.cir.42.wayne"));
  EXPECT_THAT(Missouri().Children(CourtId("mo.cir.42.dent")), IsEmpty());
  EXPECT_THAT(Missouri().Children(CourtId("mo.sup")), IsEmpty());
  EXPECT_TRUE(Missouri().Find(CourtId("mo.cir.42.dent"))->IsDestination());
  EXPECT_EQ(Missouri().Find(CourtId("mo.cir.47")), nullptr);
}

struct CircuitOfTheList {
  int number;
  const char* counties;
  const char* districts;
};

// Written by hand from a list of the circuits and from the sections on the districts (RSMo 477.050
// to 477.070), not from the table.
const CircuitOfTheList kCircuits[] = {
    {1, "Clark, Schuyler, Scotland", "ED+WD"},
    {2, "Adair, Knox, Lewis", "ED+WD"},
    {3, "Grundy, Harrison, Mercer, Putnam", "WD"},
    {4, "Atchison, Gentry, Holt, Nodaway, Worth", "WD"},
    {5, "Andrew, Buchanan", "WD"},
    {6, "Platte", "WD"},
    {7, "Clay", "WD"},
    {8, "Carroll, Ray", "WD"},
    {9, "Chariton, Linn, Sullivan", "WD"},
    {10, "Marion, Monroe, Ralls", "ED"},
    {11, "St. Charles", "ED"},
    {12, "Audrain, Montgomery, Warren", "ED"},
    {13, "Boone, Callaway", "WD"},
    {14, "Howard, Randolph", "WD"},
    {15, "Lafayette, Saline", "WD"},
    {16, "Jackson", "WD"},
    {17, "Cass, Johnson", "WD"},
    {18, "Cooper, Pettis", "WD"},
    {19, "Cole", "WD"},
    {20, "Franklin, Gasconade, Osage", "ED"},
    {21, "St. Louis", "ED"},
    {22, "St. Louis City", "ED"},
    {23, "Jefferson", "ED"},
    {24, "Madison, St. Francois, Ste. Genevieve, Washington", "ED"},
    {25, "Maries, Phelps, Pulaski, Texas", "SD"},
    {26, "Camden, Laclede, Miller, Moniteau, Morgan", "SD+WD"},
    {27, "Bates, Benton, Henry, St. Clair", "SD+WD"},
    {28, "Barton, Cedar, Dade, Vernon", "SD+WD"},
    {29, "Jasper", "SD"},
    {30, "Dallas, Hickory, Polk, Webster", "SD"},
    {31, "Greene", "SD"},
    {32, "Bollinger, Cape Girardeau, Perry", "ED+SD"},
    {33, "Mississippi, Scott", "SD"},
    {34, "New Madrid, Pemiscot", "SD"},
    {35, "Dunklin, Stoddard", "SD"},
    {36, "Butler, Ripley", "SD"},
    {37, "Carter, Howell, Oregon, Shannon", "SD"},
    {38, "Christian", "SD"},
    {39, "Barry, Lawrence, Stone", "SD"},
    {40, "McDonald, Newton", "SD"},
    {41, "Macon, Shelby", "ED+WD"},
    {42, "Crawford, Dent, Iron, Reynolds, Wayne", "SD"},
    {43, "Caldwell, Clinton, Daviess, DeKalb, Livingston", "WD"},
    {44, "Douglas, Ozark, Wright", "SD"},
    {45, "Lincoln, Pike", "ED"},
    {46, "Taney", "SD"},
};

TEST(CourtDirectoryTest, EveryCircuitHasTheCountiesOfASecondListAndTheirDistricts) {
  for (const CircuitOfTheList& listed : kCircuits) {
    const Court* const circuit = Missouri().FindCircuit(listed.number);
    ASSERT_NE(circuit, nullptr) << listed.number;
    EXPECT_EQ(circuit->appellate_district, listed.districts) << listed.number;
    std::string counties;
    std::set<std::string> districts;
    for (const Court* court : Missouri().Children(circuit->id)) {
      EXPECT_THAT(court->name, HasSubstr(court->counties.at(0) == "St. Louis City"
                                             ? "City of St. Louis"
                                             : court->counties[0] + " County"));
      counties += (counties.empty() ? "" : ", ") + court->counties[0];
      districts.insert(court->appellate_district);
    }
    EXPECT_EQ(counties, listed.counties) << listed.number;
    EXPECT_EQ(districts.size() > 1, std::string_view(listed.districts).size() > 2);
  }
  EXPECT_EQ(Missouri().FindCircuit(47), nullptr);
  EXPECT_EQ(Missouri().FindCircuit(0), nullptr);
  EXPECT_EQ(Missouri().FindCircuit(-1), nullptr);
}

TEST(CourtDirectoryTest, SevenCircuitsStraddleDistrictsAndTheCountyHasTheDistrict) {
  std::map<int, std::map<std::string, std::string>> straddling;  // Counties by district.
  for (const Court& court : Missouri().courts()) {
    if (court.kind != CourtKind::kCounty) continue;
    std::string& of = straddling[court.circuit][court.appellate_district];
    of += (of.empty() ? "" : ", ") + court.counties[0];
  }
  std::erase_if(straddling, [](const auto& circuit) { return circuit.second.size() == 1; });
  const std::map<int, std::map<std::string, std::string>> expected = {
      {1, {{"ED", "Clark, Scotland"}, {"WD", "Schuyler"}}},
      {2, {{"ED", "Knox, Lewis"}, {"WD", "Adair"}}},
      {26, {{"SD", "Camden, Laclede"}, {"WD", "Miller, Moniteau, Morgan"}}},
      {27, {{"SD", "St. Clair"}, {"WD", "Bates, Benton, Henry"}}},
      {28, {{"SD", "Barton, Cedar, Dade"}, {"WD", "Vernon"}}},
      {32, {{"ED", "Cape Girardeau, Perry"}, {"SD", "Bollinger"}}},
      {41, {{"ED", "Shelby"}, {"WD", "Macon"}}}};
  EXPECT_EQ(straddling, expected);
}

TEST(CourtDirectoryTest, LocationCodesSayHowSureTheyAre) {
  const Court& boone = *Missouri().Find(CourtId("mo.cir.13.boone"));
  EXPECT_EQ(boone.location_code, "BA");
  EXPECT_EQ(boone.location_code_confidence, LocationCodeConfidence::kVerified);
  const Court& dent = *Missouri().Find(CourtId("mo.cir.42.dent"));
  EXPECT_EQ(dent.location_code, "");
  EXPECT_EQ(dent.location_code_confidence, LocationCodeConfidence::kNone);
  EXPECT_EQ(SyntheticLocationCode(dent), "X1T");
  EXPECT_EQ(SyntheticLocationCode(*Missouri().Find(CourtId("mo.sup"))), "");
}

TEST(CourtDirectoryTest, SyntheticCodesAreDistinctAndCollideWithNoRealOne) {
  std::set<std::string> codes;
  for (const Court& court : Missouri().courts()) {
    if (court.kind != CourtKind::kCounty) continue;
    EXPECT_TRUE(codes.insert(SyntheticLocationCode(court)).second) << court.id.str();
    if (court.location_code.empty()) continue;
    EXPECT_TRUE(codes.insert(court.location_code).second) << court.id.str();
  }
}

TEST(CourtDirectoryTest, SuggestsWhatWasMeant) {
  const auto suggested = [](const char* text) { return Missouri().Suggest(CourtId(text)); };
  EXPECT_EQ(suggested("mo.cir.42.dnet").at(0), CourtId("mo.cir.42.dent"));
  EXPECT_EQ(suggested("dent").at(0), CourtId("mo.cir.42.dent"));
  EXPECT_EQ(suggested("mo.cir.24.dent").at(0), CourtId("mo.cir.42.dent"));
  EXPECT_EQ(suggested("MO.SUP").at(0), CourtId("mo.sup"));
  EXPECT_LE(suggested("mo.cir.4").size(), 3U);
  EXPECT_THAT(suggested("springfield municipal court"), IsEmpty());
  EXPECT_THAT(suggested(""), IsEmpty());
  EXPECT_THAT(Missouri().Suggest(CourtId(std::string(100'000, 'm'))), IsEmpty());
}

// The shipped table with the first `from` made `to`.
std::string Spoilt(const std::string& from, const std::string& to) {
  std::string table = ShippedTable();
  const std::size_t at = table.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return table.replace(at, from.size(), to);
}

std::string WithoutCircuit46() {
  std::string table = ShippedTable();
  const std::size_t at = table.find("\nmo.cir.46,") + 1;
  return table.erase(at, table.find('\n', at) - at + 1);
}

// The shipped table as it was when Benton County was of the 30th circuit, or after its move with
// the id of before.
std::string WithBenton(int circuit) {
  std::string table = Spoilt("mo.cir.27.benton,", "mo.cir.30.benton,");
  if (circuit == 27) return table;
  for (const auto& [from, to] :
       {std::pair("Bates;Benton;Henry;St. Clair", "Bates;Henry;St. Clair"),
        std::pair("30,SD,Dallas;Hickory", "30,SD+WD,Benton;Dallas;Hickory"),
        std::pair("county_court,27,WD,Benton,CT27", "county_court,30,WD,Benton,CT30")}) {
    const std::size_t at = table.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) table.replace(at, std::strlen(from), to);
  }
  return table;
}

TEST(CourtDirectoryTest, ACountyThatMovesToAnotherCircuitKeepsItsCourtsId) {
  const CourtId benton("mo.cir.30.benton");
  for (const int circuit : {30, 27}) {
    const auto directory = CourtDirectory::Parse(WithBenton(circuit), "courts.csv");
    ASSERT_TRUE(directory) << directory.error().message;
    ASSERT_NE(directory->Find(benton), nullptr);
    EXPECT_EQ(directory->Find(benton)->circuit, circuit);
    // Whose status it shares, and who lists it, goes by the table and not by the id.
    for (const int asked : {27, 30}) {
      const auto ids = Ids(directory->Children(directory->FindCircuit(asked)->id));
      EXPECT_EQ(std::ranges::count(ids, benton.str()), asked == circuit ? 1 : 0) << asked;
    }
    EXPECT_THAT(directory->StatusPath(benton),
                ElementsAre(benton, CourtId(CircuitIdOf(circuit)), CourtId("mo")));
  }
}

TEST(CourtDirectoryTest, HowManyCircuitsThereAreIsTheTablesToSay) {
  std::string table = ShippedTable();
  for (const auto& [from, to] : {std::pair("7,WD,Clay,CT07,,", "47,WD,Clay,CT07,,"),
                                 std::pair("mo.cir.07,7th", "mo.cir.47,47th"),
                                 std::pair("county_court,7,WD", "county_court,47,WD")}) {
    const std::size_t at = table.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    table.replace(at, std::strlen(from), to);
  }
  const auto directory = CourtDirectory::Parse(table, "courts.csv");
  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_EQ(directory->FindCircuit(47)->counties.at(0), "Clay");
  EXPECT_EQ(directory->FindCircuit(7), nullptr);
}

TEST(CourtDirectoryTest, ContradictionsAreRefusedWithLineAndReason) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {Spoilt("court_id,name", "court,name"), "line 1: the columns"},
      {Spoilt(",supreme,", ",highest,"), "line 2: kind \"highest\""},
      {Spoilt("mo.cir.02,", "mo.cir.01,"), "court_id does not fit the circuit"},
      {Spoilt("Clark;Schuyler;Scotland", "Clark;Schuyler"), "line 6: its counties"},
      {Spoilt(",1,ED+WD,", ",1,ED,"), "line 6: its districts"},
      {Spoilt(",1,ED+WD,", ",47,ED+WD,"), "court_id does not fit the circuit"},
      {Spoilt(",1,ED+WD,", ",0,ED+WD,"), "circuit must be a number from 1"},
      {WithoutCircuit46(), "its circuit has no row"},
      {Spoilt(",BA,verified", ",SL,verified"), "location code SL"},
      {Spoilt(",BA,verified", ",BA,certain"), "location_code_confidence \"certain\""},
      {Spoilt(",BA,verified", ",BA,"), "go together"},
      {Spoilt(",BA,verified", ",B-,verified"), "other than A-Z"},
      {Spoilt("mo.cir.42.iron,", "mo.cir.42.dent,"), "court_id occurs twice"},
      {Spoilt(",42,SD,Iron,", ",42,SD,Dent,"), "the county has a court already"},
      {Spoilt(",29065,", ",30065,"), "fips"},
      {ShippedTable() + "mo.sup\n", "line 167: has 1 fields"},
      {ShippedTable() + "x", "the last line has no end"},
      {"", "empty"},
  };
  ASSERT_TRUE(CourtDirectory::Parse(ShippedTable(), "courts.csv").has_value());
  for (const auto& [table, reason] : cases) {
    const auto loaded = CourtDirectory::Parse(table, "courts.csv");
    ASSERT_FALSE(loaded.has_value()) << reason;
    EXPECT_THAT(loaded.error().message, HasSubstr("courts.csv line "));
    EXPECT_THAT(loaded.error().message, HasSubstr(reason));
  }
  EXPECT_EQ(CourtDirectory::Load("/nonexistent").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace nightbox
