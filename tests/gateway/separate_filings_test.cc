// Goal: COR 4.05 from the command to the receipt and back: an unsplit package is received as one
// filing with a warning; filed apart, each is received for itself under one group, a refused one
// stops no other, and a repeat of the command doubles nothing.
// Method: the real `nightbox` against the real intake service over TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "evidence/receipt.h"
#include "tests/client/run_nightbox.h"
#include "tests/gateway/front_door.h"

namespace nightbox {
namespace {

using testing::HasSubstr;
using testing::Not;
using Words = std::vector<std::string>;

constexpr char kClause[] = "COR 4.05(1)";

// A prosecutor's machine. The fixture's journal signs with a root of its own, so none is
// configured.
class Prosecutor {
 public:
  explicit Prosecutor(FrontDoor& door) : caller_(door.As("user-anna")) {
    std::filesystem::create_directories(home_.path() / ".config" / "nightbox");
    home_.Write(".config/nightbox/nightbox.toml",
                "server = \"localhost:" + std::to_string(door.port()) + "\"\ncertificate = \"" +
                    door.acme().certificate.string() + "\"\nkey = \"" + door.acme().key.string() +
                    "\"\nca = \"" + door.pki().tls_root().string() +
                    "\"\nregistered_user = \"user-anna\"\n");
    home_.Write("complaint.pdf", SmallPdf("complaint"));
  }

  client::NightboxResult File(const Words& defendants, const Words& more) {
    Words words = {"file",
                   "--court",
                   kDent,
                   "--new-case",
                   "CR",
                   "--case-type",
                   "Felony",
                   "--title",
                   "State v. {name}",
                   "--document",
                   (home_.path() / "complaint.pdf").string(),
                   "--party",
                   "State:Plaintiff"};
    for (const std::string& each : defendants) {
      words.insert(words.end(), {"--party", each + ":Defendant"});
    }
    words.insert(words.end(), more.begin(), more.end());
    return client::NightboxRun(NIGHTBOX_PROGRAM, home_.path(), words).Wait();
  }

  // What the gateway receipted, oldest last.
  std::vector<ReceiptFacts> Receipts() const {
    std::vector<ReceiptFacts> receipts;
    const auto filings = caller_.List(50);
    EXPECT_TRUE(filings.ok()) << filings.status.error_message();
    for (const auto& each : filings.response.filings()) {
      const auto receipt = caller_.GetReceipt(each.filing_id());
      EXPECT_TRUE(receipt.ok()) << receipt.status.error_message();
      const auto facts = ParseReceipt(receipt.response.receipt_json());
      EXPECT_TRUE(facts);
      if (facts) receipts.push_back(*facts);
    }
    return receipts;
  }

