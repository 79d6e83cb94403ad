// Goal: `nightbox-gateway --check` sees whatever a start would refuse before it opens its journal,
// says all of it at once, and touches nothing; what is no reason to shut the door is a warning.
// Method: a gateway's own configuration with one thing wrong in it at a time; each is shown to the
// check and to a start, and both must name it. The unbroken one passes, also while it serves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/process/gateway_process.h"

namespace nightbox {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kCity[] = "mo.cir.16.jackson.kansas-city";
constexpr char kCityTakesNone[] =
    "[[court]]\nid = \"mo.cir.16.jackson.kansas-city\"\nenabled = false\n";
constexpr int kWrong = 78;
constexpr int kContradiction = 66;

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

class CheckTest : public testing::Test {
 protected:
  CheckTest() {
    gateway_.settings().courts = kCityTakesNone;
    gateway_.Start();
    gateway_.Stop();
    good_ = ReadWholeFile(gateway_.directory() / "gateway.toml");
  }

  std::string Write(const std::string& name, const std::string& text) const {
    const fs::path path = gateway_.directory() / name;
    std::ofstream(path) << text;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    return path.string();
  }

  CommandResult Check(const std::string& toml) const {
    return GatewayProcess::RunProgram({"--config", Write("tried.toml", toml), "--check"});
  }

  // The check and a start both refuse it with this exit code, and both say this.
  void ExpectRefused(const std::string& toml, const std::string& what, int exit_code = kWrong) {
    SCOPED_TRACE(what);
    const CommandResult checked = Check(toml);
    EXPECT_EQ(checked.exit_code, exit_code);
    EXPECT_THAT(checked.output, AllOf(HasSubstr(what), Not(HasSubstr("good"))));
    const CommandResult started =
        GatewayProcess::RunProgram({"--config", (gateway_.directory() / "tried.toml").string()});
    EXPECT_EQ(started.exit_code, exit_code) << started.output;
    EXPECT_THAT(started.output, HasSubstr(what));
  }

  std::string With(const std::string& from, const std::string& to) const {
    return Replaced(good_, from, to);
  }

