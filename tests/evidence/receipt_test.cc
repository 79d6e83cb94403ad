// Goal: a receipt is the bytes docs/formats/receipt.md specifies, today and in twenty years, and
// says no more than we know. Method: golden files compared byte for byte; every fact survives a
// round trip; members of the future are ignored; damaged and hostile files are refused with a
// reason.
//
// To renew a golden file on purpose: run with NIGHTBOX_WRITE_GOLDEN=1 and say why in the commit.
#include "evidence/receipt.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "core/sha256.h"
#include "evidence/receipt_last_day.h"
#include "evidence/statement.h"
#include "rules/court_time.h"
#include "rules/deadline_rules.h"
#include "tests/support/receipt_samples.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

void ExpectGolden(const std::string& name, const std::string& bytes) {
  const std::string path = std::string(NIGHTBOX_SOURCE_DIR) + "/tests/golden/" + name;
  if (std::getenv("NIGHTBOX_WRITE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  EXPECT_EQ(bytes, ReadWholeFile(path)) << name;
}

ReceiptFacts GatewayReceipt() {
  ReceiptFacts facts = PlainReceipt();
  facts.authority = ReceiptAuthority::kGateway;
  facts.authority_citation = "Order of 1 July 2024, number 12";
  facts.authority_standing = Standing::kConfirmed;
  facts.header.case_reference = OpenedBy{FilingId("aebagbafaydqqcikbmga2dqpcb")};
  facts.canonical_case_number.clear();
  facts.header.test = true;
  facts.last_days.clear();  // Not printed where the gateway's time counts.
  facts.last_day_rule.reset();
  facts.unavailability_rule.clear();
  return facts;
}

// As all were before last days were computed.
ReceiptFacts ReceiptWithoutLastDays() {
  ReceiptFacts facts = PlainReceipt();
  facts.last_days.clear();
  facts.last_day_rule.reset();
  return facts;
}

// When it was received, when the gateway first heard of it, when the client says it tried first.
ReceiptFacts WithLastDays(const char* received, const char* first, const char* client,
                          const DeadlineRules& rules = DeadlineRules::BuiltIn()) {
  ReceiptFacts facts = ReceiptWithoutLastDays();
  facts.unavailability_rule.clear();
  facts.received_at = *ParseUtc(received);
  facts.attempts.first_at = *ParseUtc(first);
  AddLastDays(rules, ParseUtc(client), facts);
  return facts;
}

std::string DaysOf(const ReceiptFacts& facts) {
  std::string days;
  for (const ReceiptLastDay& each : facts.last_days) days += each.last_day + " ";
  return days;
}

TEST(ReceiptTest, BytesAreTheGoldenOnes) {
  ExpectGolden("receipt-plain.json", RenderReceipt(PlainReceipt()));
  ExpectGolden("receipt-full.json", RenderReceipt(FullReceipt()));
  ExpectGolden("receipt-gateway-authority.json", RenderReceipt(GatewayReceipt()));
}

// The golden one of before the standing of whose time counts was stated: not to be renewed.
TEST(ReceiptTest, AReceiptOfBeforeStandingsIsReadAndPrintedAsItWas) {
  const std::string before =
      ReadWholeFile(NIGHTBOX_SOURCE_DIR "/tests/golden/receipt-before-standings.json");
  const auto facts = ParseReceipt(before);
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_FALSE(facts->authority_standing);
  EXPECT_EQ(RenderReceipt(*facts), before);
  EXPECT_TRUE(ReceiptNotice(*facts).starts_with("The court counts the time at which its own"));
}

TEST(ReceiptTest, OpensWithPlainWordsAndNeverSaysFiled) {
  const std::string json = RenderReceipt(PlainReceipt());
  EXPECT_TRUE(json.starts_with(
      "{\n  \"statement\": \"Nightbox gateway A7 received this filing on Monday 1 July 2024 at "
      "11:41:07 p.m. Central Daylight Time and has stored it durably. The court's case system was "
      "not reachable at that time; the filing will be delivered to it with this receive time.\",\n"
      "  \"service\": \"Nightbox has served nobody.\",\n"
      "  \"notice\": \"The court has not decided whether this is filing. If you may need Rule "
      "103.06, do not wait for delivery. Last day for the motion, unconfirmed: counted from the "
      "first unsuccessful attempt, Thursday 11 July 2024; counted from the end of the "
      "unavailability, not known when this receipt was made.\",\n"));
  EXPECT_NE(json.find("received by the gateway at"), std::string::npos);
  EXPECT_EQ(json.find("filed"), std::string::npos);
  EXPECT_NE(json.find("\"last_day\": \"2024-07-11\""), std::string::npos);
}

TEST(ReceiptTest, TheNoticeNamesTheLastDayUnderEachReading) {
  EXPECT_NE(ReceiptNotice(FullReceipt())
                .find("; counted from the first unsuccessful attempt (as the filer's software "
                      "says), leaving out days on which the court is closed, Tuesday 9 July 2024; "
                      "counted from the end of the unavailability, no unavailability was known "
                      "when this receipt was made."),
            std::string::npos);
  const ReceiptFacts without = ReceiptWithoutLastDays();
  EXPECT_TRUE(ReceiptNotice(without).ends_with("Rule 103.06, do not wait for delivery."));
  EXPECT_NE(RenderReceipt(without).find("\"last_day\": \"not computed\""), std::string::npos);
}

// Vectors: docs/rules.md, Rule 103.06. Monday 1 July and Saturday 29 June 2024 in Missouri; ten
// days after Friday 10 June 2022 is Juneteenth as observed, which no text made a holiday that year.
TEST(ReceiptTest, LastDaysCountFromTheFirstAttempt) {
  const char* monday = "2024-07-02T04:41:07.123456Z";
  const char* saturday = "2024-06-29T15:00:00.000000Z";
  const char* friday = "2022-06-10T17:00:00.000000Z";
  EXPECT_EQ(DaysOf(WithLastDays(monday, monday, "")), "2024-07-11 not known ");
  EXPECT_EQ(DaysOf(WithLastDays(monday, saturday, "")), "2024-07-09 not known ");
  EXPECT_EQ(DaysOf(WithLastDays(monday, monday, saturday)), "2024-07-11 2024-07-09 not known ");
  EXPECT_EQ(DaysOf(WithLastDays(monday, saturday, monday)), "2024-07-09 not known ");
  EXPECT_EQ(DaysOf(WithLastDays(friday, friday, "")), "2022-06-20 2022-06-21 not known ");
  // A client's clock that is years off says nothing; before the rule there was nothing to say.
  EXPECT_EQ(DaysOf(WithLastDays(monday, monday, "2001-01-01T00:00:00.000000Z")),
            "2024-07-11 not known ");
  const char* early = "2011-08-31T17:00:00.000000Z";
  EXPECT_EQ(DaysOf(WithLastDays(early, early, "")), "");
  EXPECT_FALSE(WithLastDays(early, early, "").last_day_rule);

  const ReceiptFacts facts = WithLastDays(monday, monday, "");
  EXPECT_EQ(facts.last_days, PlainReceipt().last_days);
  ASSERT_TRUE(facts.last_day_rule);
  EXPECT_EQ(facts.last_day_rule->rule, PlainReceipt().last_day_rule->rule);
  EXPECT_EQ(facts.last_day_rule->rules_version, DeadlineRules::BuiltIn().version);
  ASSERT_EQ(facts.last_day_rule->unconfirmed.size(), 4U);
  EXPECT_TRUE(facts.last_day_rule->unconfirmed[3].starts_with(
      "the text of Rule 103.06 that was read is of Tuesday 14 December 2021"));
}

// The data only infer that Rule 44.01 counts the days; what is inferred follows the kind of case.
TEST(ReceiptTest, ACriminalCasesDaysAreCountedByItsOwnRuleUnlessTheRuleSaysOtherwise) {
  const auto counted_by = [](const CaseReference& reference, const DeadlineRules& rules) {
    ReceiptFacts facts = ReceiptWithoutLastDays();
    facts.header.case_reference = reference;
    AddLastDays(rules, std::nullopt, facts);
    EXPECT_EQ(facts.last_days.size(), PlainReceipt().last_days.size());
    return facts.last_day_rule ? facts.last_day_rule->rule : "";
  };
  const DeadlineRules& missouri = DeadlineRules::BuiltIn();
  for (const char* number : {"24DN-CR00001", "42R0196123", "02CR600123"})
    EXPECT_TRUE(counted_by(ExistingCase{number}, missouri).ends_with("by Rule 20.01(a)")) << number;
  for (const char* number : {"24DN-CC00001", "24DN-TR00001", "703480001", "the old matter"})
    EXPECT_TRUE(counted_by(ExistingCase{number}, missouri).ends_with("by Rule 44.01(a)")) << number;
  EXPECT_TRUE(counted_by(NewCase{"cr", "", "", {}}, missouri).ends_with("by Rule 20.01(a)"));
  EXPECT_TRUE(counted_by(NewCase{"CC", "", "", {}}, missouri).ends_with("by Rule 44.01(a)"));
  DeadlineRules other = missouri;
  other.criminal_periods = "1.040";
  EXPECT_TRUE(counted_by(ExistingCase{"24DN-CR00001"}, other).ends_with("by RSMo 1.040"));
  other.civil_periods = "506.060";  // Not the one that was inferred.
  EXPECT_TRUE(counted_by(ExistingCase{"24DN-CR00001"}, other).ends_with("by Rule 44.01(a)"));
}

// Of a filing that went well nothing is said to have failed; the notice and the days stay, for the
// court may still not take it for filing.
TEST(ReceiptTest, AFilingThatWentWellDoesNotReadAsIfItHadFailed) {
  ReceiptFacts facts = ReceiptWithoutLastDays();
  const auto computed = [&](std::string_view client) {
    ReceiptFacts made = facts;
    AddLastDays(DeadlineRules::BuiltIn(), ParseUtc(client), made);
    return made;
  };
  for (const auto reach : {CaseSystemReach::kReachable, CaseSystemReach::kUnknown}) {
    facts.case_system = reach;
    const ReceiptFacts well = computed("2024-07-02T04:40:00.000000Z");
    EXPECT_NE(ReceiptNotice(well).find("If you may need Rule 103.06, do not wait for delivery. "
                                       "Last day for the motion, unconfirmed: counted from the "
                                       "attempt recorded here, if it counts as unsuccessful, "
                                       "Thursday 11 July 2024; counted from the end of an "
                                       "unavailability, "),
              std::string::npos)
        << ReceiptNotice(well);
    EXPECT_EQ(MeaningOf(well), kLastDayMeaningIfReceived);
    const std::string json = RenderReceipt(well);
    EXPECT_EQ(json.find("unsuccessful attempt"), std::string::npos);
    EXPECT_NE(json.find("Nothing here says that an attempt failed"), std::string::npos);
    EXPECT_EQ(*ParseReceipt(json), well);
  }
  // Trouble that is known is said as ever: tried before, here or in the filer's own words, or the
  // case system away.
  const ReceiptFacts tried = computed("2024-06-29T15:00:00.000000Z");
  facts.attempts.count = 2;
  const ReceiptFacts again = computed("");
  facts.attempts.count = 1;
  facts.case_system = CaseSystemReach::kNotReachable;
  for (const ReceiptFacts& failed : {tried, again, computed("")}) {
    EXPECT_EQ(failed.last_days[0].counted_from, "the first unsuccessful attempt");
    EXPECT_EQ(failed.last_days.back().counted_from, "the end of the unavailability");
    EXPECT_EQ(MeaningOf(failed), kLastDayMeaning);
  }
}

TEST(ReceiptTest, TheCourtSystemsOwnRuleGivesTheLastDays) {
  const char* monday = "2024-07-02T04:41:07.123456Z";
  DeadlineRules rules = DeadlineRules::BuiltIn();
  rules.unavailability_rule = "us.nhd.ap.2.10";
  const ReceiptFacts facts = WithLastDays(monday, monday, "", rules);
  EXPECT_EQ(DaysOf(facts), "not known ");
  EXPECT_EQ(facts.last_day_rule->rule,
            "D.N.H. Supplemental Rules for Electronic Case Filing, AP 2.10, Technical Failure, in "
            "the version of 2011-12-01");
  EXPECT_TRUE(LastDayWords(facts.last_days[0])
                  .ends_with("2011-12-01: it gives no number of days for a motion"));
  EXPECT_TRUE(
      LastDayNotice(facts.last_days)
          .starts_with(" Last day for the motion, unconfirmed: counted from the first "
                       "unsuccessful attempt, not computed from D.N.H. Supplemental Rules"));
  EXPECT_TRUE(ReceiptNotice(facts).starts_with(
      "The court has not decided whether this is filing. If you may need AP 2.10, do not wait for "
      "delivery. Last day for the motion, unconfirmed"));
  const std::string json = RenderReceipt(facts);
  EXPECT_EQ(json.find("103.06"), std::string::npos);
  EXPECT_EQ(RenderReceipt(*ParseReceipt(json)), json);
}

TEST(ReceiptTest, WhereNoRuleIsKnownTheNoticeNamesNone) {
  const char* before_the_rule = "2011-08-31T17:00:00.000000Z";
  ReceiptFacts facts = WithLastDays(before_the_rule, before_the_rule, "");
  for (const auto& [authority, beginning] :
       {std::pair(ReceiptAuthority::kUndecided,
                  "The court has not decided whether this is filing."),
        std::pair(ReceiptAuthority::kCaseSystem,
                  "The court counts the time at which its own case system receives a filing, not "
                  "this one.")}) {
    facts.authority = authority;
    EXPECT_EQ(ReceiptNotice(facts),
              std::string(beginning) + " If a deadline is near, do not wait for delivery.");
    EXPECT_EQ(*ParseReceipt(RenderReceipt(facts)), facts);
  }
  // Nothing that others wrote is taken for the rule.
  facts.last_days = {
      {"a day", "If you may need a lawyer, do not wait for delivery.", "", "not known", true}};
  EXPECT_EQ(*ParseReceipt(RenderReceipt(facts)), facts);
}

// Promise 2: a receipt never changes. Other rules make other receipts, with another version on
// them; what was written is read as it was.
TEST(ReceiptTest, ALaterVersionOfTheRulesChangesNoReceipt) {
  const TemporaryDirectory directory;
  std::string rules =
      ReadWholeFile(std::string(NIGHTBOX_SOURCE_DIR) + "/rules/data/unavailability.csv");
  const std::string ten = "motion_days,10,no";
  rules.replace(rules.find(ten), ten.size(), "motion_days,12,no");
  std::ofstream(directory.path() / "unavailability.csv", std::ios::binary) << rules;
  const auto amended = DeadlineRules::Load(directory.path());
  ASSERT_TRUE(amended) << amended.error().message;
  EXPECT_NE(amended->version, DeadlineRules::BuiltIn().version);

  const char* monday = "2024-07-02T04:41:07.123456Z";
  const std::string before = RenderReceipt(WithLastDays(monday, monday, ""));
  const ReceiptFacts after = WithLastDays(monday, monday, "", *amended);
  EXPECT_EQ(DaysOf(after), "2024-07-15 not known ");
  EXPECT_EQ(after.last_day_rule->rules_version, amended->version);
  EXPECT_EQ(RenderReceipt(*ParseReceipt(before)), before);
}

TEST(ReceiptTest, MidnightIsSplitBetweenArrivalAndCommit) {
  const std::string json = RenderReceipt(FullReceipt());
  EXPECT_NE(json.find("\"words\": \"Monday 1 July 2024 at 11:59:59 p.m. Central Daylight Time\""),
            std::string::npos);
  EXPECT_NE(json.find("\"local\": \"2024-07-01T23:59:59.900000-05:00\""), std::string::npos);
  EXPECT_NE(json.find("\"local\": \"2024-07-02T00:00:00.300000-05:00\""), std::string::npos);
  EXPECT_NE(json.find("The gateway's clock was not synchronised at that time."), std::string::npos);
}

TEST(ReceiptTest, AuthorityWithoutAnOrderIsUndecided) {
  ReceiptFacts facts = PlainReceipt();
  facts.authority = ReceiptAuthority::kGateway;
  EXPECT_NE(RenderReceipt(facts).find("\"policy\": \"UNDECIDED\""), std::string::npos);
  EXPECT_FALSE(ReceiptNotice(facts).empty());
  facts.authority_citation = "Order 1";
  for (const std::optional<Standing> counted :
       {std::optional<Standing>(), std::optional(Standing::kConfirmed)}) {
    facts.authority_standing = counted;
    EXPECT_NE(RenderReceipt(facts).find("\"policy\": \"GATEWAY\""), std::string::npos);
    EXPECT_TRUE(ReceiptNotice(facts).empty());
    EXPECT_EQ(RenderReceipt(facts).find("last_day"), std::string::npos);
  }
}

// A value nobody confirmed must not cost a lawyer the motion.
TEST(ReceiptTest, AnUnconfirmedAuthorityOfTheGatewayTakesNothingOffTheReceipt) {
  for (const Standing doubtful : {Standing::kUnconfirmed, Standing::kRecalled}) {
    ReceiptFacts facts = PlainReceipt();
    facts.authority = ReceiptAuthority::kGateway;
    facts.authority_citation = "ask Bob";
    facts.authority_standing = doubtful;
    EXPECT_EQ(CountedAuthority(facts), ReceiptAuthority::kUndecided);
    EXPECT_TRUE(ReceiptNotice(facts).starts_with(
        "Nobody has confirmed that the court takes this for filing, although the gateway is "
        "configured so. If you may need Rule 103.06, do not wait for delivery. Last day for the "
        "motion, unconfirmed: counted from the first unsuccessful attempt, Thursday 11 July 2024"));
    const std::string json = RenderReceipt(facts);
    EXPECT_NE(json.find("  \"receipt_authority\": {\n"
                        "    \"policy\": \"UNDECIDED\",\n"
                        "    \"configured\": \"GATEWAY\",\n"
                        "    \"citation\": \"ask Bob\",\n"
                        "    \"standing\": \"" +
                        std::string(StandingWord(doubtful)) + "\",\n"),
              std::string::npos)
        << json;
    EXPECT_NE(json.find("\"last_day\": \"2024-07-11\""), std::string::npos);
    // Whoever reads it, reads what counts.
    const auto read = ParseReceipt(json);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->authority, ReceiptAuthority::kUndecided);
    EXPECT_TRUE(read->gateway_unconfirmed);
    EXPECT_EQ(read->unavailability_rule, "Rule 103.06");
    EXPECT_EQ(RenderReceipt(*read), json);
  }
}

TEST(ReceiptTest, WhoseTimeCountsIsSaidAsSurelyAsItIsKnown) {
  ReceiptFacts facts = PlainReceipt();
  facts.authority = ReceiptAuthority::kCaseSystem;
  facts.authority_standing = Standing::kUnconfirmed;
  EXPECT_TRUE(ReceiptNotice(facts).starts_with(
      "As configured, and unconfirmed: the court counts the time at which its own case system "
      "receives a filing, not this one. If you may need Rule 103.06"));
  EXPECT_EQ(*ParseReceipt(RenderReceipt(facts)), facts);
  facts.authority_citation = "Order 2";
  facts.authority_standing = Standing::kConfirmed;
  EXPECT_TRUE(ReceiptNotice(facts).starts_with(
      "The court counts the time at which its own case system receives a filing"));
  EXPECT_EQ(*ParseReceipt(RenderReceipt(facts)), facts);
  facts.authority = ReceiptAuthority::kUndecided;
  facts.authority_standing = Standing::kUnconfirmed;
  EXPECT_TRUE(ReceiptNotice(facts).starts_with("The court has not decided"));
  EXPECT_EQ(*ParseReceipt(RenderReceipt(facts)), facts);
}

TEST(ReceiptTest, AnUnknownZoneRefusesNothing) {
  ReceiptFacts facts = PlainReceipt();
  facts.time_zone = "Mars/Olympus";
  EXPECT_NE(RenderReceipt(facts).find("4:41:07 a.m. Coordinated Universal Time"),
            std::string::npos);
}

TEST(ReceiptTest, EveryFactSurvivesARoundTrip) {
  for (const ReceiptFacts& facts :
       {PlainReceipt(), FullReceipt(), GatewayReceipt(), ReceiptWithoutLastDays()}) {
    const std::string json = RenderReceipt(facts);
    const auto parsed = ParseReceipt(json);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(*parsed, facts);
    EXPECT_EQ(RenderReceipt(*parsed), json);
  }
}

// Receipts of before there were page counts and canonical numbers.
TEST(ReceiptTest, WhatAnOlderReceiptDoesNotStateIsNotKnown) {
  ReceiptFacts facts = PlainReceipt();
  std::string json = RenderReceipt(facts);
  for (const std::string member :
       {"      \"pages\": null,\n", ",\n    \"canonical\": \"24DN-CC00017\""}) {
    ASSERT_NE(json.find(member), std::string::npos) << member;
    json.erase(json.find(member), member.size());
  }
  facts.canonical_case_number.clear();
  const auto parsed = ParseReceipt(json);
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*parsed, facts);
}

