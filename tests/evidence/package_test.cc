// Goal: a package holds everything that proves a receipt, is the same bytes whenever it is made,
// and a hostile one is refused within bounds. Method: build and read back, in different time zones;
// every damaged byte; zips made by libzip itself with what ours never hold; pages with hostile
// texts.
#include "evidence/package.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>
#include <zip.h>

#include "core/sha256.h"
#include "evidence/package_files.h"
#include "evidence/receipt_last_day.h"
#include "evidence/receipt_page.h"
#include "rules/deadline_rules.h"
#include "tests/support/receipt_samples.h"
#include "tests/support/sample_package.h"

namespace nightbox {
namespace {

PackageParts Parts() {
  static const TestPki pki;
  static const PackageParts parts = SamplePackage(pki, FullReceipt(), 3, 7);
  return parts;
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// A zip made by somebody else.
std::string Zip(const std::vector<std::pair<std::string, std::string>>& entries, bool compressed) {
  zip_source_t* source = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_t* archive = zip_open_from_source(source, ZIP_TRUNCATE, nullptr);
  zip_source_keep(source);
  for (const auto& [name, bytes] : entries) {
    const auto index = static_cast<zip_uint64_t>(zip_file_add(
        archive, name.c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0));
    zip_set_file_compression(archive, index, compressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
  }
  EXPECT_EQ(zip_close(archive), 0);
  zip_source_open(source);
  std::string out(32 * 1024 * 1024, '\0');
  out.resize(static_cast<std::size_t>(zip_source_read(source, out.data(), out.size())));
  zip_source_close(source);
  zip_source_free(source);
  return out;
}

std::vector<std::pair<std::string, std::string>> Entries(const PackageParts& parts) {
  return {{"receipt.json", parts.receipt_json},
          {"receipt.json.p7s", parts.signature},
          {"inclusion.json", parts.inclusion_json},
          {"checkpoint.txt", parts.checkpoint},
          {"root.pem", parts.root_pem}};
}

std::string Why(std::string_view zip) {
  const auto parts = ReadPackage(zip);
  return parts ? "taken" : parts.error().message;
}

TEST(PackageTest, WhatGoesInComesOut) {
  const std::string zip = BuildPackage(Parts()).value();
  EXPECT_EQ(ReadPackage(zip).value(), Parts());
  EXPECT_TRUE(zip.starts_with("PK\x03\x04"));
  // Stored: every file can be seen in the zip as it is.
  EXPECT_NE(zip.find(Parts().receipt_json), std::string::npos);
  EXPECT_NE(zip.find(kVerifyScript), std::string::npos);
  EXPECT_NE(zip.find(kVerifyText), std::string::npos);
}

TEST(PackageTest, TheSamePartsMakeTheSameBytesInEveryTimeZone) {
  const std::string zip = BuildPackage(Parts()).value();
  for (const char* zone : {"Asia/Tokyo", "America/Chicago", "UTC"}) {
    setenv("TZ", zone, 1);
    tzset();
    EXPECT_EQ(BuildPackage(Parts()).value(), zip) << zone;
  }
  unsetenv("TZ");
  tzset();
}

TEST(PackageTest, OnlyAReceiptIsPacked) {
  PackageParts parts = Parts();
  parts.receipt_json = "{}";
  EXPECT_FALSE(BuildPackage(parts));
}

TEST(PackageTest, ADamagedByteIsRefusedOrChangesNothing) {
  const std::string zip = BuildPackage(Parts()).value();
  for (std::size_t i = 0; i < zip.size(); ++i) {
    std::string damaged = zip;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x11);
    const auto parts = ReadPackage(damaged);
    if (parts) {
      ASSERT_EQ(*parts, Parts()) << i;
    }
  }
  for (std::size_t size = 0; size < zip.size(); size += 11) {
    EXPECT_FALSE(ReadPackage(std::string_view(zip).substr(0, size))) << size;
  }
}

TEST(PackageTest, HostileZipsAreRefused) {
  const auto entries = Entries(Parts());
  EXPECT_EQ(Why(Zip(entries, false)), "taken");
  EXPECT_EQ(Why(Zip(entries, true)),
            "evidence package: an entry is compressed; unpack it and verify the files");
  EXPECT_EQ(Why(""), "evidence package: lacks a part");
  EXPECT_EQ(Why(std::string(1000, 'P')), "evidence package: not a consistent zip file");
  EXPECT_EQ(Why(std::string(kPackageMaxBytes + 1, 'P')), "evidence package: larger than 16 MB");

  auto lacking = entries;
  lacking.pop_back();
  EXPECT_EQ(Why(Zip(lacking, false)), "evidence package: lacks a part");
  auto folder = entries;
  folder[0].first = "x/receipt.json";
  EXPECT_EQ(Why(Zip(folder, false)), "evidence package: lacks a part");

  auto large = entries;
  large.emplace_back("extra", std::string(4 * 1024 * 1024, 'x'));
  EXPECT_EQ(Why(Zip(large, false)), "taken");
  large.back().second += "x";
  EXPECT_EQ(Why(Zip(large, false)), "evidence package: an entry is larger than 4 MiB");

  auto many = entries;
  while (many.size() < kPackageEntriesMax) {
    many.emplace_back("extra " + std::to_string(many.size()), "");
  }
  EXPECT_EQ(Why(Zip(many, false)), "taken");
  many.emplace_back("one more", "");
  EXPECT_EQ(Why(Zip(many, false)), "evidence package: more than 32 entries");

  auto twin = entries;
  twin.emplace_back("receipt.jsoN", "{}");
  EXPECT_EQ(Why(Zip(twin, false)), "taken");
  EXPECT_EQ(Why(Replaced(Zip(twin, false), "receipt.jsoN", "receipt.json")),
            "evidence package: not a consistent zip file");
}

TEST(ReceiptPageTest, ShowsTheReceiptAndEscapesEveryText) {
  ReceiptFacts facts = FullReceipt();
  facts.header.documents[0].title = "<script>alert(1)</script>";
  facts.header.documents[0].file_name = "\"><img src=x onerror=alert(2)>.pdf";
  std::get<NewCase>(facts.header.case_reference).title = "A & B <i>v.</i> C";
  facts.warnings[0].message = "<b>bold</b>";
  facts.gateway = "<A7>";
  const std::string json = RenderReceipt(facts);
  const std::string html = RenderReceiptPage(json).value();
  EXPECT_EQ(html, RenderReceiptPage(json).value());
  EXPECT_TRUE(html.starts_with("<!DOCTYPE html>"));
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_EQ(html.find("<i>"), std::string::npos);
  EXPECT_EQ(html.find("<b>"), std::string::npos);
  EXPECT_EQ(html.find("{{"), std::string::npos);
  EXPECT_NE(html.find("A &amp; B &lt;i&gt;v.&lt;/i&gt; C"), std::string::npos);
  EXPECT_NE(html.find("<time datetime=\"2024-07-02T04:59:59.900Z\">Monday 1 July 2024 at "
                      "11:59:59 p.m. Central Daylight Time</time>"),
            std::string::npos);
  EXPECT_NE(html.find(Sha256(json).Hex()), std::string::npos);
  EXPECT_NE(html.find("Nightbox has served nobody."), std::string::npos);
  EXPECT_NE(html.find("</bdi></th><td>Tuesday 9 July 2024</td><td>confirmed</td>"),
            std::string::npos);
  EXPECT_NE(html.find("<td>20480</td><td>12</td>"), std::string::npos);
  EXPECT_NE(html.find("<td>1</td><td>not known</td>"), std::string::npos);
  EXPECT_NE(html.find("neither a ruling nor a legal conclusion"), std::string::npos);
  EXPECT_NE(html.find("<li>10 days (Rule 103.06(b); recalled)</li>"), std::string::npos);
  EXPECT_EQ(html.find("filed"), std::string::npos);
  EXPECT_FALSE(RenderReceiptPage("{}"));
}

TEST(ReceiptPageTest, TheHeadingNamesTheRuleThatHolds) {
  ReceiptFacts facts = PlainReceipt();
  const auto page = [&] { return RenderReceiptPage(RenderReceipt(facts)).value(); };
  EXPECT_NE(page().find("<h2>Last day under Rule 103.06</h2>"), std::string::npos);
  // D.N.H.: no number of days, and none of Missouri's words.
  facts.last_days.clear();
  facts.last_day_rule.reset();
  facts.unavailability_rule.clear();
  DeadlineRules rules = DeadlineRules::BuiltIn();
  rules.unavailability_rule = "us.nhd.ap.2.10";
  AddLastDays(rules, std::nullopt, facts);
  EXPECT_NE(page().find("<h2>Last day under AP 2.10</h2>"), std::string::npos);
  EXPECT_NE(page().find("it gives no number of days for a motion"), std::string::npos);
  EXPECT_EQ(page().find("103.06"), std::string::npos);
  EXPECT_EQ(page().find("Missouri"), std::string::npos);
  facts.unavailability_rule.clear();
  EXPECT_NE(page().find("<h2>Last day for a motion</h2>"), std::string::npos);
}

TEST(ReceiptPageTest, OfAFilingThatWentWellNothingIsSaidToHaveFailed) {
  ReceiptFacts facts = PlainReceipt();
  facts.case_system = CaseSystemReach::kReachable;
  facts.last_days.clear();
  AddLastDays(DeadlineRules::BuiltIn(), std::nullopt, facts);
  const std::string html = RenderReceiptPage(RenderReceipt(facts)).value();
  EXPECT_NE(html.find("Nothing here says that an attempt failed"), std::string::npos);
  EXPECT_NE(html.find("<bdi>the attempt recorded here, if it counts as unsuccessful</bdi></th>"
                      "<td>Thursday 11 July 2024</td>"),
            std::string::npos)
      << html;
  EXPECT_EQ(html.find("unsuccessful attempt"), std::string::npos);
  EXPECT_EQ(html.find("for an unsuccessful one"), std::string::npos);
}

TEST(ReceiptPageTest, SaysWhoseTimeCountsAndHowSurely) {
  ReceiptFacts facts = PlainReceipt();
  const auto row = [&](const std::string& words) {
    const std::string page = RenderReceiptPage(RenderReceipt(facts)).value();
    EXPECT_NE(page.find("Whose time of receipt counts</th><td><bdi>" + words + "</bdi>"),
              std::string::npos)
        << words;
    return page;
  };
  row("not decided");
  facts.authority = ReceiptAuthority::kGateway;
  facts.authority_citation = "ask Bob";
  facts.authority_standing = Standing::kUnconfirmed;
  const std::string page =
      row("not decided: the gateway&#39;s is configured, by ask Bob "
          "(unconfirmed)");
  EXPECT_NE(page.find("Nobody has confirmed that the court takes this for filing"),
            std::string::npos);
  EXPECT_NE(page.find("Thursday 11 July 2024"), std::string::npos);
  facts.authority_standing = Standing::kConfirmed;
  EXPECT_EQ(row("the gateway&#39;s, by ask Bob (confirmed)").find("Last day"), std::string::npos);
  facts.authority = ReceiptAuthority::kCaseSystem;
  facts.authority_citation.clear();
  facts.authority_standing = Standing::kUnconfirmed;
  EXPECT_NE(row("the case system&#39;s (unconfirmed)").find("As configured, and unconfirmed: "),
            std::string::npos);
}

}  // namespace
}  // namespace nightbox
