// Goal: `nightbox case check` and `nightbox court find` answer a person and a program, offline, and
// never refuse a number for its shape.
// Method: the real binary in an empty home.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/run_nightbox.h"
#include "tests/support/temporary_directory.h"

namespace nightbox::client {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Words = std::vector<std::string>;

class RulesCommandTest : public testing::Test {
 protected:
  NightboxResult Run(const Words& words) {
    return NightboxRun(NIGHTBOX_PROGRAM, home_.path(), words).Wait();
  }

  TemporaryDirectory home_;
  TemporaryDirectory system_;
};

TEST_F(RulesCommandTest, ACaseNumberIsExplainedToAPerson) {
  const NightboxResult result = Run({"case", "check", "2116-CR00755-01"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("new construct (COR 4.04.1(3)(a))"));
  EXPECT_THAT(result.out, HasSubstr("Circuit Court of Jackson County (mo.cir.16.jackson)"));
}

TEST_F(RulesCommandTest, ACaseNumberIsExplainedToAProgram) {
  const auto answer = Run({"case", "check", "24sl-zz00000", "--json"}).Json();
  EXPECT_EQ(answer.at("raw").as_string(), "24sl-zz00000");
  EXPECT_EQ(answer.at("canonical").as_string(), "24SL-ZZ00000");
  EXPECT_EQ(answer.at("form").as_string(), "new_construct");
  EXPECT_EQ(answer.at("year").as_int64(), 2024);
  EXPECT_EQ(answer.at("location").as_string(), "SL");
  EXPECT_EQ(answer.at("category").as_string(), "ZZ");
  EXPECT_EQ(answer.at("flags"),
            boost::json::value({"WRITTEN_DIFFERENTLY", "CATEGORY_UNKNOWN", "SEQUENCE_ZERO"}));
}

TEST_F(RulesCommandTest, EveryFlagHasItsClauseAndSaysWhatIsUnconfirmed) {
  const NightboxResult told = Run({"case", "check", "24SL-ZZ00000"});
  EXPECT_THAT(told.out, HasSubstr("unconfirmed (COR 4.04.1(3)(b), (c)) [CATEGORY_UNKNOWN]\n"));
  EXPECT_THAT(told.out,
              HasSubstr("sequences begin at 00001 (COR 4.04.1(3)(a)(5)) [SEQUENCE_ZERO]\n"));
  const auto answer = Run({"case", "check", "10ABC-CR00001", "--json"}).Json();
  const auto& note = answer.at("notes").as_array().at(0).as_object();
  EXPECT_EQ(note.at("flag").as_string(), "LOCATION_LENGTH_OF_OTHER_YEAR");
  EXPECT_EQ(note.at("clause").as_string(), "COR 4.04.1(3)(a)(2)");
  EXPECT_FALSE(note.at("confirmed").as_bool());
  EXPECT_FALSE(answer.at("category_confirmed").as_bool());
  EXPECT_EQ(answer.at("rules_from").as_string(), "compiled in");
  EXPECT_FALSE(
      Run({"case", "check", "03SL-CC00001", "--json"}).Json().at("year_confirmed").as_bool());
}

TEST_F(RulesCommandTest, TheClauseForACourtIsSaidAndMarkedWhereItWasNotRead) {
  EXPECT_THAT(Run({"court", "find", "Stoddard"}).out,
              HasSubstr("    clause: COR 27.01 (unconfirmed); of the code: COR 4.04.1(3)(a)(2)\n"));
  EXPECT_THAT(Run({"court", "find", "mo.app.ed"}).out,
              HasSubstr("    clause: RSMo 477.040-477.070\n"));
  const NightboxResult supreme = Run({"court", "find", "mo.sup"});
  EXPECT_THAT(supreme.out, HasSubstr("    clause: Mo. Const. art. V (unconfirmed)\n"));
  const auto circuit = Run({"court", "find", "mo.cir.42", "--json"}).Json();
  EXPECT_FALSE(circuit.at("courts").as_array().at(0).at("clause_confirmed").as_bool());
}

TEST_F(RulesCommandTest, TheCourtSystemsDirectoryAnswersInPlaceOfWhatIsCompiledIn) {
  system_.Write("system.toml", "[court_system]\nname = \"A\"\n");
  system_.Write("case_number_lengths.csv",
                "form,part,first_year,shortest,longest,confirmed,clause,source\n"
                "uniform_citation,number,,8,8,yes,R 1,a letter\n");
  system_.Write("category_choices.csv",
                "circuit,year,category,chosen,source,confirmed\n42,2020,CV,no,a letter,yes\n");
  const std::string here = system_.path().string();
  const auto citation = Run({"case", "check", "70348000", "--court-system", here, "--json"}).Json();
  EXPECT_EQ(citation.at("form").as_string(), "uniform_citation");
  EXPECT_EQ(citation.at("rules_from").as_string(), here);
  EXPECT_TRUE(Run({"case", "check", "70348000", "--json"}).Json().at("form").is_null());
  const NightboxResult chosen =
      Run({"case", "check", "24DN-CV00001", "--court", "mo.cir.42.dent", "--court-system", here});
  EXPECT_THAT(chosen.out, HasSubstr("[CATEGORY_NOT_CHOSEN]\n"));
  EXPECT_THAT(chosen.out, HasSubstr("rules     " + here + "\n"));
  EXPECT_EQ(Run({"court", "find", "Dent", "--court-system", here}).exit_code, 0);

  system_.Write("holiday.csv", "");
  const NightboxResult refused = Run({"court", "find", "Dent", "--court-system", here});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, HasSubstr("holiday.csv: there is no such file of a court system"));
  EXPECT_EQ(Run({"case", "check", "x", "--court-system", here + "/none"}).exit_code, 2);
}

TEST_F(RulesCommandTest, ATextWithoutAFormIsNoFailureAndFindsWhatWasMeant) {
  const NightboxResult result = Run({"case", "check", "24SL CC 1234", "--json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(result.Json().at("form").is_null());
  EXPECT_EQ(result.Json().at("suggestions"), boost::json::value({"24SL-CC01234"}));
}

TEST_F(RulesCommandTest, EveryPartOfANumberIsSaid) {
  const NightboxResult old = Run({"case", "check", "42V0196123", "--court", "mo.cir.16.jackson"});
  EXPECT_THAT(old.out, HasSubstr("circuit   42\n"));
  EXPECT_THAT(old.out, HasSubstr("[CIRCUIT_OF_OTHER_COURT]"));
  EXPECT_EQ(Run({"case", "check", "42V0196123", "--json"}).Json().at("circuit").as_int64(), 42);
  EXPECT_THAT(Run({"case", "check", "23AO-CR00672-01"}).out, HasSubstr("sub-case  01\n"));
  EXPECT_THAT(Run({"case", "check", "703480001"}).out, HasSubstr("names no court and no year"));
  EXPECT_THAT(Run({"case", "check", "09SD-AC00235"}).out,
              HasSubstr("(mo.cir.35.stoddard), by inference"));
  EXPECT_TRUE(Run({"case", "check", "99SL-CC00001", "--json"}).Json().at("year").is_null());
}

TEST_F(RulesCommandTest, WhoseNumberHasNoFormIsToldWhatOneLooksLike) {
  EXPECT_THAT(Run({"case", "check", "the old matter"}).out,
              HasSubstr("24SL-CC01234: year, location, hyphen, category, five digits"));
}

TEST_F(RulesCommandTest, AnUnknownCourtIsNotPassedOver) {
  const NightboxResult result = Run({"case", "check", "24SL-CC01234", "--court", "mo.cir.42.dnt"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("did you mean mo.cir.42.dent?"));
}

TEST_F(RulesCommandTest, WhatIsKnownOfACourtIsSaidAsItIs) {
  const auto division =
      Run({"court", "find", "Kansas City", "--json"}).Json().at("courts").as_array().at(0);
  EXPECT_TRUE(division.at("own_system").as_bool());
  EXPECT_FALSE(division.at("confirmed").as_bool());
  EXPECT_THAT(division.at("source").as_string(), HasSubstr("6 May 2024"));
  EXPECT_THAT(
      Run({"court", "find", "Strafford"}).out,
      AllOf(HasSubstr("Strafford Municipal Division, circuit 31 (unconfirmed), district SD "
                      "(unconfirmed)\n"),
            HasSubstr("    listed by: list of the 31st circuit's municipal divisions (2014)")));
  EXPECT_THAT(
      Run({"court", "find", "Dent"}).out,
      AllOf(HasSubstr("Dent County, circuit 42 (unconfirmed), district SD\n"),
            HasSubstr("    circuit 42 from 2012-01-01 through 2012-12-31: list of courts on "
                      "Case.net (2012)\n")));
  const auto dent = Run({"court", "find", "Dent", "--json"}).Json().at("courts").as_array().at(0);
  EXPECT_FALSE(dent.at("circuits").as_array().back().at("confirmed").as_bool());
  const auto supreme = Run({"court", "find", "SC", "--json"}).Json().at("courts").as_array().at(0);
  EXPECT_EQ(supreme.at("location_code_confidence").as_string(), "observed");
  EXPECT_THAT(Run({"court", "find", "Stoddard"}).out, HasSubstr("code SD (by inference)"));
  EXPECT_THAT(Run({"court", "find", "Greene"}).out, HasSubstr("mo.cir.31.greene.springfield"));
  EXPECT_THAT(Run({"court", "find", "Independence"}).err,
              HasSubstr("only those of Kansas City and Greene County are known; try the county"));
}

TEST_F(RulesCommandTest, OfMunicipalDivisionsItIsSaidWhichAreKnownAndWhetherThereMayBeMore) {
  const char kMore[] = "a court may have more";
  EXPECT_THAT(Run({"court", "find", "Dent"}).err, HasSubstr(kMore));
  EXPECT_THAT(Run({"court", "find", "mo.sup"}).err, Not(HasSubstr(kMore)));

  const std::string header = "court_id,name,parent,own_system,list_complete,confirmed,source\n";
  const std::string here = system_.path().string();
  system_.Write("system.toml", "[court_system]\nname = \"A\"\n");
  system_.Write("municipal_divisions.csv", header + ",,mo.cir.42.dent,no,yes,yes,a letter\n");
  EXPECT_THAT(Run({"court", "find", "Dent", "--court-system", here}).err, Not(HasSubstr(kMore)));
  EXPECT_THAT(Run({"court", "find", "mo.cir.42", "--court-system", here}).err, HasSubstr(kMore));
  EXPECT_THAT(Run({"court", "find", "Nowhere", "--court-system", here}).err,
              HasSubstr("No municipal division is known; try the county."));

  std::string three = header;
  for (const char* county : {"dent", "crawford", "iron"}) {
    const std::string parent = std::string("mo.cir.42.") + county;
    three +=
        parent + ".a,A of " + county + " Municipal Division," + parent + ",no,no,no,a letter\n";
  }
  system_.Write("municipal_divisions.csv", three);
  EXPECT_THAT(Run({"court", "find", "Nowhere", "--court-system", here}).err,
              HasSubstr("only those of A of crawford, A of dent and A of iron are known"));
}

TEST_F(RulesCommandTest, ACourtIsFoundOrNamedNearly) {
  const auto found = Run({"court", "find", "Benton", "--json"}).Json();
  const auto& court = found.at("courts").as_array().at(0).as_object();
  EXPECT_EQ(court.at("court_id").as_string(), "mo.cir.27.benton");
  EXPECT_EQ(court.at("circuits").as_array().size(), 3U);
  EXPECT_THAT(Run({"court", "find", "Benton"}).out,
              AllOf(HasSubstr("circuit 27, district WD"),
                    HasSubstr("    circuit 30 through 2011-12-31 (unconfirmed)\n"),
                    HasSubstr("    circuit 27 from 2022-01-01: notice of the judiciary")));
  const NightboxResult missed = Run({"court", "find", "Springfeld"});
  EXPECT_EQ(missed.exit_code, 1);
  EXPECT_THAT(missed.err, HasSubstr("Did you mean mo.cir.31.greene.springfield"));
}

}  // namespace
}  // namespace nightbox::client
