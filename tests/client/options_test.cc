// Goal: what is typed means what the documentation says, and a slip is named, never guessed at.
// Method: the pure functions from options and texts to headers and settings.
#include <gtest/gtest.h>

#include <map>

#include "client/header_options.h"
#include "client/media_type.h"
#include "client/output.h"
#include "client/settings.h"
#include "tests/support/temporary_directory.h"

namespace nightbox::client {
namespace {

HeaderOptions Minimal() {
  HeaderOptions options;
  options.court = "mo.cir.42.dent";
  options.case_number = "24DN-CC00017";
  options.documents = {"motion.pdf"};
  return options;
}

TEST(HeaderOptionsTest, TheFirstDocumentLeadsAndTheOthersAreAttached) {
  HeaderOptions options = Minimal();
  options.documents = {"a/motion.pdf", "b/exhibit 1.pdf", "c/brief.pdf:lead:Brief: part 2"};
  const auto draft = BuildHeader(options);
  ASSERT_TRUE(draft) << draft.error().message;
  const auto& documents = draft->header.documents;
  EXPECT_EQ(documents[0].role, DocumentRole::kLead);
  EXPECT_EQ(documents[0].title, "motion");
  EXPECT_EQ(documents[1].role, DocumentRole::kAttachment);
  EXPECT_EQ(documents[1].file_name, "exhibit 1.pdf");
  EXPECT_EQ(documents[2].role, DocumentRole::kLead);
  EXPECT_EQ(documents[2].title, "Brief: part 2");
  EXPECT_EQ(draft->sources[2], "c/brief.pdf");
}

TEST(HeaderOptionsTest, AColonInAFileNameIsPartOfIt) {
  HeaderOptions options = Minimal();
  options.documents = {"2024:07:01 motion.pdf", "leading:leadership.pdf:attachment"};
  const auto draft = BuildHeader(options).value();
  EXPECT_EQ(draft.sources[0], "2024:07:01 motion.pdf");
  EXPECT_EQ(draft.sources[1], "leading:leadership.pdf");
}

TEST(HeaderOptionsTest, ExactlyOneCaseIsNamed) {
  HeaderOptions none = Minimal();
  none.case_number.clear();
  EXPECT_FALSE(BuildHeader(none));
  HeaderOptions two = Minimal();
  two.opened_by = std::string(26, 'a');
  EXPECT_FALSE(BuildHeader(two));
}

TEST(HeaderOptionsTest, WhatDescribesANewCaseIsNotDroppedSilently) {
  HeaderOptions options = Minimal();
  options.title = "Smith v. Jones";
  const auto refused = BuildHeader(options);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("--new-case"), std::string::npos);
}

TEST(HeaderOptionsTest, AnIndexMustNameADocument) {
  for (const char* wrong : {"0:sealed", "2:sealed", "1", "1:", "x:sealed", "1:secret", "-1:sealed",
                            "99999999999999999999:sealed"}) {
    HeaderOptions options = Minimal();
    options.document_security = {wrong};
    const auto refused = BuildHeader(options);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().field, "--document-security");
  }
}

TEST(HeaderOptionsTest, UnspecifiedIsNothingToWrite) {
  HeaderOptions options = Minimal();
  options.fee = "unspecified";
  EXPECT_FALSE(BuildHeader(options));
}

TEST(SettingsTest, EveryKeyIsReadAndPathsAreTakenFromTheFilesPlace) {
  const auto settings = ParseSettings(
      "server = \"gw:443\"\ntls_name = \"n\"\ncertificate = \"us.pem\"\nkey = \"/abs/us.key\"\n"
      "ca = \"ca.pem\"\nreceipt_root = \"root.pem\"\nregistered_user = \"u\"\nstaff = \"s\"\n"
      "state = \"st\"\n",
      "/etc/nightbox");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->certificate, "/etc/nightbox/us.pem");
  EXPECT_EQ(settings->key, "/abs/us.key");
  EXPECT_EQ(settings->state, "/etc/nightbox/st");
  EXPECT_EQ(settings->server, "gw:443");
}

