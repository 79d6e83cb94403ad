// Goal: the directory of a court system is loaded as it says, or refused with file, line and
// reason; every value knows how far it is to be trusted, and an acceptance covers precisely what it
// names. Method: the shipped sample, whole and changed line by line.
#include "rules/court_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "rules/csv.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

using testing::Contains;
using testing::Each;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

using Files = std::map<std::string, std::string>;

std::string ReadText(const std::string& name) {
  std::ifstream in(NIGHTBOX_SOURCE_DIR "/ops/court-systems/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string Sample() { return ReadText("missouri/system.toml"); }

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

Result<CourtSystem> Load(const Files& files) { return LoadCourtSystem(files, "cs"); }
Result<CourtSystem> LoadToml(const std::string& toml) { return Load({{"system.toml", toml}}); }

CourtSystem Good(const Files& files) {
  auto loaded = Load(files);
  EXPECT_TRUE(loaded) << loaded.error().message;
  return loaded ? *std::move(loaded) : CourtSystem{};
}

std::string RefusalOf(const Files& files) {
  const auto loaded = Load(files);
  return loaded ? "loaded" : loaded.error().message;
}
std::string RefusalOf(const std::string& toml) { return RefusalOf(Files{{"system.toml", toml}}); }

const char kLeast[] = "[court_system]\nname = \"A\"\n";

TEST(CourtSystemTest, TheSampleLoads) {
  const CourtSystem system = Good({{"system.toml", Sample()}});
  EXPECT_EQ(system.name, "Missouri");
  ASSERT_THAT(system.statements, SizeIs(2));
  EXPECT_EQ(system.statements[0].document_size_max_bytes->value, 7'000'000);
  EXPECT_EQ(system.statements[0].document_size_max_bytes->from.standing, Standing::kRecalled);
  EXPECT_TRUE(system.statements[0].time_zone->confirmed());
  EXPECT_EQ(system.statements[1].id, "mo.app.*");
  EXPECT_EQ(system.statements[1].filing_size_max_bytes->value, 300'000'000);
  EXPECT_EQ(system.records_custodian->value.clause, "COR 2");
  EXPECT_EQ(system.statements[1].records_custodian->value.clause, "COR 2.08");
  EXPECT_EQ(system.statements[1].fees->value.collected_by, "the clerk of that district");
  EXPECT_FALSE(system.statements[0].records_custodian || system.statements[0].fees);
  ASSERT_THAT(system.duty_contacts, SizeIs(1));
  EXPECT_EQ(FormatDay(*system.duty_contacts[0].from.effective_from), "2026-01-01");
  EXPECT_THAT(system.duty_contacts[0].value.courts, IsEmpty());
  EXPECT_FALSE(system.duty_contacts[0].value.is_public);
  EXPECT_EQ(CustodianWords(system.records_custodian->value),
            "the appointing authority of each clerk's office");
  EXPECT_EQ(system.rules.unavailability.value, "mo.103.06");
  EXPECT_EQ(system.deadlines.unavailability_rule, "mo.103.06");
  EXPECT_NE(system.courts.Find(CourtId("mo.cir.42.dent")), nullptr);
}

TEST(CourtSystemTest, TheSamplesShowEveryKeyAndNoOther) {
  std::set<std::string> shown;
  for (const std::string& text : {Sample(), ReadText("acceptance.sample.toml")}) {
    std::string section;
    // Whether the keys beneath are its own, and not those of every stated value.
    bool values_own = false;
    std::istringstream lines(text);
    const std::regex heading(R"(\[\[?([a-z_]+)(\.[a-z_]+)?\]\]?)");
    const std::regex key(R"(([a-z0-9_]+) = .*)");
    for (std::string line; std::getline(lines, line);) {
      std::smatch match;
      if (std::regex_match(line, match, heading)) {
        section = match[1].str() + match[2].str();
        values_own = section.ends_with(".records_custodian") || section.ends_with(".fees");
        if (match[2].matched && !values_own) shown.insert(section);
      } else if (std::regex_match(line, match, key) &&
                 (values_own || section.find('.') == std::string::npos)) {
        shown.insert(section + "." + match[1].str());
      }
    }
  }
  EXPECT_EQ(shown, CourtSystemKeys());
}

TEST(CourtSystemTest, EveryUnconfirmedValueIsNamedWithItsPlaceSourceAndQuestion) {
  const CourtSystem system = Good({{"system.toml", Sample()}});
  EXPECT_THAT(system.unconfirmed, Each(Field(&UnconfirmedValue::ask, Not(IsEmpty()))));
  const auto named = [&](const std::string& key) {
    return std::ranges::any_of(system.unconfirmed,
                               [&](const UnconfirmedValue& v) { return v.key == key; });
  };
  for (const char* key : {"courts.document_size_max_bytes",
                          "court[mo.app.*].filing_size_max_bytes",
                          "courts.receipt_authority",
                          "records_custodian",
                          "courts.enabled",
                          "court[mo.app.*].records_custodian",
                          "court[mo.app.*].fees",
                          "duty_contact[operator of the case system]",
                          "fees",
                          "rules.public_access",
                          "unavailability.csv mo.103.06 motion_days",
                          "circuit_membership.csv Taney 2017-01-01",
                          "case_number_years.csv converted",
                          "case_number_years.csv new_construct",
                          "case_number_lengths.csv uniform_citation number",
                          "case_categories.csv new_construct CC",
                          "case_categories.csv appellate SC",
                          "official_record.csv docket_sheet 1",
                          "official_record_kinds.csv citation category TR",
                          "courts.csv mo.cir.35.stoddard"}) {
    EXPECT_TRUE(named(key)) << key;
  }
  for (const char* key : {"courts.time_zone", "rules.civil_periods", "court_system.name",
                          "case_categories.csv interim CR"}) {
    EXPECT_FALSE(named(key)) << key;
  }
}

TEST(CourtSystemTest, WordsSayPlaceValueStandingSourceAndQuestion) {
  const CourtSystem system = Good({{"system.toml", Sample()}});
  const auto found = std::ranges::find(system.unconfirmed, "courts.document_size_max_bytes",
                                       &UnconfirmedValue::key);
  ASSERT_NE(found, system.unconfirmed.end());
  EXPECT_THAT(UnconfirmedWords(*found),
              testing::MatchesRegex("cs/system.toml line [0-9]+: courts.document_size_max_bytes = "
                                    "7000000 \\(recalled\\)\n    source: a private site.*\n    Ask "
                                    "the Office.*"));
}

TEST(CourtSystemTest, WhatNobodyStatesIsTheProgramsAndUnconfirmed) {
  const CourtSystem system = Good({{"system.toml", kLeast}});
  EXPECT_EQ(system.statements, std::vector{DefaultCourtStatement()});
  for (const char* key : {"courts.document_size_max_bytes", "courts.time_zone", "fees",
                          "rules.unavailability", "records_custodian", "duty_contact"}) {
    EXPECT_THAT(system.unconfirmed, Contains(Field(&UnconfirmedValue::key, key)));
  }
}

TEST(CourtSystemTest, ABareValueIsUnconfirmedAndATableMayConfirmIt) {
  const std::string bare = std::string(kLeast) + "[courts]\ndocuments_max = 7\n";
  const std::string table = std::string(kLeast) +
                            "[courts]\ndocuments_max = { value = 7, standing = \"confirmed\", "
                            "source = \"letter\", effective_from = \"2026-01-01\" }\n";
  const auto is_named = Contains(Field(&UnconfirmedValue::key, "courts.documents_max"));
  EXPECT_THAT(Good({{"system.toml", bare}}).unconfirmed, is_named);
  const CourtSystem confirmed = Good({{"system.toml", table}});
  EXPECT_THAT(confirmed.unconfirmed, Not(is_named));
  EXPECT_EQ(confirmed.statements[0].documents_max->value, 7);
  EXPECT_EQ(confirmed.statements[0].documents_max->from.source, "letter");
}

TEST(CourtSystemTest, MistakesAreRefusedWithFileLineAndReason) {
  const std::pair<const char*, const char*> wrong[] = {
      {"name = \"Missouri\"", ""},
      {"name = \"Missouri\"", "nmae = \"Missouri\""},
      {"[fees]", "[feees]"},
      {"value = 7000000", "value = 0"},
      {"value = 100000000", "value = 100000001"},
      {"value = 21000000", "value = 500000001"},
      {"value = 7000000", "value = \"7 MB\""},
      {"value = 7000000", ""},
      {"value = 100\nstanding", "value = 101\nstanding"},
      {"value = [\"application/pdf\"]", "value = []"},
      {"value = [\"application/pdf\"]", "value = [\"pdf\"]"},
      {"value = [\"application/pdf\"]", "value = [\"application/pdf\", \"application/pdf\"]"},
      {"filer_classes = []", "filer_classes = [\"Attorneys at Law\"]"},
      {"case_types = []", "case_types = [\"\"]"},
      {"value = \"UNDECIDED\"", "value = \"GATEWAY\""},
      {"value = \"UNDECIDED\"", "value = \"MAYBE\""},
      {"value = \"UNDECIDED\"\nstanding = \"unconfirmed\"",
       "value = \"CASE_SYSTEM\"\nstanding = \"confirmed\""},
      {"office = \"the clerk of that district", "name2 = \"the clerk of that district"},
      {"[court.records_custodian]", "[court.custodian]"},
      {"collected_by = \"the clerk of that district\"\npolicy", "policy2"},
      {"value = \"America/Chicago\"", "value = \"America/Springfield\""},
      {"source = \"all of Missouri", "ask = \"all of Missouri"},
      {"standing = \"recalled\"", "standing = \"sure\""},
      {"effective_from = \"2026-01-01\"", "effective_from = \"2026-02-30\""},
      {"id = \"mo.app.*\"", ""},
      {"office = \"the appointing", "name2 = \"the appointing"},
      {"role = \"operator of the case system\"", ""},
      {"courts = []", "courts = [\"\"]"},
      {"public = false", "public = \"no\""},
      {"value = \"mo.103.06\"", "value = \"mo.103.07\""},
      {"value = \"44.01\"", "value = \"44.02\""},
      {"value = \"mo.cor.2\"", "value = \"mo.cor.3\""},
      {"value = \"mo.cor.2\"", "value = \"mo.cor\""},
      {"value = \"mo.cor.2\"", "value = \"mo.cor.2/2010\""},
      {"value = \"mo.cor.2\"", "value = \"none\""},
  };
  for (const auto& [from, to] : wrong) {
    EXPECT_THAT(RefusalOf(Replaced(Sample(), from, to)),
                testing::MatchesRegex("cs/system.toml line [0-9]+: (.|\n)+"))
        << to;
  }
  const std::string two = Replaced(Replaced(Sample(), "value = 7000000", "value = 0"),
                                   "value = \"UNDECIDED\"", "value = \"MAYBE\"");
  EXPECT_THAT(RefusalOf(two), testing::AllOf(HasSubstr("document_size_max_bytes.value: must be"),
                                             HasSubstr("receipt_authority: must be")));
}

// What it is worth is the policy's to say (CourtPolicyTest): a trial may ask what it would be like.
TEST(CourtSystemTest, WhoseTimeCountsIsNamedUntilAnOrderConfirmsIt) {
  const auto system = [](const std::string& courts) {
    return Good({{"system.toml", kLeast + ("[courts]\n" + courts)}});
  };
  const auto named = Contains(Field(&UnconfirmedValue::key, "courts.receipt_authority"));
  const CourtSystem hearsay =
      system("receipt_authority = \"GATEWAY\"\nreceipt_authority_citation = \"ask Bob\"\n");
  EXPECT_THAT(hearsay.unconfirmed, named);
  EXPECT_FALSE(hearsay.statements[0].receipt_authority->confirmed());
  EXPECT_THAT(system("receipt_authority = \"CASE_SYSTEM\"\n").unconfirmed, named);
  for (const char* authority : {"GATEWAY", "CASE_SYSTEM"}) {
    const std::string confirmed = "receipt_authority = { value = \"" + std::string(authority) +
                                  "\", standing = \"confirmed\", source = \"a letter\" }\n";
    EXPECT_THAT(system(confirmed + "receipt_authority_citation = \"Order 5\"\n").unconfirmed,
                Not(named));
    EXPECT_THAT(
        RefusalOf(kLeast + ("[courts]\n" + confirmed)),
        HasSubstr("receipt_authority: " + std::string(authority[0] == 'G' ? "" : "a confirmed ") +
                  authority + " needs receipt_authority_citation"));
  }
}

const char kOwnCustodian[] =
    "[[court]]\nid = \"mo.cir.16.*\"\n[court.records_custodian]\noffice = \"clerk\"\n"
    "[court.fees]\npolicy = \"p\"\nstanding = \"confirmed\"\nsource = \"letter\"\n";

TEST(CourtSystemTest, ACourtMayStateACustodianAndFeesOfItsOwn) {
  const CourtSystem system = Good({{"system.toml", kLeast + std::string(kOwnCustodian)}});
  ASSERT_THAT(system.statements, SizeIs(2));
  EXPECT_EQ(system.statements[1].records_custodian->value.office, "clerk");
  EXPECT_EQ(system.statements[1].fees->from.source, "letter");
  EXPECT_THAT(system.unconfirmed,
              Contains(Field(&UnconfirmedValue::key, "court[mo.cir.16.*].records_custodian")));
  EXPECT_THAT(system.unconfirmed,
              Not(Contains(Field(&UnconfirmedValue::key, "court[mo.cir.16.*].fees"))));
  const auto asked = std::ranges::find(system.unconfirmed, "court[mo.cir.16.*].records_custodian",
                                       &UnconfirmedValue::key);
  EXPECT_THAT(asked->ask, HasSubstr("custodian of its records"));
  // Of the court system itself nothing is stated, and that is named as before.
  EXPECT_THAT(system.unconfirmed, Contains(Field(&UnconfirmedValue::key, "records_custodian")));
  EXPECT_FALSE(system.records_custodian || system.fees);
}

TEST(CourtSystemTest, TheRuleOnUnavailabilityIsTheOneThatLastDaysAreComputedFrom) {
  const std::string other = Replaced(Sample(), "value = \"mo.103.06\"", "value = \"tn.sct.46.5\"");
  const CourtSystem system = Good({{"system.toml", other}});
  EXPECT_EQ(system.deadlines.unavailability_rule, "tn.sct.46.5");
}

TEST(CourtSystemTest, TheWaysOfCountingThatHoldAreHandedToWhatCounts) {
  const CourtSystem system =
      Good({{"system.toml", std::string(kLeast) + "[rules]\ncivil_periods = \"506.060\"\n"
                                                  "criminal_periods = \"1.040\"\n"}});
  EXPECT_EQ(system.deadlines.civil_periods, "506.060");
  EXPECT_EQ(system.deadlines.criminal_periods, "1.040");
}

TEST(CourtSystemTest, ATableOfTheDirectoryReplacesTheCompiledIn) {
  const std::string header = "court_id,form,first_day,last_day,kind,reason,confirmed,source\n";
  const std::string row = "mo.cir.07.clay,days,2024-07-01,2024-07-01,order,outage,no,a report\n";
  const CourtSystem system = Good({{"system.toml", kLeast}, {"closures.csv", header + row}});
  ASSERT_THAT(system.deadlines.calendar.closures.all(), SizeIs(1));
  const auto found = std::ranges::find(system.unconfirmed, "closures.csv mo.cir.07.clay 2024-07-01",
                                       &UnconfirmedValue::key);
  ASSERT_NE(found, system.unconfirmed.end());
  EXPECT_EQ(found->file, "cs/closures.csv");
  EXPECT_EQ(found->line, 2);
  EXPECT_THAT(RefusalOf(Files{{"system.toml", kLeast}, {"closures.csv", header + row + "mo,x\n"}}),
              HasSubstr("cs/closures.csv line 3: "));
}

TEST(CourtSystemTest, TheCircuitsChoicesOfCategoriesMayStandBesideIt) {
  const std::string header = "circuit,year,category,chosen,source,confirmed\n";
  const CourtSystem system = Good(
      {{"system.toml", kLeast}, {"category_choices.csv", header + "42,2020,SC,no,a letter,no\n"}});
  EXPECT_THAT(system.category_choices.In(42, 2024).codes, Not(Contains("SC")));
  EXPECT_THAT(system.unconfirmed,
              Contains(Field(&UnconfirmedValue::key, "category_choices.csv 42 2020 SC")));
  EXPECT_THAT(
      RefusalOf(Files{{"system.toml", kLeast}, {"category_choices.csv", header + "42,x\n"}}),
      HasSubstr("cs/category_choices.csv line 2: "));
}

const char kContact[] =
    "[[duty_contact]]\nrole = \"help desk\"\nphone = \"1\"\ncourts = [\"mo.app.*\"]\npublic = "
    "true\n";

TEST(CourtSystemTest, AContactIsForTheCourtsItNamesAndPublicOnlyWhereItSaysSo) {
  const CourtSystem system = Good({{"system.toml", kLeast + std::string(kContact)}});
  ASSERT_THAT(system.duty_contacts, SizeIs(1));
  EXPECT_THAT(system.duty_contacts[0].value.courts, testing::ElementsAre("mo.app.*"));
  EXPECT_TRUE(system.duty_contacts[0].value.is_public);
  // Both are part of what is accepted.
  std::set<Digest> accepted{system.values()};
  for (const auto& [from, to] :
       {std::pair("public = true", "public = false"), std::pair("mo.app.*", "mo.sup")}) {
    const std::string other = Replaced(kContact, from, to);
    EXPECT_TRUE(accepted.insert(Good({{"system.toml", kLeast + other}}).values()).second) << from;
  }
}

// One table a row: its header, a row that nobody has confirmed, what that is called, and a row that
// is refused.
struct OwnTable {
  const char* name;
  const char* header;
  const char* row;
  const char* key;
  const char* wrong;
};

const OwnTable kOwnTables[] = {
    {"case_number_years.csv", "form,first_year,last_year,confirmed,clause,remark\n",
     "new_construct,2010,2050,no,R 1,r\n", "case_number_years.csv new_construct",
     "new_construct,2010,2050,no,R 1,r\n"},
    {"separate_files.csv", "rule,part,word,effective_from,clause,source,confirmed\n",
     "children,category,XY,2010-01-01,R 2,order,no\n", "separate_files.csv children category XY",
     "children,colour,red,2010-01-01,R 2,order,no\n"},
    {"official_record.csv",
     "sheet,number,id,element,known_from,effective_from,clause,source,confirmed\n",
     "docket_sheet,1,judge,Judge,case_system,2010-01-01,R "
     "3,order,no\nbacker_sheet,1,bond,Bond,filing,2010-01-01,R 3,"
     "order,yes\n",
     "official_record.csv docket_sheet 1",
     "docket_sheet,3,bond,Bond,filing,2010-01-01,R 3,order,yes\n"},
    {"official_record_kinds.csv", "kind,part,words,effective_from,clause,source,confirmed\n",
     "citation,category,XY,2010-01-01,R 3,order,no\n",
     "official_record_kinds.csv citation category XY",
     "civil,category,XY,2010-01-01,R 3,order,no\n"},
    {"access_categories.csv",
     "category,kind,juvenile,mental_health,chapter_455,effective_from,confirmed,source\n",
     "XY,civil,no,no,no,2010-01-01,no,order\n", "access_categories.csv XY",
     "XY,civil,no,no,no,2010-01-01,no,order\n"},
    {"access.csv",
     "version,effect,requester,inquiry,kind,element,condition,clause,confirmed,source,why\n",
     "mo.cor.2/2010,deny,public,*,*,judge,,R 4,no,order,because\n", "access.csv mo.cor.2/2010 deny",
     "mo.cor.2/1999,allow,public,*,*,judge,,R 4,no,order,\n"},
    {"case_number_lengths.csv", "form,part,first_year,shortest,longest,confirmed,clause,source\n",
     "uniform_citation,number,,7,12,no,R 1,letter\n",
     "case_number_lengths.csv uniform_citation number",
     "uniform_citation,number,,7,13,no,R 1,letter\n"}};

TEST(CourtSystemTest, EveryTableOfTheRulesMayStandInTheDirectory) {
  const CourtSystem compiled_in = Good({{"system.toml", kLeast}});
  for (const OwnTable& table : kOwnTables) {
    const std::string text = std::string(table.header) + table.row;
    const CourtSystem own = Good({{"system.toml", kLeast}, {table.name, text}});
    EXPECT_NE(own.values(), compiled_in.values()) << table.name;
    const auto named = std::ranges::find(own.unconfirmed, table.key, &UnconfirmedValue::key);
    ASSERT_NE(named, own.unconfirmed.end()) << table.name;
    EXPECT_EQ(named->file, "cs/" + std::string(table.name));
    EXPECT_EQ(named->line, 2);
    EXPECT_EQ(std::ranges::count(own.unconfirmed, std::string(table.name) + " (compiled in)",
                                 &UnconfirmedValue::file),
              0)
        << table.name;
    const auto lines = std::ranges::count(text, '\n');
    EXPECT_THAT(RefusalOf(Files{{"system.toml", kLeast}, {table.name, text + table.wrong}}),
                testing::StartsWith("cs/" + std::string(table.name) + " line " +
                                    std::to_string(lines + 1) + ": "));
  }
}

TEST(CourtSystemTest, ItsTablesAreTheOnesThatAreAsked) {
  Files files{{"system.toml", kLeast}};
  for (const OwnTable& table : kOwnTables) {
    files[table.name] = std::string(table.header) + table.row;
  }
  const CourtSystem system = Good(files);
  EXPECT_EQ(FullYear(CaseNumberForm::kNewConstruct, "09", system.case_years), std::nullopt);
  EXPECT_FALSE(FindCaseYears(CaseNumberForm::kInterim, system.case_years));
  EXPECT_EQ(NumberOptions(system.case_lengths).citation_digits_max, 12U);
  FilingHeader header;
  header.case_reference = NewCase{"JU", "", "", {{"A", "child"}, {"B", "child"}}};
  EXPECT_THAT(FindSeparateFiles(header), SizeIs(1));
  EXPECT_THAT(FindSeparateFiles(header, system.separate_files), IsEmpty());
  EXPECT_EQ(SheetFor({"", "XY", "", false}, system.official_record).sheet,
            RecordSheet::kBackerSheetAsDocketSheet);
  EXPECT_EQ(SheetFor({"", "xy", "", false}, system.official_record).sheet,
            RecordSheet::kBackerSheetAsDocketSheet);
  EXPECT_EQ(SheetFor({"7034800", "", "", false}, system.official_record).sheet,
            RecordSheet::kBackerSheetAsDocketSheet);
  EXPECT_EQ(SheetFor({"7034800", "", "", false}).sheet, RecordSheet::kDocketSheet);
  EXPECT_THAT(RowsOf(RecordSheet::kDocketSheet, {}, false, system.official_record), SizeIs(1));
  ASSERT_NE(FindAccessCategory("XY", system.access_categories), nullptr);
  EXPECT_NE(FindAccessCategory("xy", system.access_categories), nullptr);
  EXPECT_EQ(FindAccessCategory("CR", system.access_categories), nullptr);
}

// What the product shows of itself is no court's to open or to close.
TEST(CourtSystemTest, ThePolicyOnPublicAccessKeepsTheProductsOwnRules) {
  const OwnTable& access = kOwnTables[5];
  ASSERT_STREQ(access.name, "access.csv");
  const std::string text = std::string(access.header) + access.row;
  const auto own_rules = [](const CourtSystem& system) {
    return std::ranges::count_if(
        system.public_access.versions().front().rules,
        [](const AccessRule& rule) { return rule.clause.starts_with("Nightbox"); });
  };
  const CourtSystem own = Good({{"system.toml", kLeast}, {"access.csv", text}});
  EXPECT_GT(own_rules(own), 5);
  EXPECT_EQ(own_rules(own), own_rules(Good({{"system.toml", kLeast}})));
  EXPECT_THAT(
      RefusalOf(Files{{"system.toml", kLeast},
                      {"access.csv", text + "nightbox,allow,operator,*,*,party_name,,C,yes,"
                                            "order,\n"}}),
      HasSubstr("cs/access.csv line 3: the rows of version nightbox are the product's own"));
}

TEST(CourtSystemTest, TheVersionsOnPublicAccessAreThoseOfTheRuleThatHolds) {
  const std::string versions =
      "version,effective_from,carries_over,closing_clause,confirmed,closing_why,source\n"
      "none,1900-01-01,,C,no,why,order\nks.1/a,2010-01-01,,C,no,why,order\n";
  const std::string rules =
      std::string(kOwnTables[5].header) + "ks.1/a,allow,public,*,*,judge,,C,no,order,\n";
  const std::string toml = kLeast + std::string("[rules]\npublic_access = \"ks.1\"\n");
  const Files files{{"access_versions.csv", versions}, {"access.csv", rules}};
  const auto with = [&](const std::string& system, const std::string& more) {
    Files changed = files;
    changed["system.toml"] = system;
    changed["access_versions.csv"] += more;
    return changed;
  };
  const CourtSystem system = Good(with(toml, ""));
  EXPECT_THAT(system.public_access.versions(), SizeIs(2));
  EXPECT_THAT(system.unconfirmed,
              Contains(Field(&UnconfirmedValue::key, "access_versions.csv ks.1/a")));
  EXPECT_THAT(RefusalOf(with(kLeast, "")),
              HasSubstr("cs/system.toml: rules.public_access: \"mo.cor.2\" is not in "
                        "cs/access_versions.csv"));
  EXPECT_THAT(RefusalOf(with(toml, "mo.cor.2/b,2020-01-01,,C,no,why,order\n")),
              HasSubstr("line 4: rules.public_access: \"ks.1\" is not the only policy of "
                        "cs/access_versions.csv, which has mo.cor.2/b"));
  EXPECT_THAT(RefusalOf(with(toml, "ks.1/b,2009-01-01,,C,no,why,order\n")),
              HasSubstr("cs/access_versions.csv line 4: versions stand in order"));
}

TEST(CourtSystemTest, AnUnknownFileOrNoSystemIsRefused) {
  EXPECT_THAT(RefusalOf(Files{{"system.toml", kLeast}, {"holiday.csv", ""}}),
              HasSubstr("cs/holiday.csv: there is no such file"));
  EXPECT_THAT(RefusalOf(Files{}), HasSubstr("system.toml is missing"));
}

TEST(CourtSystemTest, SizesAreBounded) {
  std::string large = kLeast;
  large += '#' + std::string(kCourtSystemFileMaxBytes - large.size() - 2, 'x') + '\n';
  ASSERT_EQ(large.size(), kCourtSystemFileMaxBytes);
  EXPECT_TRUE(LoadToml(large));
  EXPECT_THAT(RefusalOf(large + "\n"), HasSubstr("is larger than 1048576 bytes"));

  std::string rows = "court_id,location_code,name,confirmed,source\n";
  while (static_cast<std::size_t>(std::ranges::count(rows, '\n')) <= kCourtSystemRowsMax) {
    rows += "x,x,x,no,x\n";
  }
  EXPECT_THAT(RefusalOf(Files{{"system.toml", kLeast}, {"filing_locations.csv", rows}}),
              HasSubstr("cs/filing_locations.csv line 10001: at most"));

  const std::size_t unconfirmed = Good({{"system.toml", kLeast}}).unconfirmed.size();
  std::string closures(EmbeddedRulesData("closures.csv"));
  for (std::size_t i = unconfirmed; i < kUnconfirmedValuesMax; ++i) {
    closures += "mo,days,2024-07-01,2024-07-01,order,r,no,s\n";
  }
  EXPECT_TRUE(Load({{"system.toml", kLeast}, {"closures.csv", closures}}));
  closures += "mo,days,2024-07-01,2024-07-01,order,r,no,s\n";
  EXPECT_THAT(RefusalOf(Files{{"system.toml", kLeast}, {"closures.csv", closures}}),
              HasSubstr("more than 2000 values are unconfirmed"));

  std::string courts = kLeast;
  for (std::size_t i = 0; i < kCourtStatementsMax; ++i) courts += "[[court]]\nid = \"mo.sup\"\n";
  EXPECT_TRUE(LoadToml(courts));
  EXPECT_THAT(RefusalOf(courts + "[[court]]\nid = \"mo.sup\"\n"), HasSubstr("at most 1000"));

  std::string contacts = kLeast;
  for (std::size_t i = 0; i < kDutyContactsMax; ++i) {
    contacts += "[[duty_contact]]\nrole = \"r\"\nphone = \"1\"\n";
  }
  EXPECT_TRUE(LoadToml(contacts));
  EXPECT_THAT(RefusalOf(contacts + "[[duty_contact]]\nrole = \"r\"\nphone = \"1\"\n"),
              HasSubstr("at most 32"));

  const auto named = [](std::size_t size) {
    return "[court_system]\nname = \"" + std::string(size, 'n') + "\"\n";
  };
  EXPECT_TRUE(LoadToml(named(kCourtSystemTextMax)));
  EXPECT_THAT(RefusalOf(named(kCourtSystemTextMax + 1)), HasSubstr("longer than 1000"));
}

std::string AcceptanceOf(const CourtSystem& system) {
  return Replaced(ReadText("acceptance.sample.toml"), std::string(64, '0'), system.values().Hex());
}

TEST(AcceptanceTest, UnconfirmedValuesNeedANamedPersonsAcceptance) {
  const CourtSystem system = Good({{"system.toml", Sample()}});
  const auto none = CheckAccepted(system);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().reason, "VALUES_NOT_ACCEPTED");
  EXPECT_THAT(none.error().message,
              testing::AllOf(HasSubstr("nobody has accepted"), HasSubstr(system.values().Hex())));
  const Files files{{"system.toml", Sample()}, {"acceptance.toml", AcceptanceOf(system)}};
  const CourtSystem accepted = Good(files);
  EXPECT_TRUE(CheckAccepted(accepted));
  EXPECT_EQ(accepted.acceptance->person, "Pat Example");
  EXPECT_EQ(FormatDay(accepted.acceptance->date), "2026-11-22");
}

TEST(AcceptanceTest, AChangedValueStandingOrSourceNeedsANewOneAndACommentDoesNot) {
  const std::string acceptance = AcceptanceOf(Good({{"system.toml", Sample()}}));
  const auto accepted = [&](const std::string& toml) {
    return CheckAccepted(Good({{"system.toml", toml}, {"acceptance.toml", acceptance}}))
        .has_value();
  };
  EXPECT_TRUE(accepted("# A comment, which moves every line.\n" + Sample()));
  EXPECT_FALSE(accepted(Replaced(Sample(), "value = 7000000", "value = 7000001")));
  EXPECT_FALSE(
      accepted(Replaced(Sample(), "standing = \"recalled\"", "standing = \"unconfirmed\"")));
  EXPECT_FALSE(accepted(Replaced(Sample(), "source = \"Nightbox's own bound\"", "source = \"x\"")));
  // Fewer unconfirmed values are other values, too.
  EXPECT_FALSE(accepted(Replaced(Sample(), "standing = \"recalled\"", "standing = \"confirmed\"")));
}

TEST(AcceptanceTest, WhoWhenAndWhatAreRequired) {
  for (const char* line : {"person = \"Pat Example\"", "office = \"State Courts Administrator\"",
                           "date = \"2026-11-22\"", "[acceptance]"}) {
    const std::string text = Replaced(ReadText("acceptance.sample.toml"), line, "");
    EXPECT_THAT(RefusalOf(Files{{"system.toml", kLeast}, {"acceptance.toml", text}}),
                HasSubstr("cs/acceptance.toml"))
        << line;
  }
  EXPECT_THAT(RefusalOf(Files{{"system.toml", kLeast}, {"acceptance.toml", ""}}),
              HasSubstr("acceptance.person: is required"));
}

TEST(UnconfirmedTest, TheDigestIsThatOfTheValuesInWhateverOrder) {
  const UnconfirmedValue one{.key = "a", .value = "1", .source = "s"};
  UnconfirmedValue two = one;
  two.key = "b";
  EXPECT_EQ(UnconfirmedDigest({one, two}), UnconfirmedDigest({two, one}));
  UnconfirmedValue elsewhere = one;
  elsewhere.file = "f";
  elsewhere.line = 7;
  elsewhere.ask = "another question";
  EXPECT_EQ(UnconfirmedDigest({one}), UnconfirmedDigest({elsewhere}));
  EXPECT_NE(UnconfirmedDigest({one}), UnconfirmedDigest({one, one}));
  // Nothing moves from one member to the next unseen.
  EXPECT_NE(UnconfirmedDigest({{.key = "a", .value = "b"}}),
            UnconfirmedDigest({{.key = "ab", .value = ""}}));
}

// How many rows of the table nobody has confirmed; nothing if it does not say.
std::optional<std::ptrdiff_t> Marked(const std::string& name, const CourtSystem& system) {
  const auto rows = ParseCsv(EmbeddedRulesData(name), name);
  EXPECT_TRUE(rows) << name;
  if (!rows) return std::nullopt;
  const std::vector<std::string>& columns = rows->front().fields;
  const auto standing = std::ranges::find_if(columns, [](const std::string& column) {
    return column == "confirmed" || column == "location_code_confidence";
  });
  if (standing == columns.end()) return std::nullopt;
  const auto at = static_cast<std::size_t>(standing - columns.begin());
  return std::ranges::count_if(*rows, [&](const CsvRow& row) {
    // Other courts' rules are there to be compared with.
    if (name == "unavailability.csv" && row.fields[0] != system.rules.unavailability.value) {
      return false;
    }
    const std::string& word = row.fields[at];
    return word == "no" || word == "recalled" || word == "verified-indirect";
  });
}

// The tables that do not know something of some of their courts, by a look at them: each names that
// once, for all those courts together.
const std::set<std::string> kTablesThatLeaveSomethingUnsaid = {
    "courts.csv", "municipal_divisions.csv", "filing_locations.csv", "circuit_membership.csv",
    "category_choices.csv"};

// A table that were forgotten would hide what nobody has confirmed.
TEST(UnconfirmedTest, EveryMarkedRowOfEveryTableThatIsCompiledInIsNamed) {
  const CourtSystem system = Good({{"system.toml", kLeast}});
  int walked = 0;
  for (const auto& entry : std::filesystem::directory_iterator(NIGHTBOX_SOURCE_DIR "/rules/data")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".csv")) continue;
    const auto marked = Marked(name, system);
    if (!marked) continue;
    ++walked;
    EXPECT_EQ(
        std::ranges::count(system.unconfirmed, name + " (compiled in)", &UnconfirmedValue::file),
        *marked + static_cast<std::ptrdiff_t>(kTablesThatLeaveSomethingUnsaid.count(name)))
        << name;
  }
  EXPECT_GE(walked, 15);
}