  GatewayProcess gateway_;
  std::string good_;
};

TEST_F(CheckTest, WhatIsGoodIsGoodAlsoWhileItServes) {
  const CommandResult good = Check(good_);
  EXPECT_EQ(good.exit_code, 0) << good.output;
  EXPECT_THAT(good.output, AllOf(HasSubstr(": good"), Not(HasSubstr("warning"))));
  gateway_.Start();
  EXPECT_EQ(Check(good_).exit_code, 0);
  gateway_.Stop();
  gateway_.VerifyJournal();
}

TEST_F(CheckTest, ADivisionWithItsOwnCaseSystemThatNoneOrItsCircuitsServesIsNamed) {
  const auto warned = [this](const std::string& toml) {
    const CommandResult checked = Check(toml);
    EXPECT_EQ(checked.exit_code, 0) << checked.output;
    return checked.output;
  };
  const std::string with_city = With("\"mo.cir.*\"", std::string("\"mo.cir.*\", \"") + kCity + '"');
  EXPECT_THAT(warned(with_city), Not(HasSubstr("warning"))) << "stated to take no filings";
  gateway_.settings().courts.clear();
  gateway_.Start();
  EXPECT_THAT(gateway_.Log(), AllOf(HasSubstr("will not go well"),
                                    HasSubstr(std::string(kCity) + " (Kansas City Municipal")));
  gateway_.Stop();
  EXPECT_THAT(warned(good_), AllOf(HasSubstr("warning: case_system.courts: "), HasSubstr(kCity),
                                   HasSubstr("of its own (unconfirmed), and no case system lists "
                                             "it by its id"),
                                   HasSubstr("filings already received for it are not delivered "
                                             "until then")));
  EXPECT_THAT(warned(with_city),
              HasSubstr("court serves " + std::string(kCity) + " and mo.cir.16.jackson, although"));
}

TEST_F(CheckTest, KeysThatAreNotTheirCertificates) {
  TestPki& pki = gateway_.pki();
  const std::string signer_key = pki.receipt_signer().key.string();
  const CertificateFiles other = pki.IssueServer("A7");
  ExpectRefused(With(signer_key, pki.forged_receipt_signer().key.string()), "receipts.key: ");
  ExpectRefused(With(pki.receipt_root().string(), pki.forged_receipt_root().string()),
                "receipts.root does not vouch for receipts.certificate");
  ExpectRefused(With(pki.log_key().string(), signer_key), "receipts.log_key: ");
  const std::string intake = good_.substr(good_.find("[intake]"));
  const std::size_t begin = intake.find("key = \"") + 7;
  const std::string intake_key = intake.substr(begin, intake.find('"', begin) - begin);
  ExpectRefused(With(intake_key, other.key.string()), "is not for that key");
  ExpectRefused(With("listen = \"127.0.0.1:0\"\n[capacity]",
                     "listen = \"127.0.0.1:0\"\ncertificate = \"" + other.certificate.string() +
                         "\"\nkey = \"" + signer_key + "\"\n[capacity]"),
                "http.certificate: ");
  ExpectRefused(good_ + "\n[monitoring]\nlisten = \"127.0.0.1:0\"\ncertificate = \"" +
                    other.certificate.string() + "\"\nkey = \"" + signer_key + "\"\n",
                "monitoring.certificate: ");
  ExpectRefused(With("client_ca = \"" + pki.tls_root().string(),
                     "client_ca = \"" + Write("empty.pem", "no certificate at all\n")),
                "holds no certificate");
}

TEST_F(CheckTest, FilesThatCannotBeReadOrMeanNothing) {
  const std::string nowhere = (gateway_.directory() / "nowhere.pem").string();
  for (const char* section : {"[intake]", "[receipts]", "[[case_system]]"}) {
    SCOPED_TRACE(section);
    const std::string rest = good_.substr(good_.find(section));
    const std::size_t begin = rest.find("certificate = \"") + 15;
    const std::string path = rest.substr(begin, rest.find('"', begin) - begin);
    ExpectRefused(With(path, nowhere), nowhere + " cannot be read");
  }
  ExpectRefused(With("deny-list.toml", Write("deny.toml", "systems = [\n")), "deny list line ");
  ExpectRefused(With("deny-list.toml", Write("deny.toml", "certificates_sha256 = [\"AB\"]\n")),
                "holds what is no SHA-256 fingerprint");
  ExpectRefused(With("directory.toml", Write("who.toml", "[[system]]\nacts_for = []\n")),
                "access directory line ");
  fs::create_directory(gateway_.directory() / "no-courts");
  ExpectRefused(With("court-system", "no-courts"), "gateway.court_system: ");
}

TEST_F(CheckTest, TheJournalIsThereIsThisGatewaysAndHoldsWhatItPromised) {
  ExpectRefused(With("name = \"A7\"", "name = \"B3\""),
                "the journal belongs to gateway A7, not to B3");
  fs::create_directory(gateway_.directory() / "mount");
  ExpectRefused(With("data_directory = \"data\"", "data_directory = \"mount\""), "no journal in ");
  const fs::path ledger = gateway_.directory() / "data/journal-0001/ledger";
  for (const auto& entry : fs::directory_iterator(ledger)) {
    if (entry.path().filename().string().starts_with("MANIFEST")) fs::resize_file(entry.path(), 10);
  }
  ExpectRefused(good_, "ledger", kContradiction);
}

TEST_F(CheckTest, AllThatIsWrongIsSaidAtOnce) {
  const std::string broken = Replaced(
      With(gateway_.pki().log_key().string(), gateway_.pki().receipt_signer().key.string()),
      "deny-list.toml", Write("deny.toml", "systems = [\n"));
  const CommandResult checked = Check(Replaced(broken, "name = \"A7\"", "name = \"B3\""));
  EXPECT_EQ(checked.exit_code, kWrong);
  EXPECT_THAT(checked.output, AllOf(HasSubstr("receipts.log_key"), HasSubstr("deny list"),
                                    HasSubstr("belongs to gateway A7")));
}

TEST_F(CheckTest, WhatOnlyHurtsIsAWarningAndTheDoorOpens) {
  // Filings can be received though the case system cannot be reached, and by whom one knows still.
  TestPki& pki = gateway_.pki();
  const std::string section = good_.substr(good_.find("[[case_system]]"));
  const std::size_t begin = section.find("\nkey = \"") + 8;
  const std::string key = section.substr(begin, section.find('"', begin) - begin);
  const CertificateFiles expired = pki.IssueServer("A7", Validity::kExpired);
  const CommandResult checked = Check(With(key, pki.receipt_signer().key.string()) +
                                      "[pdf_check]\nprogram = \"/nowhere/pdf-check\"\n");
  EXPECT_EQ(checked.exit_code, 0) << checked.output;
  EXPECT_THAT(checked.output,
              AllOf(HasSubstr("warning: case_system.certificate: of court: "),
                    HasSubstr("warning: pdf_check.program: /nowhere/pdf-check cannot be run"),
                    HasSubstr(": good")));
  const std::string intake = good_.substr(good_.find("[intake]"));
  const std::size_t at = intake.find("certificate = \"");
  const std::string own = intake.substr(at, intake.find("client_ca") - at);
  EXPECT_THAT(
      Check(With(own, "certificate = \"" + expired.certificate.string() + "\"\nkey = \"" +
                          expired.key.string() + "\"\n"))
          .output,
      HasSubstr("warning: intake.certificate: " + expired.certificate.string() + " has run out"));
}

}  // namespace
}  // namespace nightbox