TEST(SettingsTest, ASlipIsNamed) {
  EXPECT_NE(ParseSettings("sever = \"x\"", "/").error().message.find("sever"), std::string::npos);
  EXPECT_NE(ParseSettings("server = 5", "/").error().message.find("server"), std::string::npos);
  EXPECT_NE(ParseSettings("\n\nserver = ", "/").error().message.find("line 3"), std::string::npos);
}

TEST(SettingsTest, TheXdgDirectoriesCountAndRelativeOnesDoNot) {
  std::map<std::string, std::string> variables = {{"HOME", "/home/ann"}};
  const Environment environment = [&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
  EXPECT_EQ(DefaultStatePath(environment), "/home/ann/.local/state/nightbox");
  variables["XDG_STATE_HOME"] = "/var/state";
  variables["XDG_CONFIG_HOME"] = "relative";
  EXPECT_EQ(DefaultStatePath(environment), "/var/state/nightbox");
  EXPECT_EQ(DefaultConfigPath(environment), "/home/ann/.config/nightbox/nightbox.toml");
}

TEST(MediaTypeTest, APdfMayBeginALittleLater) {
  EXPECT_EQ(SniffMediaType("%PDF-1.4"), "application/pdf");
  EXPECT_EQ(SniffMediaType(std::string(1019, ' ') + "%PDF-1.4"), "application/pdf");
  EXPECT_EQ(SniffMediaType(std::string(1020, ' ') + "%PDF-1.4"), std::nullopt);
  EXPECT_EQ(SniffMediaType(""), std::nullopt);
}

TEST(ExitCodeTest, EveryEndHasItsOwn) {
  EXPECT_EQ(ExitCodeOf(CallFailure::Interrupted()), ExitCode::kInterrupted);
  EXPECT_EQ(ExitCodeOf(CallFailure::Contradiction("x")), ExitCode::kContradiction);
  EXPECT_EQ(ExitCodeOf(CallFailure::Local({})), ExitCode::kLocalTrouble);
  CallFailure away;
  away.again = Again::kRetryOutcomeUnknown;
  EXPECT_EQ(ExitCodeOf(away), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeOf(Conclusion::kReturned), ExitCode::kReturned);
  EXPECT_EQ(ExitCodeOf(Conclusion::kNone), ExitCode::kStillWaiting);
  EXPECT_EQ(ExitCodeOf(Conclusion::kTerminated), ExitCode::kEnded);
}

TEST(OutputTest, PlainProgressIsAtMostElevenLines) {
  std::ostringstream out;
  std::ostringstream err;
  const SimClock clock(WallTime{});
  Output output("file", /*json=*/false, /*terminal=*/false, out, err, clock);
  for (int i = 1; i <= 1000; ++i) output.Progress("motion.pdf", i, 1000);
  const std::string lines = err.str();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 11);
  EXPECT_NE(lines.find("100 %"), std::string::npos);
}

TEST(OutputTest, ABarIsRedrawnAndEndsWithItsLine) {
  std::ostringstream out;
  std::ostringstream err;
  const SimClock clock(WallTime{});
  Output output("file", /*json=*/false, /*terminal=*/true, out, err, clock);
  output.Progress("motion.pdf", 500, 1000);
  output.Progress("motion.pdf", 501, 1000);
  output.Progress("motion.pdf", 1000, 1000);
  const std::string drawn = err.str();
  EXPECT_EQ(std::count(drawn.begin(), drawn.end(), '\r'), 2);
  EXPECT_EQ(drawn.back(), '\n');
}

TEST(OutputTest, InJsonNothingIsSaidBeforeTheEnd) {
  std::ostringstream out;
  std::ostringstream err;
  const SimClock clock(WallTime{});
  Output output("file", /*json=*/true, /*terminal=*/true, out, err, clock);
  output.Say("a");
  output.Note("b");
  output.Progress("motion.pdf", 1, 2);
  EXPECT_EQ(out.str() + err.str(), "");
  EXPECT_EQ(output.Finish(ExitCode::kReturned), ExitCode::kReturned);
  EXPECT_EQ(out.str(), "{\"command\":\"file\",\"exit_code\":5}\n");
}

}  // namespace
}  // namespace nightbox::client