 private:
  TemporaryDirectory home_;
  IntakeCaller caller_;
};

std::size_t WarningsOn(const ReceiptFacts& receipt) {
  return static_cast<std::size_t>(std::ranges::count(
      receipt.warnings, "SEPARATE_FILES", [](const Warning& each) { return each.code; }));
}

TEST(SeparateFilingsEndToEndTest, UnsplitItIsOneFilingWithTheClauseOnItsReceipt) {
  FrontDoor door;
  Prosecutor prosecutor(door);
  const auto filed = prosecutor.File({"Ann Doe", "Bob Roe"}, {});
  EXPECT_EQ(filed.exit_code, 0) << filed.err;
  // Said before it is filed, with what to do about it; and by the receipt.
  EXPECT_THAT(filed.err, HasSubstr("--one-per-person"));
  EXPECT_THAT(filed.err, HasSubstr(kClause));
  EXPECT_THAT(filed.out, HasSubstr(kClause));
  const auto receipts = prosecutor.Receipts();
  ASSERT_EQ(receipts.size(), 1U);
  EXPECT_EQ(WarningsOn(receipts[0]), 1U);
  EXPECT_EQ(receipts[0].received_at, door.clock().Now());
  EXPECT_EQ(std::get<NewCase>(receipts[0].header.case_reference).parties.size(), 3U);
}

TEST(SeparateFilingsEndToEndTest, ApartEachIsReceivedForItselfUnderOneGroup) {
  FrontDoor door;
  Prosecutor prosecutor(door);
  const auto filed = prosecutor.File({"Ann Doe", "Bob Roe"}, {"--one-per-person", "--json"});
  ASSERT_EQ(filed.exit_code, 0) << filed.out;
  const auto json = filed.Json();
  EXPECT_EQ(json.at("outcome").as_string(), "received");
  ASSERT_EQ(json.at("entries").as_array().size(), 2U);
  const auto receipts = prosecutor.Receipts();
  ASSERT_EQ(receipts.size(), 2U);
  std::set<std::string> titles;
  for (const ReceiptFacts& each : receipts) {
    EXPECT_EQ(each.header.related_group_id, json.at("related_group_id").as_string());
    EXPECT_EQ(WarningsOn(each), 0U);
    titles.insert(std::get<NewCase>(each.header.case_reference).title);
  }
  EXPECT_EQ(titles, (std::set<std::string>{"State v. Ann Doe", "State v. Bob Roe"}));
}

TEST(SeparateFilingsEndToEndTest, ApartWithoutAGroupTheyAreTakenAsWell) {
  FrontDoor door;
  Prosecutor prosecutor(door);
  EXPECT_EQ(prosecutor.File({"Ann Doe"}, {"--one-per-person"}).exit_code, 0);
  const auto second = prosecutor.File({"Bob Roe"}, {});
  EXPECT_EQ(second.exit_code, 0);
  EXPECT_THAT(second.out + second.err, Not(HasSubstr(kClause)));
  for (const ReceiptFacts& each : prosecutor.Receipts()) {
    EXPECT_EQ(each.header.related_group_id, "");
    EXPECT_EQ(WarningsOn(each), 0U);
  }
}

TEST(SeparateFilingsEndToEndTest, ARepeatOfTheCommandDoublesNothing) {
  FrontDoor door;
  Prosecutor prosecutor(door);
  const Words words = {"--one-per-person", "--json", "--request-id", "complaint-2024-17"};
  const auto first = prosecutor.File({"Ann Doe", "Bob Roe"}, words);
  const auto again = prosecutor.File({"Ann Doe", "Bob Roe"}, words);
  ASSERT_EQ(first.exit_code, 0) << first.out;
  ASSERT_EQ(again.exit_code, 0) << again.out;
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(again.Json().at("entries").at(i).at("filing_id"),
              first.Json().at("entries").at(i).at("filing_id"));
  }
  EXPECT_EQ(prosecutor.Receipts().size(), 2U);
  // Another defendant under the same id is another package.
  EXPECT_EQ(prosecutor.File({"Ann Doe", "Cy Poe"}, words).exit_code, 2);
  EXPECT_EQ(prosecutor.Receipts().size(), 2U);
}

TEST(SeparateFilingsEndToEndTest, ARefusedOneStopsNoOther) {
  FrontDoor door;
  Prosecutor prosecutor(door);
  const std::string overlong(301, 'x');
  const auto filed =
      prosecutor.File({"Ann Doe", overlong, "Cy Poe"}, {"--one-per-person", "--json"});
  EXPECT_EQ(filed.exit_code, 1);
  const auto json = filed.Json();
  EXPECT_EQ(json.at("outcome").as_string(), "incomplete");
  EXPECT_EQ(json.at("entries").at(0).at("outcome").as_string(), "received");
  EXPECT_EQ(json.at("entries").at(1).at("outcome").as_string(), "refused");
  EXPECT_EQ(json.at("entries").at(2).at("outcome").as_string(), "received");
  EXPECT_EQ(prosecutor.Receipts().size(), 2U);
}

TEST(SeparateFilingsEndToEndTest, ACheckTellsOfEachAndFilesNothing) {
  FrontDoor door;
  Prosecutor prosecutor(door);
  const auto apart =
      prosecutor.File({"Ann Doe", "Bob Roe"}, {"--one-per-person", "--check", "--json"});
  EXPECT_EQ(apart.exit_code, 0);
  EXPECT_EQ(apart.Json().at("entries").as_array().size(), 2U);
  const auto unsplit = prosecutor.File({"Ann Doe", "Bob Roe"}, {"--check", "--json"});
  EXPECT_EQ(unsplit.exit_code, 0);
  EXPECT_THAT(unsplit.out, HasSubstr("SEPARATE_FILES"));
  EXPECT_TRUE(prosecutor.Receipts().empty());
}

}  // namespace
}  // namespace nightbox