std::string UnknownValue(const CourtSystem& system, const std::string& key) {
  const auto found = std::ranges::find(system.unconfirmed, key, &UnconfirmedValue::key);
  return found == system.unconfirmed.end() ? "" : found->value;
}

// The fields of the rows of county courts.
std::vector<std::vector<std::string>> CountyCourts() {
  std::vector<std::vector<std::string>> found;
  for (const CsvRow& row : *ParseCsv(EmbeddedRulesData("courts.csv"), "courts.csv")) {
    if (row.fields[2] == "county_court") found.push_back(row.fields);
  }
  return found;
}

TEST(UnconfirmedTest, WhatTheTablesOfCourtsDoNotKnowIsNamedWithTheCourts) {
  const CourtSystem system = Good({{"system.toml", kLeast}});
  std::string without_code;
  int count = 0;
  for (const auto& fields : CountyCourts()) {
    if (!fields[7].empty()) continue;
    without_code += (count++ == 0 ? "" : ", ") + fields[0];
  }
  EXPECT_EQ(count, 79);
  EXPECT_EQ(UnknownValue(system, "courts.csv: location codes"),
            "not known of 79 county courts: " + without_code);
  EXPECT_EQ(UnknownValue(system, "municipal_divisions.csv: all divisions"),
            "not known of all 115 county courts");
  EXPECT_EQ(UnknownValue(system, "filing_locations.csv: further places of filing"),
            "not known of all 115 county courts");
  EXPECT_EQ(UnknownValue(system, "category_choices.csv: choices"), "not known of all 46 circuits");
  EXPECT_THAT(
      UnknownValue(system, "circuit_membership.csv: counties without a row"),
      testing::AllOf(testing::StartsWith("assumed of every day but from 2012-01-01 through "
                                         "2012-12-31: 1 Clark, Schuyler, Scotland; 2 Adair,"),
                     HasSubstr("; 27 Bates, Henry, St. Clair;"), testing::EndsWith(" Pike"),
                     Not(HasSubstr("Benton")), Not(HasSubstr("Taney"))));
}

