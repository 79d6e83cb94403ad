// Goal: the directory knows every court of Missouri once, answers for circuits with their courts,
// and never loads a table that contradicts itself.
// Method: the shipped table, and the shipped table with one thing spoilt at a time.
#include "rules/court_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
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

TEST(CourtDirectoryTest, ContradictionsAreRefusedWithLineAndReason) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {Spoilt("court_id,name", "court,name"), "line 1: the columns"},
      {Spoilt(",supreme,", ",highest,"), "line 2: kind \"highest\""},
      {Spoilt("mo.cir.02,", "mo.cir.01,"), "court_id does not fit the circuit"},
      {Spoilt("Clark;Schuyler;Scotland", "Clark;Schuyler"), "line 6: its counties"},
      {Spoilt(",1,ED+WD,", ",1,ED,"), "line 6: its districts"},
      {Spoilt(",1,ED+WD,", ",47,ED+WD,"), "circuit must be 1 to 46"},
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
