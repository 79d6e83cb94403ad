// Goal: `nightbox deadline` answers a person and a program with the day, the readings and the
// steps, without a gateway, a configuration or a data directory. Method: the real binary in an
// empty home.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/run_nightbox.h"
#include "tests/support/temporary_directory.h"

namespace nightbox::client {
namespace {

using testing::HasSubstr;
using testing::Not;
using Words = std::vector<std::string>;

class DeadlineCommandTest : public testing::Test {
 protected:
  NightboxResult Run(Words words) {
    words.insert(words.begin(), "deadline");
    return NightboxRun(NIGHTBOX_PROGRAM, home_.path(), words).Wait();
  }
  boost::json::object Json(Words words) {
    words.emplace_back("--json");
    return Run(words).Json();
  }

  TemporaryDirectory home_;
  TemporaryDirectory system_;
};

TEST_F(DeadlineCommandTest, TellsAPersonTheDayTheStepsAndTheClause) {
  const NightboxResult result = Run({"--from", "2024-07-01", "--days", "10"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, testing::StartsWith("last day  Thursday 11 July 2024\n"
                                              "counted   10 days after Monday 1 July 2024 by Rule "
                                              "44.01(a)\n"));
  EXPECT_THAT(result.out, HasSubstr("  Thursday 4 July 2024: day 3; a legal holiday, Independence "
                                    "Day, RSMo 9.010, which counts on the way.\n"));
  EXPECT_THAT(result.out, HasSubstr("  Thursday 11 July 2024: day 10, the last day.\n"));
  EXPECT_THAT(result.out,
              HasSubstr("text as of 2013-07-01\n          Later amendments of the rule"));
  EXPECT_THAT(result.out, HasSubstr("A computation, not a ruling"));
  EXPECT_THAT(result.out, testing::EndsWith("Closures of a single court are not looked at: name it "
                                            "with --court.\n"));
}

TEST_F(DeadlineCommandTest, TellsAProgramTheSame) {
  const auto answer = Json({"--from", "2024-07-01", "--days", "5"});
  EXPECT_EQ(answer.at("exit_code").as_int64(), 0);
  EXPECT_EQ(answer.at("last_day").as_string(), "2024-07-09");
  EXPECT_EQ(answer.at("rule").as_string(), "44.01");
  EXPECT_EQ(answer.at("clause").as_string(), "Rule 44.01(a)");
  EXPECT_EQ(answer.at("readings").as_array().size(), 1U);
  EXPECT_EQ(answer.at("caveat").as_string(),
            "Later amendments of the rule, or of the statute on holidays, were not read.");
  EXPECT_TRUE(Json({"--from", "2013-06-03", "--days", "10"}).at("caveat").is_null());
  const auto& steps = answer.at("steps").as_array();
  ASSERT_EQ(steps.size(), 9U);
  EXPECT_EQ(steps[3].as_object().at("day").as_string(), "2024-07-04");
  EXPECT_EQ(steps[3].as_object().at("kind").as_string(), "skipped");
}

TEST_F(DeadlineCommandTest, GivesBothReadingsWhereTheyDiffer) {
  const auto answer = Json({"--from", "2022-06-10", "--days", "10"});
  EXPECT_EQ(answer.at("last_day").as_string(), "2022-06-20");
  const auto& readings = answer.at("readings").as_array();
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_EQ(readings[0].as_object().at("reading").as_string(), "statute");
  EXPECT_EQ(readings[1].as_object().at("reading").as_string(), "closures");
  EXPECT_EQ(readings[1].as_object().at("last_day").as_string(), "2022-06-21");
  EXPECT_FALSE(readings[1].as_object().at("confirmed").as_bool());
  EXPECT_THAT(Run({"--from", "2022-06-10", "--days", "10"}).out,
              HasSubstr("the earlier one is in time for both"));
}

TEST_F(DeadlineCommandTest, TakesTheRuleAndTheCourt) {
  EXPECT_EQ(
      Json({"--from", "2024-07-03", "--days", "10", "--rule", "1.040"}).at("last_day").as_string(),
      "2024-07-13");
  const Words clay = {"--from", "2024-06-21", "--days", "10", "--court", "mo.cir.07.clay"};
  EXPECT_EQ(Json(clay).at("readings").as_array().size(), 2U);
  EXPECT_THAT(Run(clay).out, HasSubstr("closed by order"));
  EXPECT_THAT(Run(clay).out, Not(HasSubstr("name it with --court")));
}

TEST_F(DeadlineCommandTest, CountsByTheRuleOfTheCourtSystemAndItsHolidays) {
  const auto clause = [&](Words words) {
    words.insert(words.begin(), {"--from", "2024-07-03", "--days", "10"});
    return std::string(Json(words).at("clause").as_string());
  };
  EXPECT_EQ(clause({}), "Rule 44.01(a)");
  EXPECT_EQ(clause({"--rule", "criminal"}), "Rule 20.01(a)");
  EXPECT_EQ(clause({"--rule", "statutory"}), "RSMo 1.040");
  system_.Write("system.toml",
                "[court_system]\nname = \"A\"\n[rules]\ncivil_periods = \"506.060\"\n");
  system_.Write("holidays.csv",
                "id,name,form,month,day,weekday,nth,effective_from,effective_to,confirmed,clause,"
                "source\nown,Own Day,fixed,7,11,,,,,yes,R 9,a letter\n");
  const std::string here = system_.path().string();
  const Words asked = {"--from", "2024-07-01", "--days", "10", "--court-system", here};
  const auto answer = Json(asked);
  EXPECT_EQ(answer.at("last_day").as_string(), "2024-07-12");
  EXPECT_EQ(answer.at("clause").as_string(), "RSMo 506.060.1");
  EXPECT_EQ(answer.at("rules_from").as_string(), here);
  EXPECT_EQ(answer.at("rule_holds").as_string(), "unconfirmed");
  EXPECT_THAT(Run(asked).out, HasSubstr("for civil periods: unconfirmed.\n"));
  EXPECT_EQ(
      Run({"--from", "2024-07-01", "--days", "10", "--court-system", here + "/none"}).exit_code, 2);
}

TEST_F(DeadlineCommandTest, AnInstantFallsOnItsDayInMissouri) {
  EXPECT_EQ(
      Json({"--from", "2024-07-02T04:41:07.123456Z", "--days", "10"}).at("last_day").as_string(),
      "2024-07-11");
  // The hour that comes twice, in whole seconds: still the third, for it is 01:30 either time.
  for (const char* instant : {"2024-11-03T06:30:00Z", "2024-11-03T07:30:00Z"})
    EXPECT_EQ(Json({"--from", instant, "--days", "10"}).at("from").as_string(), "2024-11-03");
}

TEST_F(DeadlineCommandTest, WhatItDoesNotKnowIsSaidAndNothingIsGuessed) {
  const auto refused = [&](const Words& words) {
    const NightboxResult result = Run(words);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    return result.err;
  };
  EXPECT_THAT(refused({"--from", "1 July", "--days", "10"}),
              HasSubstr("write a day as 2024-07-01"));
  EXPECT_THAT(refused({"--from", "2024-02-30", "--days", "10"}),
              HasSubstr("there is no such day as 2024-02-30"));
  EXPECT_THAT(refused({"--from", "2023-02-29T12:00:00Z", "--days", "10"}),
              HasSubstr("there is no such day as 2023-02-29"));
  EXPECT_THAT(refused({"--from", "1066-10-14", "--days", "10"}),
              HasSubstr("days are known from 1900-01-01 to 2199-12-31"));
  EXPECT_THAT(refused({"--from", "2024-07-02T25:00:00Z", "--days", "10"}),
              HasSubstr("write a day as 2024-07-01"));
  EXPECT_THAT(refused({"--from", "2024-07-01", "--days", "10", "--court", "mo.cir.07"}),
              HasSubstr("mo.cir.07 is a circuit: choose one of its courts, mo.cir.07.clay"));
  EXPECT_THAT(refused({"--from", "2024-07-01", "--days", "0"}), Not(testing::IsEmpty()));
  EXPECT_THAT(refused({"--from", "2024-07-01", "--days", "10", "--rule", "44.1"}),
              HasSubstr("known are civil criminal statutory 44.01 20.01 506.060 1.040"));
  EXPECT_THAT(refused({"--from", "2024-07-01", "--days", "10", "--court", "mo.cir.42.dnt"}),
              HasSubstr("did you mean mo.cir.42.dent?"));
}

}  // namespace
}  // namespace nightbox::client
