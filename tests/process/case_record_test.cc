// Goal: an operator gets the official record of a case as one file that stock tools can check, and
// neither ledger's words nor log say which case it was.
// Method: the real gateway, nightboxctl and case system; a case opened, followed up, and one filing
// of it returned by the clerk; the record checked by nightboxctl, and by unzip, openssl and
// sha256sum. A caller that reads slowly, to whom something happens meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "core/patience.h"
#include "core/sha256.h"
#include "nightbox/operator/v1/operator.grpc.pb.h"
#include "tests/process/case_system_process.h"
#include "tests/process/gateway_process.h"
#include "tests/process/intake_caller.h"
#include "tests/process/ledger_reader.h"

namespace nightbox {
namespace {

using intake::v1::Filing;
using testing::HasSubstr;
using testing::Not;

class CaseRecordProcessTest : public testing::Test {
 protected:
  CaseRecordProcessTest()
      : court_(gateway_.pki()),
        acme_(gateway_.pki().IssueClient("system", "acme")),
        operator_(gateway_.pki().IssueClient("operator", "jane.roe")) {
    gateway_.settings().case_system_port = court_.port();
    gateway_.Start();
  }

  Filing FileAndAwait(const intake::v1::CreateFilingRequest& request, Filing::Review review) {
    const IntakeCaller anna(gateway_.pki(), acme_, gateway_.port(), "user-anna");
    const auto filed = anna.Create(request);
    EXPECT_TRUE(filed.ok()) << filed.status.error_message();
    const auto deadline = SteadyNow() + std::chrono::seconds(30);
    while (SteadyNow() < deadline) {
      const auto filing = anna.Get(filed.response.filing_id());
      if (filing.ok() && filing.response.review() == review) return filing.response;
    }
    ADD_FAILURE() << "the filing did not come so far";
    return {};
  }

  CommandResult Export(const CertificateFiles& who, const std::string& case_number,
                       const std::filesystem::path& output,
                       const std::string& reason = "asked for by the clerk") {
    return gateway_.Ctl({"record",        "export",
                         "--court",       kDent,
                         "--case",        case_number,
                         "--reason",      reason,
                         "--output",      output.string(),
                         "--server",      "127.0.0.1:" + std::to_string(gateway_.port()),
                         "--tls-name",    "localhost",
                         "--certificate", who.certificate.string(),
                         "--key",         who.key.string(),
                         "--ca",          gateway_.pki().tls_root().string()});
  }

  CommandResult Verify(const std::filesystem::path& record) {
    return gateway_.Ctl(
        {"record", "verify", record.string(), "--root", gateway_.pki().receipt_root().string()});
  }

  // A case of documents that no window of a connection holds; a caller has to read for all to
  // leave. Its number.
  std::string FileLargeDocuments() {
    const IntakeCaller anna(gateway_.pki(), acme_, gateway_.port(), "user-anna");
    for (const char letter : {'x', 'y', 'z'}) {
      const std::string document = SmallPdf(std::string(std::size_t{6} << 20, letter));
      EXPECT_TRUE(anna.Upload(document).ok());
      const auto filed = anna.Create(FilingWithout(RequestIdFor(std::string("large-") + letter),
                                                   kDent, "24DN-CC00815", {document}));
      EXPECT_TRUE(filed.ok()) << filed.status.error_message();
    }
    return "24DN-CC00815";
  }

  GatewayProcess gateway_;
  CaseSystemProcess court_;
  const CertificateFiles acme_;
  const CertificateFiles operator_;
  TemporaryDirectory files_;
};

// An export that is read a piece at a time.
class SlowExport {
 public:
  SlowExport(const std::shared_ptr<grpc::Channel>& channel, const std::string& case_number)
      : stub_(operator_::v1::OperatorService::NewStub(channel)) {
    operator_::v1::ExportCaseRecordRequest request;
    request.set_court_id(kDent);
    request.set_case_number(case_number);
    request.set_reason("asked for by the clerk");
    WithinSeconds(context_, kCallSeconds);
    stream_ = stub_->ExportCaseRecord(&context_, request);
  }

  bool Read() { return stream_->Read(&piece_); }
  bool has_summary() const { return piece_.has_summary(); }
  void Cancel() { context_.TryCancel(); }

  // Whether its operator may ask for anything else.
  bool MayAsk() {
    grpc::ClientContext context;
    WithinSeconds(context, kCallSeconds);
    operator_::v1::Status status;
    return stub_->GetStatus(&context, {}, &status).ok();
  }

  // Reads on to the end; the reason it ended with.
  grpc::Status Finish() {
    while (stream_->Read(&piece_)) {
    }
    return stream_->Finish();
  }
  std::string reason() { return TrailersOf(context_)["nightbox-reason"]; }