TEST(ReceiptTest, ATitleCannotDisguiseAReceipt) {
  ReceiptFacts facts = PlainReceipt();
  facts.header.documents[0].title =
      "x\",\n\"salt\": "
      "\"\xE2\x80\xAE\xE2\x80\x8B\xEF\xBB\xBF\x7F\xC2\x85\x01\xFF\xC0\x80\xED\xA0\x80";
  const std::string json = RenderReceipt(facts);
  EXPECT_NE(json.find("\"title\": \"x\\\",\\u000a\\\"salt\\\": "
                      "\\\"\\u202e\\u200b\\ufeff\\u007f\\u0085\\u0001"),
            std::string::npos);
  const auto parsed = ParseReceipt(json);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->salt, facts.salt);
}

TEST(ReceiptTest, MembersOfTheFutureAreIgnored) {
  std::string json = RenderReceipt(FullReceipt());
  json.replace(0, 1, "{ \"future\": {\"a\": [1, null, true]},");
  const auto parsed = ParseReceipt(json);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, FullReceipt());
}

TEST(ReceiptTest, DamagedReceiptsAreRefusedWithAReason) {
  const std::string json = RenderReceipt(FullReceipt());
  const auto refused = [](const std::string& text) {
    const auto parsed = ParseReceipt(text);
    return parsed ? std::string("taken") : parsed.error().message;
  };
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = json;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  EXPECT_EQ(refused(""), "receipt: not JSON");
  EXPECT_EQ(refused("[]"), "receipt: not a JSON object");
  EXPECT_EQ(refused("{}"), "receipt: member \"format\" is missing");
  EXPECT_EQ(refused(changed("nightbox-receipt/1", "nightbox-receipt/2")),
            "receipt: member \"format\" is not nightbox-receipt/1");
  EXPECT_EQ(refused(changed("\"salt\": \"", "\"salt\": \"A")),
            "receipt: member \"salt\" is not 64 lower-case hexadecimal digits");
  EXPECT_EQ(refused(changed("\"bytes\": 20480", "\"bytes\": -1")),
            "receipt: member \"bytes\" is not a whole number");
  EXPECT_EQ(refused(changed("\"bytes\": 20480", "\"bytes\": 18446744073709551615")),
            "receipt: member \"bytes\" is too large");
  EXPECT_EQ(refused(changed("\"standing\": \"recalled\"", "\"standing\": \"sure\"")),
            "receipt: member \"standing\" is a word this format does not know");
  EXPECT_EQ(refused(changed("\"kind\": \"new\"", "\"kind\": \"odd\"")),
            "receipt: member \"kind\" is a word this format does not know");
  EXPECT_EQ(refused(changed("2024-07-02T04:59:59.900000Z", "yesterday")),
            "receipt: member \"utc\" is not an instant");
  EXPECT_EQ(refused(changed("\"documents\": [", "\"documents\": [7, ")),
            "receipt: member \"documents\" has an element of the wrong type");
  EXPECT_EQ(refused(std::string(kReceiptMaxBytes + 1, ' ')), "receipt: larger than is allowed");
  EXPECT_EQ(refused(std::string(kReceiptMaxBytes, '[')), "receipt: not JSON");
  EXPECT_EQ(refused("{\"a\": \"\xFF\"}"), "receipt: not JSON");
  for (std::size_t size = 0; size + 2 < json.size(); size += 13) {
    EXPECT_NE(refused(json.substr(0, size)), "taken") << size;
  }
  // Any byte may be damaged: parsing answers, and never does anything worse than refuse.
  for (std::size_t i = 0; i < json.size(); ++i) {
    for (const char byte : {'\0', '"', '{', '9', '\xFF'}) {
      std::string text = json;
      text[i] = byte;
      (void)ParseReceipt(text);
    }
  }
}

TEST(StatementTest, BytesAreTheGoldenOnes) {
  const StatementHead head = {
      "delivery.submitted", "A7", "testlog", 42, *ParseUtc("2024-07-02T05:00:00.300000Z"),
      Sha256("salt")};
  ExpectGolden("statement-delivery-submitted.json",
               RenderStatement(head, {{"filing_id", "abc"},
                                      {"court_filing_id", std::string("tab\there")},
                                      {"step_us", std::int64_t{-5}},
                                      {"count", std::uint64_t{18446744073709551615U}},
                                      {"test", false}}));
  EXPECT_TRUE(RenderStatement(head, {}).ends_with("\"\n}\n"));
}

}  // namespace
}  // namespace nightbox
