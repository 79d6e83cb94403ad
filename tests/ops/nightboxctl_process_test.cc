// Goal: the program takes the words the runbook tells an operator to type, and its exit codes are
// the documented ones.
// Method: the real program on a temporary data directory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/support/run_command.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

using testing::HasSubstr;

class NightboxctlProcessTest : public testing::Test {
 protected:
  CommandResult Run(std::vector<std::string> words) {
    words.insert(words.begin(), NIGHTBOXCTL_PROGRAM);
    return RunCommand(words);
  }

  TemporaryDirectory directory_;
};

TEST_F(NightboxctlProcessTest, AJournalsLifeInTheWordsOfTheRunbook) {
  const std::string config =
      directory_.Write("gateway.toml", "[gateway]\nname = \"A7\"\ndata_directory = \"data\"\n");
  const auto made = Run({"journal", "init", "--config", config});
  EXPECT_EQ(made.exit_code, 0) << made.output;
  EXPECT_EQ(Run({"journal", "init", "--config", config}).exit_code, 1);
  const auto sound = Run({"journal", "verify", "--config", config, "--json"});
  EXPECT_EQ(sound.exit_code, 0) << sound.output;
  EXPECT_EQ(boost::json::parse(sound.output).at("sound"), true);
  EXPECT_EQ(Run({"journal", "verify", "--data-dir", directory_.path() / "data"}).exit_code, 0);
  const auto unavailable =
      Run({"journal", "unavailability", "--config", config, "--court", "mo.cir.42.dent", "--due",
           "2024-07-01", "--user", "user-1", "--json"});
  EXPECT_EQ(unavailable.exit_code, 0) << unavailable.output;
  EXPECT_EQ(boost::json::parse(unavailable.output).at("finding"), "cannot tell");
  const std::vector<std::string> set_aside = {"journal", "set-aside", "--config", config,
                                              "--who",   "jane.roe",  "--reason", "an exercise"};
  const auto refused = Run(set_aside);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.output, HasSubstr("--even-if-sound"));
  // As after a lost mount that left half.
  std::filesystem::remove(directory_.path() / "data/journal-0001/head");
  const auto done = Run(set_aside);
  EXPECT_EQ(done.exit_code, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr("journal-0002"));
  const auto salvaged = Run({"journal", "salvage", directory_.path() / "data/journal-0001",
                             "--report", directory_.path() / "salvage.json"});
  EXPECT_EQ(salvaged.exit_code, 0) << salvaged.output;
}

TEST_F(NightboxctlProcessTest, WrongUsageIsTwoAndDoesNothing) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {},
           {"journal"},
           {"journal", "init"},
           {"journal", "init", "--data-dir", directory_.path() / "data"},
           {"journal", "set-aside", "--data-dir", "x", "--gateway", "A7"},
           {"journal", "unavailability", "--data-dir", "x", "--court", "mo.sup"},
           {"journal", "unavailability", "--court", "mo.sup", "--due", "2024-07-01"},
           {"journal", "unavailability", "--data-dir", "x", "--court", "mo.sup", "--due",
            "2024-07-01", "--days", "367"},
           {"hold", "abc"},
           {"resolve", "abc", "--reason", "the court has it"},
           {"terminate", "abc", "--reason", "alone"},
           {"filings", "--state", "docketed"},
           {"filings", "--limit", "0"},
           {"status"},
           {"nonsense"}}) {
    const auto result = Run(words);
    EXPECT_EQ(result.exit_code, 2) << result.output;
  }
  EXPECT_FALSE(std::filesystem::exists(directory_.path() / "data"));
  EXPECT_EQ(Run({"--help"}).exit_code, 0);
}

}  // namespace
}  // namespace nightbox