 private:
  const std::unique_ptr<operator_::v1::OperatorService::Stub> stub_;
  grpc::ClientContext context_;
  operator_::v1::CaseRecordPiece piece_;
  std::unique_ptr<grpc::ClientReader<operator_::v1::CaseRecordPiece>> stream_;
};

intake::v1::CreateFilingRequest OpeningWith(const std::string& request_id, const std::string& pdf) {
  auto request = FilingWith(request_id, kDent, "", {pdf});
  auto& opened = *request.mutable_header()->mutable_new_case();
  opened.set_category("CC");
  opened.set_case_type("Breach of contract");
  opened.set_title("Marrakand v. Wexcombe");
  auto& party = *opened.add_parties();
  party.set_name("Marrakand");
  party.set_role("Plaintiff");
  return request;
}

TEST_F(CaseRecordProcessTest, IsOneFileThatStockToolsCheckAndThatNamesNoCaseElsewhere) {
  const std::string petition = SmallPdf("petition");
  const std::string answer = SmallPdf("answer");
  const std::string motion = SmallPdf("motion");
  const Filing opened =
      FileAndAwait(OpeningWith(RequestIdFor("opening"), petition), Filing::REVIEW_DOCKETED);
  ASSERT_EQ(opened.case_numbers_size(), 1);
  const std::string number = opened.case_numbers(0).number();
  FileAndAwait(FilingWith(RequestIdFor("answer"), kDent, number, {answer}),
               Filing::REVIEW_DOCKETED);
  court_.Control("return-next mo.cir.42.dent the signature is missing");
  FileAndAwait(FilingWith(RequestIdFor("motion"), kDent, number, {motion}),
               Filing::REVIEW_RETURNED);
  FileAndAwait(FilingWith(RequestIdFor("other"), kDent, "24DN-CC77777", {motion}),
               Filing::REVIEW_DOCKETED);

  const auto record = files_.path() / "record.zip";
  const CommandResult exported = Export(operator_, number, record);
  ASSERT_EQ(exported.exit_code, 0) << exported.output;
  const auto said = boost::json::parse(exported.output);
  EXPECT_EQ(said.at("filings"), 3);
  EXPECT_EQ(said.at("complete"), true);
  EXPECT_THAT(exported.output, Not(HasSubstr(number)));
  // Nothing is overwritten.
  EXPECT_EQ(Export(operator_, number, record).exit_code, 2);

  const CommandResult verified = Verify(record);
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
  EXPECT_EQ(boost::json::parse(verified.output).at("verdict"), "verified");

  // By tools that know nothing of us.
  const auto out = files_.path() / "out";
  const CommandResult unpacked = RunCommand({"unzip", "-q", record.string(), "-d", out.string()});
  ASSERT_EQ(unpacked.exit_code, 0) << unpacked.output;
  const CommandResult signature = RunCommand(
      {"openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in",
       (out / "record.json.p7s").string(), "-content", (out / "record.json").string(), "-CAfile",
       gateway_.pki().receipt_root().string(), "-purpose", "any", "-out", "/dev/null"});
  EXPECT_EQ(signature.exit_code, 0) << signature.output;
  const CommandResult sums =
      RunCommand({"env", "--chdir", out.string(), "sha256sum", "-c", "--quiet", "SHA256SUMS"});
  EXPECT_EQ(sums.exit_code, 0) << sums.output;
  EXPECT_EQ(ReadWholeFile(out / "filings/0001/documents/01.pdf"), petition);
  EXPECT_EQ(ReadWholeFile(out / "filings/0003/documents/01.pdf"), motion);
  const auto json = boost::json::parse(ReadWholeFile(out / "record.json"));
  EXPECT_EQ(json.at("case").at("number").as_string(), number.c_str());
  EXPECT_EQ(json.at("sheet").at("kind"), "docket_sheet");
  EXPECT_EQ(json.at("filings").as_array().at(2).at("state"), "returned");
  EXPECT_THAT(ReadWholeFile(out / "sheet.html"), HasSubstr("held by the case system"));

  // The journal says who took a record, and why, and which; not of what case.
  gateway_.Stop();
  std::vector<std::string> acts;
  for (const auto& entry : ReadLedger(gateway_.directory() / "data")) {
    if (entry.has_operator_acted()) {
      acts.push_back(entry.operator_acted().act());
      EXPECT_EQ(entry.operator_acted().operator_(), "jane.roe");
      EXPECT_EQ(entry.operator_acted().reason(), "asked for by the clerk");
      EXPECT_THAT(entry.statement(), Not(HasSubstr(number)));
    }
  }
  EXPECT_THAT(acts, testing::ElementsAre("case_record.exported filings=3 record_sha256=" +
                                         std::string(said.at("record_sha256").as_string())));
  EXPECT_THAT(gateway_.Log(), HasSubstr("case record exported"));
  EXPECT_THAT(gateway_.Log(), Not(HasSubstr(number)));

  // One byte of a document.
  std::string bytes = ReadWholeFile(record);
  const std::size_t at = bytes.find(answer);
  ASSERT_NE(at, std::string::npos);
  bytes[at + 10] = static_cast<char>(bytes[at + 10] ^ 1);
  const CommandResult refused = Verify(files_.Write("changed.zip", bytes));
  EXPECT_EQ(refused.exit_code, 1) << refused.output;
  EXPECT_EQ(boost::json::parse(refused.output).at("verdict"), "refused");
}

TEST_F(CaseRecordProcessTest, ARightTakenAwayEndsAnExportUnderWay) {
  const std::string number = FileLargeDocuments();
  SlowExport slow(Connect(gateway_.pki().tls_root(), &operator_, gateway_.port()), number);
  ASSERT_TRUE(slow.Read());
  EXPECT_TRUE(slow.has_summary());
  gateway_.WriteDenyList("systems = [\"jane.roe\"]\n");
  const auto deadline = SteadyNow() + std::chrono::seconds(30);
  while (slow.MayAsk() && SteadyNow() < deadline) {
  }
  EXPECT_EQ(slow.Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(slow.reason(), "SYSTEM_DENIED");
}

TEST_F(CaseRecordProcessTest, AnExportThatIsGivenUpMakesRoomForTheNext) {
  const std::string number = FileLargeDocuments();
  const auto record = files_.path() / "record.zip";
  {
    SlowExport slow(Connect(gateway_.pki().tls_root(), &operator_, gateway_.port()), number);
    ASSERT_TRUE(slow.Read());
    EXPECT_THAT(Export(operator_, number, record).output,
                HasSubstr("another record is being made"));
    slow.Cancel();
    EXPECT_FALSE(slow.Finish().ok());
  }
  CommandResult exported;
  const auto deadline = SteadyNow() + std::chrono::seconds(30);
  do {
    exported = Export(operator_, number, record);
  } while (exported.exit_code != 0 && SteadyNow() < deadline);
  EXPECT_EQ(exported.exit_code, 0) << exported.output;
  EXPECT_EQ(Verify(record).exit_code, 0);
}

// The remedy the runbook gives: what the export finds damaged, the filer sends again.
TEST_F(CaseRecordProcessTest, DamageThatIsFoundIsMendedBySendingTheSameAgain) {
  const std::string pdf = SmallPdf("rotten");
  const IntakeCaller anna(gateway_.pki(), acme_, gateway_.port(), "user-anna");
  const auto request = FilingWith(RequestIdFor("rotten"), kDent, "24DN-CC00815", {pdf});
  FileAndAwait(request, Filing::REVIEW_DOCKETED);
  gateway_.Kill();
  for (const auto& each : std::filesystem::recursive_directory_iterator(gateway_.directory())) {
    if (!each.path().filename().string().starts_with("segment-")) continue;
    std::fstream file(each.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(5);
    file.put('#');
  }
  gateway_.Start();
  const auto record = files_.path() / "record.zip";
  const CommandResult damaged = Export(operator_, "24DN-CC00815", record);
  EXPECT_EQ(damaged.exit_code, 1) << damaged.output;
  EXPECT_EQ(boost::json::parse(damaged.output).at("complete"), false);
  const IntakeCaller again(gateway_.pki(), acme_, gateway_.port(), "user-anna");
  const auto sent = again.Upload(pdf);
  EXPECT_TRUE(sent.ok()) << sent.status.error_message();
  const CommandResult whole = Export(operator_, "24DN-CC00815", files_.path() / "whole.zip");
  EXPECT_EQ(whole.exit_code, 0) << whole.output;
  EXPECT_THAT(ReadWholeFile(files_.path() / "whole.zip"), HasSubstr(pdf));
}

TEST_F(CaseRecordProcessTest, IsForOperatorsAndNotOfACaseNobodyFiledIn) {
  const auto record = files_.path() / "record.zip";
  const CommandResult none = Export(operator_, "24DN-CC04711", record);
  EXPECT_EQ(none.exit_code, 1) << none.output;
  const auto said = boost::json::parse(none.output);
  EXPECT_EQ(said.at("error").at("reason"), "CASE_WITHOUT_FILINGS");
  EXPECT_THAT(none.output, Not(HasSubstr("04711")));
  EXPECT_EQ(Export(acme_, "24DN-CC04711", record).exit_code, 1);
  // What is journaled for ever does not say which case.
  const CommandResult named = Export(operator_, "24DN-CC04711", record, "for 24dn/cc-04.711");
  EXPECT_EQ(named.exit_code, 1) << named.output;
  EXPECT_THAT(named.output, HasSubstr("CASE_NUMBER_IN_REASON"));
  EXPECT_TRUE(std::filesystem::is_empty(files_.path()));
}

}  // namespace
}  // namespace nightbox