TEST(UnconfirmedTest, WhatACourtSystemsTablesSayIsUnknownNoLonger) {
  std::string courts(EmbeddedRulesData("courts.csv"));
  for (int code = 10; courts.find(",,,29") != std::string::npos; ++code) {
    courts = Replaced(courts, ",,,29", ",Z" + std::to_string(code) + ",verified,29");
  }
  std::string divisions = "court_id,name,parent,own_system,list_complete,confirmed,source\n";
  std::string locations = "court_id,location_code,name,confirmed,source\n";
  for (const auto& fields : CountyCourts()) {
    divisions += ",," + fields[0] + ",no,yes,yes,a letter\n";
    locations += fields[0] + ",,,yes,a letter\n";
  }
  std::string choices = "circuit,year,category,chosen,source,confirmed\n";
  for (int circuit = 1; circuit <= 46; ++circuit) {
    choices += std::to_string(circuit) + ",2010,SC,yes,an order,yes\n";
  }
  Files files{{"system.toml", kLeast},
              {"courts.csv", courts},
              {"municipal_divisions.csv", divisions},
              {"filing_locations.csv", locations},
              {"circuit_membership.csv",
               "county,circuit,first_day,last_day,confirmed,source\n*,,,,yes,a letter\n"},
              {"category_choices.csv", choices}};
  const CourtSystem all = Good(files);
  for (const std::string& name : kTablesThatLeaveSomethingUnsaid) {
    EXPECT_EQ(std::ranges::count_if(
                  all.unconfirmed,
                  [&](const UnconfirmedValue& v) { return v.key.starts_with(name + ": "); }),
              0)
        << name;
  }
  // The last row of each left out.
  for (std::string* table : {&files["filing_locations.csv"], &files["category_choices.csv"]}) {
    table->erase(table->rfind('\n', table->size() - 2) + 1);
  }
  const CourtSystem most = Good(files);
  EXPECT_EQ(UnknownValue(most, "filing_locations.csv: further places of filing"),
            "not known of 1 county court: mo.cir.46.taney");
  EXPECT_EQ(UnknownValue(most, "category_choices.csv: choices"), "not known of 1 circuit: 46");
  EXPECT_NE(most.values(), all.values());
}

TEST(UnconfirmedTest, AnInferenceIsCalledOne) {
  const CourtSystem system = Good({{"system.toml", kLeast}});
  const auto found = std::ranges::find(system.unconfirmed, "courts.csv mo.cir.35.stoddard",
                                       &UnconfirmedValue::key);
  ASSERT_NE(found, system.unconfirmed.end());
  EXPECT_EQ(found->value, "SD");
  EXPECT_EQ(found->standing, Standing::kUnconfirmed);
  EXPECT_THAT(found->source, testing::StartsWith("an inference from: list of courts"));
}

}  // namespace
}  // namespace nightbox
