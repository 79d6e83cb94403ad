// Goal: a data file is read as it is written or not at all.
#include "rules/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(CsvTest, QuotedFieldsKeepCommasAndQuotes) {
  const auto rows = *ParseCsv("a,b\n\"x, \"\"y\"\"\",\n,\"\"\n", "t");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1].line, 2);
  EXPECT_THAT(rows[1].fields, ElementsAre("x, \"y\"", ""));
  EXPECT_THAT(rows[2].fields, ElementsAre("", ""));
}

TEST(CsvTest, WhatIsNotPlainlyRightIsRefusedWithItsLine) {
  for (const auto& [text, reason] : std::vector<std::pair<std::string, std::string>>{
           {"a,b\n\"x,y\n", "t line 2: a quoted field does not end"},
           {"a\n\"x\"y\n", "t line 2: text after"},
           {"a\nx\"y\n", "t line 2: a quote inside"},
           {"a,b\nx\n", "t line 2: has 1 fields"},
           {"a\r\n", "t line 1: carriage return"},
           {"a\nb", "t line 2: the last line has no end"}}) {
    const auto rows = ParseCsv(text, "t");
    ASSERT_FALSE(rows.has_value()) << text;
    EXPECT_THAT(rows.error().message, HasSubstr(reason));
  }
}

}  // namespace
}  // namespace nightbox
