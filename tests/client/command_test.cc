// Goal: the program does what its documentation says to a person and to a script: exit codes, one
// JSON object, nothing lost when it is stopped or killed.
// Method: the real binary in a process of its own, against a gateway's protocol double over mutual
// TLS.
#include <gtest/gtest.h>
#include <signal.h>

#include "core/sha256.h"
#include "evidence/cms.h"
#include "evidence/record.h"
#include "evidence/stored_zip.h"
#include "sample_filing.h"
#include "tests/client/gateway_double.h"
#include "tests/client/run_nightbox.h"
#include "tests/support/temporary_directory.h"

namespace nightbox::client {
namespace {

namespace fs = std::filesystem;
using grpc::Status;
using grpc::StatusCode;
using intake::v1::Filing;
using Words = std::vector<std::string>;

std::string Text(const boost::json::object& object, const char* name) {
  const boost::json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return "(no " + std::string(name) + ")";
  return std::string(value->as_string());
}

class CommandTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { pki_ = new TestPki(); }
  static void TearDownTestSuite() {
    delete pki_;
    pki_ = nullptr;
  }

  CommandTest() : gateway_(*pki_, pki_->IssueServer("A7")) {
    const CertificateFiles us = pki_->IssueClient("system", "acme");
    fs::create_directories(home_.path() / ".config" / "nightbox");
    WriteTextFile(home_.path() / ".config" / "nightbox" / "nightbox.toml",
                  "server = \"" + gateway_.address() + "\"\ncertificate = \"" +
                      us.certificate.string() + "\"\nkey = \"" + us.key.string() + "\"\nca = \"" +
                      pki_->tls_root().string() + "\"\nreceipt_root = \"" +
                      pki_->receipt_root().string() + "\"\nregistered_user = \"mobar-12345\"\n");
    WriteTextFile(home_.path() / "motion.pdf", SamplePdf(20'000));
    WriteTextFile(home_.path() / "record.pdf", SamplePdf(4'000'000, 'r'));
  }

  NightboxResult Run(const Words& arguments, const Words& environment = {}) {
    return NightboxRun(NIGHTBOX_PROGRAM, home_.path(), arguments, environment).Wait();
  }
  Words FileWords(const Words& more = {}, const std::string& document = "motion.pdf") const {
    Words words = {"file",
                   "--court",
                   "mo.cir.42.dent",
                   "--case",
                   "24DN-CC00017",
                   "--document",
                   (home_.path() / document).string()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  // Files and answers the JSON.
  boost::json::object FileIt(const Words& more = {}) {
    Words words = FileWords(more);
    words.push_back("--json");
    return Run(words).Json();
  }
  fs::path State() const { return home_.path() / ".local/state/nightbox"; }
  std::size_t Waiting() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(State() / "outbox"), fs::directory_iterator()));
  }

  static TestPki* pki_;

  TemporaryDirectory home_;
  GatewayDouble gateway_;
};

TestPki* CommandTest::pki_ = nullptr;

TEST_F(CommandTest, FilingEndsWithAReceiptAndExitZero) {
  const NightboxResult result = Run(FileWords());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("received this filing"), std::string::npos) << result.out;
  // Once: what is said twice is not read.
  const std::size_t notice = result.out.find("has not decided whether this is filing");
  ASSERT_NE(notice, std::string::npos);
  EXPECT_EQ(result.out.find("has not decided whether this is filing", notice + 1),
            std::string::npos);
  EXPECT_NE(result.out.find("Last day for the motion, unconfirmed: "), std::string::npos)
      << result.out;
  EXPECT_EQ(Waiting(), 1U);
}

TEST_F(CommandTest, PersonalInformationInTheHeaderIsSaidByPlaceBeforeItIsFiled) {
  const NightboxResult result = Run(FileWords({"--note", "Respondent's SSN is 531-24-7786"}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.err.find("header.note_to_clerk seems to hold a social security number"),
            std::string::npos)
      << result.err;
  EXPECT_EQ((result.out + result.err).find("7786"), std::string::npos);
  EXPECT_EQ(FileIt({"--check", "--note", "born January 5, 1980"}).at("advice").as_array().size(),
            1U);
}

TEST_F(CommandTest, JsonIsOneObjectAndNothingElse) {
  const NightboxResult result = Run(FileWords({"--json"}));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  const auto json = result.Json();
  EXPECT_EQ(Text(json, "command"), "file");
  EXPECT_EQ(Text(json, "outcome"), "received");
  EXPECT_EQ(Text(json, "delivery"), "pending");
  EXPECT_TRUE(json.at("root_proven").as_bool());
  EXPECT_EQ(json.at("exit_code").as_int64(), 0);
  EXPECT_TRUE(fs::exists(Text(json, "receipt_path")));
}

TEST_F(CommandTest, ANewCaseCarriesEverythingThatWasSaid) {
  const NightboxResult result =
      Run({"file",
           "--court",
           "mo.cir.42.dent",
           "--new-case",
           "CC",
           "--case-type",
           "Contract",
           "--title",
           "Smith v. Jones",
           "--party",
           "Ann Smith:Plaintiff",
           "--party",
           "Bob: the Builder:Defendant",
           "--document",
           (home_.path() / "motion.pdf").string() + ":lead:Petition: the first",
           "--document",
           (home_.path() / "record.pdf").string(),
           "--document-security",
           "2:sealed",
           "--fee",
           "waiver-requested",
           "--emergency",
           "protection-order",
           "--service",
           "Bob:sheriff:1 Main Street",
           "--note",
           "Please hurry",
           "--staff",
           "paralegal-7"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto header = gateway_.created()[0].header();
  EXPECT_EQ(header.new_case().parties(1).name(), "Bob: the Builder");
  EXPECT_EQ(header.documents(0).title(), "Petition: the first");
  EXPECT_EQ(header.documents(0).role(), filing::v1::Document::ROLE_LEAD);
  EXPECT_EQ(header.documents(1).title(), "record");
  EXPECT_EQ(header.documents(1).role(), filing::v1::Document::ROLE_ATTACHMENT);
  EXPECT_EQ(header.documents(1).confidentiality(), filing::v1::CONFIDENTIALITY_SEALED);
  EXPECT_EQ(header.documents(1).size_bytes(), 4'000'000);
  EXPECT_EQ(header.fee().state(), filing::v1::Fee::STATE_WAIVER_REQUESTED);
  EXPECT_EQ(header.service_requests(0).address(), "1 Main Street");
  EXPECT_EQ(gateway_.created()[0].staff(), "paralegal-7");
}

TEST_F(CommandTest, WrongUseIsExitTwoAndSendsNothing) {
  const std::vector<Words> wrong = {
      {},
      {"file"},
      {"no-such-command"},
      FileWords({"--new-case", "CC"}),
      FileWords({"--party", "nobody"}),
      FileWords({"--fee", "beer"}),
      FileWords({"--request-id", "../../x"}),
      FileWords({"--limit-rate", "fast"}),
      FileWords({"--document-security", "2:sealed"}),
      FileWords({"--certificate", "/no/such/file"}),
      FileWords({"--key", pki_->log_key().string()}),
      FileWords({}, "no-such.pdf"),
      FileWords({}, "."),
      FileWords({}, "empty.pdf"),
      FileWords({"--config", "/no/such/file"}),
      FileWords({"--wait", "for-ever"}),
      FileWords({"--staff", std::string(201, 'a')}),
      FileWords({"--staff", "Jos\xe9"}),
      FileWords({"--note", "caf\xe9"}),
      FileWords({}, "caf\xe9.pdf"),
      {"verify", (home_.path() / "motion.pdf").string()},
      {"verify", (home_.path() / "no-such.zip").string()},
  };
  WriteTextFile(home_.path() / "empty.pdf", "");
  for (const Words& each : wrong) {
    const NightboxResult result = Run(each);
    EXPECT_EQ(result.exit_code, 2) << result.out << result.err;
    EXPECT_EQ(gateway_.created().size(), 0U);
  }
  WriteTextFile(home_.path() / "bad.toml", "sever = \"localhost:1\"\n");
  const NightboxResult misspelt =
      Run(FileWords({"--config", (home_.path() / "bad.toml").string()}));
  EXPECT_EQ(misspelt.exit_code, 2);
  EXPECT_NE(misspelt.err.find("sever"), std::string::npos);
  EXPECT_EQ(Run({"--help"}).exit_code, 0);
}

TEST_F(CommandTest, WhatIsNotAPdfIsSaidBeforeAnythingIsSent) {
  WriteTextFile(home_.path() / "letter.docx", "PK\x03\x04 word processor");
  const NightboxResult result = Run(FileWords({}, "letter.docx"));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(Waiting(), 0U);
}

TEST_F(CommandTest, ARefusalIsExitOneWithWhatToDo) {
  gateway_.PlanCreate({Status(StatusCode::INVALID_ARGUMENT, "a document is too large"),
                       {{"nightbox-reason", "DOCUMENT_TOO_LARGE"},
                        {"nightbox-fault", "filer"},
                        {"nightbox-retry", "no"},
                        {"nightbox-what-now", "Split it into volumes."},
                        {"nightbox-attempt-id", "attempt-9"}}});
  const NightboxResult result = Run(FileWords({"--request-id", "my-own-request-id"}));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("Split it into volumes."), std::string::npos);
  EXPECT_NE(result.err.find("attempt-9"), std::string::npos);
  EXPECT_NE(result.err.find("will not help"), std::string::npos);
  EXPECT_EQ(Waiting(), 0U);
  // It stays known here, by the id it was given.
  const NightboxResult later = Run({"status", "my-own-request-id"});
  EXPECT_EQ(later.exit_code, 1);
  EXPECT_NE(later.err.find("Split it into volumes."), std::string::npos);
}

TEST_F(CommandTest, CheckingFilesNothing) {
  EXPECT_EQ(Run(FileWords({"--check"})).exit_code, 0);
  const NightboxResult refused = Run(FileWords({"--check"}, "record.pdf"));
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.out.find("Split it into volumes."), std::string::npos);
  EXPECT_FALSE(fs::exists(State()));
  EXPECT_EQ(gateway_.created().size(), 0U);
}

TEST_F(CommandTest, AGatewayOutOfReachIsExitFourAndResumeSendsItLater) {
  gateway_.Stop();
  const NightboxResult result = Run(FileWords({"--timeout", "0.2"}));
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_NE(result.err.find("nightbox outbox resume"), std::string::npos);
  EXPECT_EQ(Waiting(), 1U);
  const NightboxResult still = Run({"outbox", "resume", "--timeout", "0.1"});
  EXPECT_EQ(still.exit_code, 4);

  gateway_.Start();
  const auto list = Run({"outbox", "--json"}).Json();
  EXPECT_EQ(Text(list.at("entries").as_array()[0].as_object(), "stage"), "waiting");
  const auto resumed = Run({"outbox", "resume", "--json"}).Json();
  EXPECT_EQ(resumed.at("exit_code").as_int64(), 0);
  EXPECT_EQ(Text(resumed.at("entries").as_array()[0].as_object(), "outcome"), "received");
  EXPECT_EQ(gateway_.filings(), 1U);
}

TEST_F(CommandTest, AFilingThatWaitsHereIsNotMistakenForAnUnknownOne) {
  gateway_.Stop();
  ASSERT_EQ(Run(FileWords({"--request-id", "my-own-request-id", "--timeout", "0.1"})).exit_code, 4);
  gateway_.Start();
  for (const char* command : {"status", "receipt", "watch"}) {
    const NightboxResult asked = Run({command, "my-own-request-id"});
    EXPECT_EQ(asked.exit_code, 1);
    EXPECT_NE(asked.err.find("waits in the outbox"), std::string::npos) << asked.err;
    EXPECT_NE(asked.err.find("outbox resume --request-id my-own-request-id"), std::string::npos);
  }
}

TEST_F(CommandTest, ACertificateThatIsNotAcceptedIsNotBlamedOnTheNetwork) {
  const CertificateFiles late = pki_->IssueClient("system", "late", Validity::kExpired);
  const NightboxResult expired =
      Run(FileWords({"--timeout", "0.1", "--certificate", late.certificate.string(), "--key",
                     late.key.string()}));
  EXPECT_EQ(expired.exit_code, 4);
  EXPECT_NE(expired.err.find("Your certificate was valid until"), std::string::npos);
  EXPECT_EQ(expired.err.find("Whose fault: network"), std::string::npos) << expired.err;
}

// Nothing is gained by ten minutes of trying; but nobody has refused the filing either.
TEST_F(CommandTest, AGatewayThatTheSettingsDoNotVouchForIsSaidAtOnceAndTheFilingIsKept) {
  const std::string ca = pki_->receipt_root().string();
  std::size_t kept = 0;
  for (const Words& wrong : {Words{"--ca", ca}, Words{"--tls-name", "elsewhere.example"}}) {
    const NightboxResult result = Run(FileWords(wrong));
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_NE(result.err.find(wrong[0]), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("Repeating it unchanged will not help."), std::string::npos);
    EXPECT_NE(result.err.find("Whose fault: unknown"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("nightbox outbox resume"), std::string::npos);
    EXPECT_EQ(Waiting(), ++kept);
  }
  const auto resumed = Run({"outbox", "resume", "--ca", ca, "--json"}).Json();
  EXPECT_EQ(resumed.at("exit_code").as_int64(), 4);
  const auto& one = resumed.at("entries").as_array()[0].as_object();
  EXPECT_EQ(Text(one, "outcome"), "unreachable");
  EXPECT_EQ(one.at("error").as_object().at("retry_helps").as_bool(), false);
  EXPECT_EQ(Run({"outbox", "resume"}).exit_code, 0);
  EXPECT_EQ(gateway_.filings(), kept);
}

TEST_F(CommandTest, AFilingThatHasEndedSaysSoToWhoeverSendsItAgain) {
  const Words words = FileWords({"--request-id", "my-own-request-id", "--json"});
  ASSERT_EQ(Run(words).exit_code, 0);
  ASSERT_EQ(Run(words).exit_code, 0);
  ASSERT_EQ(Run({"withdraw", "my-own-request-id", "--reason", "Filed in error"}).exit_code, 0);
  const NightboxResult here = Run(words);
  EXPECT_EQ(here.exit_code, 10);
  EXPECT_EQ(Text(here.Json(), "outcome"), "withdrawn");
  // Another machine of the filer's learns it from the gateway, with the receipt.
  const NightboxResult elsewhere =
      Run(words, {"NIGHTBOX_STATE=" + (home_.path() / "new").string()});
  EXPECT_EQ(elsewhere.exit_code, 10);
  EXPECT_EQ(Text(elsewhere.Json(), "outcome"), "withdrawn");
  EXPECT_TRUE(fs::exists(Text(elsewhere.Json(), "receipt_path")));
  EXPECT_EQ(gateway_.filings(), 1U);
}

TEST_F(CommandTest, StoppingAnUploadLeavesItResumableAndSaysSo) {
  gateway_.HoldUploadsAt(1'000'000);
  const std::string id = "my-own-request-id";
  NightboxRun run(NIGHTBOX_PROGRAM, home_.path(),
                  FileWords({"--request-id", id, "--limit-rate", "20 MB"}, "record.pdf"));
  gateway_.AwaitHeldUpload();
  run.Signal(SIGINT);
  const NightboxResult stopped = run.Wait();
  EXPECT_EQ(stopped.exit_code, 6) << stopped.err;
  EXPECT_NE(stopped.err.find("outbox resume --request-id " + id), std::string::npos);
  EXPECT_EQ(stopped.err.find("Whose fault"), std::string::npos);
  EXPECT_EQ(Waiting(), 1U);

  gateway_.HoldUploadsAt(0);
  const auto resumed = Run({"outbox", "resume", "--request-id", id, "--json"}).Json();
  EXPECT_EQ(resumed.at("exit_code").as_int64(), 0);
  EXPECT_LT(resumed.at("entries").as_array()[0].at("bytes_sent").as_int64(), 4'000'000);
  EXPECT_EQ(gateway_.created_request_ids(), Words{id});
}

TEST_F(CommandTest, AKilledClientIsGoneOnWithByTheSameCommand) {
  gateway_.HoldUploadsAt(1'000'000);
  const Words words = FileWords({"--request-id", "my-own-request-id", "--json"}, "record.pdf");
  {
    NightboxRun run(NIGHTBOX_PROGRAM, home_.path(), words);
    gateway_.AwaitHeldUpload();
    run.Signal(SIGKILL);
    run.Wait();
  }
  gateway_.HoldUploadsAt(0);
  const auto again = Run(words).Json();
  EXPECT_EQ(Text(again, "outcome"), "received");
  EXPECT_LT(again.at("bytes_sent").as_int64(), 4'000'000);
  // And once more: answered from the outbox.
  const auto third = Run(words).Json();
  EXPECT_EQ(Text(third, "filing_id"), Text(again, "filing_id"));
  EXPECT_EQ(gateway_.created().size(), 1U);
}

TEST_F(CommandTest, ARequestIdIsNotUsedForOtherContent) {
  ASSERT_EQ(Run(FileWords({"--request-id", "my-own-request-id"})).exit_code, 0);
  const NightboxResult other =
      Run(FileWords({"--request-id", "my-own-request-id", "--note", "different"}));
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_EQ(gateway_.created().size(), 1U);
}

TEST_F(CommandTest, WaitingForTheCourtTellsDocketedFromReturned) {
  gateway_.SetCourt(Filing::DELIVERY_SUBMITTED, Filing::REVIEW_DOCKETED, "");
  const auto docketed = FileIt({"--wait", "docketed"});
  EXPECT_EQ(docketed.at("exit_code").as_int64(), 0);
  EXPECT_EQ(Text(docketed, "conclusion"), "docketed");
  gateway_.SetCourt(Filing::DELIVERY_SUBMITTED, Filing::REVIEW_RETURNED, "Wrong county");
  const NightboxResult returned = Run(FileWords({"--wait", "docketed"}));
  EXPECT_EQ(returned.exit_code, 5);
  EXPECT_NE(returned.out.find("Wrong county"), std::string::npos);
  gateway_.SetCourt(Filing::DELIVERY_PENDING, Filing::REVIEW_UNSPECIFIED, "");
  const NightboxResult waiting = Run(FileWords({"--wait", "docketed", "--timeout", "0.2"}));
  EXPECT_EQ(waiting.exit_code, 7) << waiting.err;
  EXPECT_EQ(Waiting(), 1U);
}

TEST_F(CommandTest, WatchFollowsToTheEndAndFilesTheEntryAway) {
  const std::string id = Text(FileIt(), "filing_id");
  NightboxRun run(NIGHTBOX_PROGRAM, home_.path(), {"watch", id});
  gateway_.SetCourt(Filing::DELIVERY_SUBMITTED, Filing::REVIEW_DOCKETED, "");
  const NightboxResult result = run.Wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("Docketed by the court."), std::string::npos);
  EXPECT_EQ(Waiting(), 0U);
}

TEST_F(CommandTest, StatusTakesEitherIdAndListsWithoutOne) {
  const auto filed = FileIt({"--request-id", "my-own-request-id"});
  EXPECT_EQ(Text(Run({"status", "my-own-request-id", "--json"}).Json(), "filing_id"),
            Text(filed, "filing_id"));
  EXPECT_EQ(Text(Run({"status", Text(filed, "filing_id"), "--json"}).Json(), "request_id"),
            "my-own-request-id");
  EXPECT_EQ(Run({"status", "--json"}).Json().at("filings").as_array().size(), 1U);
  EXPECT_EQ(Run({"status", std::string(26, 'q')}).exit_code, 1);
}

// The record of a case without filings: enough to see that the zip is taken for what it is.
std::string RecordZip(const TestPki& pki, const std::string& root_pem) {
  RecordFacts facts;
  facts.files = {{"root.pem", root_pem.size(), Sha256(root_pem)}};
  const std::string json = RenderRecord(facts);
  const CertificateFiles& files = pki.receipt_signer();
  const CmsSigner signer = CmsSigner::Load(files.certificate, files.key).value();
  const std::vector<std::pair<std::string, std::string>> parts = {
      {kRecordJson, json},
      {kRecordSignature, signer.Sign(json, SystemClock().Now()).value()},
      {"root.pem", root_pem}};
  std::vector<StoredZipEntry> entries;
  for (const auto& [name, bytes] : parts) {
    ZipCrc crc;
    crc.Update(bytes);
    entries.push_back({name, bytes.size(), crc.Value()});
  }
  const StoredZip zip = StoredZip::Plan(entries).value();
  std::string whole;
  for (std::size_t i = 0; i < parts.size(); ++i) whole += zip.Header(i) + parts[i].second;
  return whole + zip.Directory();
}

TEST_F(CommandTest, TheRecordOfACaseIsVerifiedToo) {
  const fs::path path = home_.path() / "record.zip";
  std::string zip = RecordZip(*pki_, ReadWholeFile(pki_->receipt_root()));
  WriteTextFile(path, zip);
  const NightboxResult verified = Run({"verify", path.string(), "--json"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out;
  const auto said = verified.Json().at("files").as_array().at(0).as_object();
  EXPECT_EQ(Text(said, "verdict"), "verified");
  EXPECT_EQ(said.at("filings"), 0);
  // Its documents are in it.
  EXPECT_EQ(Run({"verify", path.string(), (home_.path() / "motion.pdf").string()}).exit_code, 2);
  WriteTextFile(home_.path() / "empty.toml", "");
  EXPECT_EQ(
      Run({"verify", path.string(), "--config", (home_.path() / "empty.toml").string()}).exit_code,
      3);
  char& changed = zip[40 + zip.find("statement")];
  changed = static_cast<char>(changed ^ 1);
  WriteTextFile(path, zip);
  EXPECT_EQ(Run({"verify", path.string()}).exit_code, 1);
}

TEST_F(CommandTest, TheReceiptAndItsPackageVerify) {
  const std::string id = Text(FileIt(), "filing_id");
  gateway_.PlanMissingPackages(2);
  const fs::path zip = home_.path() / "receipt.zip";
  ASSERT_EQ(Run({"receipt", id, "-o", zip.string()}).exit_code, 0);
  const std::string motion = (home_.path() / "motion.pdf").string();
  EXPECT_EQ(Run({"verify", zip.string(), motion}).exit_code, 0);
  // The file the receipt does not name.
  EXPECT_EQ(Run({"verify", zip.string(), (home_.path() / "record.pdf").string()}).exit_code, 1);

  const fs::path directory = home_.path() / "kept";
  ASSERT_EQ(Run({"receipt", id, "-o", directory.string()}).exit_code, 0);
  EXPECT_EQ(Run({"verify", directory.string()}).exit_code, 0);
  const NightboxResult printed = Run({"receipt", id});
  EXPECT_EQ(printed.out, ReadWholeFile(directory / "receipt.json"));

  // Without a root outside the package nothing is proven; a foreign root refuses.
  const Words bare = {"verify", zip.string(), "--config", (home_.path() / "empty.toml").string()};
  WriteTextFile(home_.path() / "empty.toml", "");
  const NightboxResult unproven = Run(bare);
  EXPECT_EQ(unproven.exit_code, 3);
  EXPECT_NE(unproven.out.find("fingerprint"), std::string::npos);
  EXPECT_EQ(Run({"verify", zip.string(), "--root", pki_->forged_receipt_root().string()}).exit_code,
            1);

  std::string bent = ReadWholeFile(directory / "receipt.json");
  bent.replace(bent.find("2024"), 4, "2023");
  WriteTextFile(directory / "receipt.json", bent);
  EXPECT_EQ(Run({"verify", directory.string()}).exit_code, 1);
}

TEST_F(CommandTest, APackageThatIsNotMadeInTimeIsExitSeven) {
  const std::string id = Text(FileIt(), "filing_id");
  gateway_.PlanMissingPackages(1000);
  EXPECT_EQ(
      Run({"receipt", id, "-o", (home_.path() / "r.zip").string(), "--timeout", "0.1"}).exit_code,
      7);
  EXPECT_FALSE(fs::exists(home_.path() / "r.zip"));
}

TEST_F(CommandTest, AReceiptThatIsHereIsShownWithoutTheGateway) {
  const auto filed = FileIt();
  gateway_.Stop();
  const NightboxResult printed = Run({"receipt", Text(filed, "request_id")});
  EXPECT_EQ(printed.exit_code, 0);
  EXPECT_EQ(printed.out, ReadWholeFile(Text(filed, "receipt_path")));
}

TEST_F(CommandTest, AReceiptForSomethingElseIsExitEightAndKept) {
  gateway_.BendReceipts(
      [](ReceiptFacts& facts) { facts.header.documents[0].sha256 = Sha256("other"); });
  EXPECT_EQ(Run(FileWords()).exit_code, 8);
  EXPECT_EQ(Waiting(), 1U);
}

TEST_F(CommandTest, WithdrawalEndsTheEntry) {
  const std::string id = Text(FileIt(), "filing_id");
  const NightboxResult result = Run({"withdraw", id, "--reason", "Filed in error"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Waiting(), 0U);
}

TEST_F(CommandTest, PolicySaysWhatTheCourtTakes) {
  const auto policy = Run({"policy", "mo.cir.42.dent", "--json"}).Json();
  EXPECT_EQ(policy.at("document_size_max_bytes").as_int64(), 7'000'000);
  EXPECT_EQ(Text(policy, "receipt_authority"), "undecided");
  const NightboxResult words = Run({"policy", "mo.cir.42.dent"});
  EXPECT_NE(words.out.find("7,000,000 bytes (7 MB)"), std::string::npos) << words.out;
  EXPECT_NE(words.out.find("not decided by the court. If you may need AP 2.10, do not wait for"),
            std::string::npos);
}

TEST_F(CommandTest, PolicySaysHowSurelyItIsKnownWhoseTimeCounts) {
  const NightboxResult gateway = Run({"policy", "mo.cir.16.jackson"});
  EXPECT_NE(gateway.out.find("Whose time counts  not decided: the gateway's is configured, by ask "
                             "Bob (unconfirmed). If you may need AP 2.10, do not wait for"),
            std::string::npos)
      << gateway.out;
  const NightboxResult case_system = Run({"policy", "mo.app.ed"});
  EXPECT_NE(case_system.out.find("Whose time counts  its case system's (unconfirmed). If you may"),
            std::string::npos)
      << case_system.out;
}

TEST_F(CommandTest, PolicySaysWhomToAskAndToCallAndHowSurely) {
  const NightboxResult words = Run({"policy", "mo.cir.42.dent"});
  for (const char* line :
       {"Records            circuit clerk, COR 2 (unconfirmed; source: a letter)\n",
        "Not confirmed      enabled (unconfirmed; source: the list of courts is "
        "not at hand)\n                   records_custodian\n",
        "Whom to call       help desk: +1 573 555 0100, 8 to 5\n",
        "Fees               as at the counter; collected by the court (recalled)"
        "\n"}) {
    EXPECT_NE(words.out.find(line), std::string::npos) << words.out;
  }
  const auto policy = Run({"policy", "mo.cir.42.dent", "--json"}).Json();
  EXPECT_EQ(Text(policy, "unavailability_rule"), "AP 2.10");
  EXPECT_EQ(policy.at("records_custodian").at("standing").as_string(), "unconfirmed");
  EXPECT_EQ(policy.at("records_custodian").at("source").as_string(), "a letter");
  EXPECT_EQ(policy.at("standings").as_array().at(0).at("name").as_string(), "enabled");
  EXPECT_FALSE(policy.at("gateway_time_unconfirmed").as_bool());
  EXPECT_EQ(policy.at("duty_contacts").as_array().at(0).at("phone").as_string(), "+1 573 555 0100");
  EXPECT_EQ(policy.at("fees").at("policy").as_string(), "as at the counter");
}

TEST_F(CommandTest, OptionsCountBeforeEnvironmentBeforeFile) {
  ASSERT_EQ(Run(FileWords(), {"NIGHTBOX_REGISTERED_USER=from-environment"}).exit_code, 0);
  ASSERT_EQ(Run(FileWords({"--user", "from-option"}), {"NIGHTBOX_REGISTERED_USER=from-environment"})
                .exit_code,
            0);
  EXPECT_EQ(gateway_.created()[0].registered_user(), "from-environment");
  EXPECT_EQ(gateway_.created()[1].registered_user(), "from-option");
}

TEST_F(CommandTest, NoNamesAndNoKeysReachStandardErrorInJson) {
  gateway_.Stop();
  const NightboxResult result =
      Run({"file", "--court", "mo.cir.42.dent", "--new-case", "CC", "--title", "Secret v. Hidden",
           "--party", "Ann Secret:Plaintiff", "--document", (home_.path() / "motion.pdf").string(),
           "--timeout", "0.1", "--json"});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_EQ(result.err, "");
  for (const char* word : {"Secret", "PRIVATE KEY"}) {
    EXPECT_EQ(result.out.find(word), std::string::npos) << word;
  }
}

TEST_F(CommandTest, AServersControlCharactersDoNotReachTheTerminal) {
  gateway_.PlanPolicy({Status(StatusCode::NOT_FOUND, "no \x1b[2J such court"), {}});
  const NightboxResult result = Run({"policy", "mo.nowhere"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace nightbox::client
