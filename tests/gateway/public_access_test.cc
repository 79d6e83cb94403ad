// Goal: a version of the policy on public access that takes effect while the gateway runs holds
// from midnight in Missouri for every answer: what it denies leaves by none of the calls, what is
// left out is said, and a receipt stays byte for byte what it was for as long as it may be shown.
// Method: the real services over TLS, versions made up here, and the clock taken across midnight.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/fingerprint.h"
#include "nightbox/operator/v1/operator.grpc.pb.h"
#include "tests/client/run_nightbox.h"
#include "tests/gateway/front_door.h"
#include "tests/rules/made_up_policies.h"

namespace nightbox {
namespace {

namespace pb = intake::v1;
namespace opb = operator_::v1;
using grpc::StatusCode;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// The clock of the door stands at 23:41:07 on 1 July 2024.
constexpr char kTomorrow[] = "2024-07-02";
constexpr char kDayAfter[] = "2024-07-03";
constexpr auto kPastMidnight = std::chrono::minutes(19);
constexpr char kNumber[] = "24DN-CC00001";
constexpr char kParty[] = "Wexcombe";

pb::CreateFilingRequest Request(std::string_view name, const std::string& document) {
  return FilingWith(RequestIdFor(name), kDent, kNumber, {document});
}

// The court takes the filing, and its clerk returns it.
void Return(FrontDoor& door, const pb::Filing& filing) {
  const std::uint64_t sequence = filing.journal_sequence();
  ASSERT_TRUE(door.Commit(StartDelivery{sequence, "court", door.clock().Now()}));
  SettleDelivery taken;
  taken.filing_sequence = sequence;
  taken.record.delivery_key = DeliveryKey(SystemName("acme"), RequestId(filing.request_id()));
  taken.record.court_filing_id = "C-1";
  taken.record.state = CourtRecordState::kRecorded;
  ASSERT_TRUE(door.Commit(taken));
  ChangeReview returned{taken.record, "court", "1"};
  returned.record.state = CourtRecordState::kReturned;
  returned.record.reason = "the second page is missing";
  returned.record.case_numbers = {{kNumber, kParty, false}};
  const auto became = door.Commit(returned);
  ASSERT_TRUE(became) << became.error().message;
}

// What is denied is in no answer, and is named beside every one.
template <class Response>
void ExpectLeftOut(const std::string& call, const Answer<Response>& answer) {
  EXPECT_TRUE(answer.ok()) << call << ' ' << answer.status.error_message();
  EXPECT_THAT(answer.Trailer("not-shown"), HasSubstr("journal_sequence (Test rule 9")) << call;
}

void ExpectWithout(const std::string& call, const pb::Filing& filing) {
  EXPECT_NE(filing.filing_id(), "") << call;
  EXPECT_EQ(filing.journal_sequence(), 0U) << call;
  EXPECT_THAT(filing.SerializeAsString(), Not(HasSubstr(kParty))) << call;
}

std::string AsPrintedByNightbox(FrontDoor& door, const std::vector<std::string>& words) {
  const TemporaryDirectory home;
  std::filesystem::create_directories(home.path() / ".config" / "nightbox");
  home.Write(".config/nightbox/nightbox.toml",
             "server = \"localhost:" + std::to_string(door.port()) + "\"\ncertificate = \"" +
                 door.acme().certificate.string() + "\"\nkey = \"" + door.acme().key.string() +
                 "\"\nca = \"" + door.pki().tls_root().string() +
                 "\"\nregistered_user = \"user-anna\"\n");
  const auto said = client::NightboxRun(NIGHTBOX_PROGRAM, home.path(), words).Wait();
  EXPECT_EQ(said.exit_code, 0) << said.err;
  return said.out + said.err;
}

TEST(PublicAccessTest, AFilersAnswersKeepToThePolicyOfTheMoment) {
  const AccessPolicies policies =
      PoliciesAnd({{kTomorrow, "filer,own_filing,*,party_name;journal_position,"},
                   {kDayAfter, "filer,own_filing,*,receipt,"}});
  FrontDoor door({}, policies);
  const auto anna = door.As("user-anna");
  const auto other =
      anna.Create(FilingWith(RequestIdFor("other"), kDent, "24DN-CC00002", {SmallPdf("other")}));
  ASSERT_TRUE(other.ok()) << other.status.error_message();
  const auto request = Request("motion", SmallPdf("motion"));
  const auto filed = anna.Create(request);
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  const std::string receipt = filed.response.receipt().SerializeAsString();
  const std::string& id = filed.response.filing_id();
  Return(door, filed.response);

  const auto before = anna.Get(id);
  ASSERT_EQ(before.response.case_numbers_size(), 1);
  EXPECT_EQ(before.response.case_numbers(0).party(), kParty);
  EXPECT_EQ(before.response.court_record().case_numbers(0).party(), kParty);
  EXPECT_NE(before.response.journal_sequence(), 0U);
  EXPECT_EQ(before.Trailer("not-shown"), "");

  door.clock().Advance(kPastMidnight);
  const auto got = anna.Get(id);
  ExpectLeftOut("get", got);
  ExpectWithout("get", got.response);
  EXPECT_EQ(got.response.case_numbers(0).number(), kNumber);
  EXPECT_EQ(got.response.court_record().court_filing_id(), "C-1");
  EXPECT_EQ(got.response.reason(), "the second page is missing");
  EXPECT_EQ(got.response.receipt().SerializeAsString(), receipt);
  EXPECT_EQ(got.Trailer("not-shown"),
            "case_numbers.party (Test rule 9), court_record.case_numbers.party (Test rule 9), "
            "journal_sequence (Test rule 9)");
  const auto listed = anna.List();
  ExpectLeftOut("list", listed);
  ASSERT_EQ(listed.response.filings_size(), 2);
  for (const pb::Filing& filing : listed.response.filings()) ExpectWithout("list", filing);
  const auto watched = anna.Watch(id);
  ExpectLeftOut("watch", watched);
  ASSERT_EQ(watched.response.size(), 1U);
  ExpectWithout("watch", watched.response.front());
  const auto repeated = anna.Create(request);
  ExpectLeftOut("repeat", repeated);
  ExpectWithout("repeat", repeated.response);
  EXPECT_EQ(repeated.response.receipt().SerializeAsString(), receipt);
  const auto known = anna.FindMissing(request);
  ExpectLeftOut("find missing", known);
  ExpectWithout("find missing", known.response.filing());
  const auto created = anna.Create(Request("third", SmallPdf("third")));
  ExpectLeftOut("create", created);
  ExpectWithout("create", created.response);
  const auto withdrawn = anna.Withdraw(other.response.filing_id());
  ExpectLeftOut("withdraw", withdrawn);
  ExpectWithout("withdraw", withdrawn.response);
  EXPECT_THAT(AsPrintedByNightbox(door, {"status", id}),
              AllOf(Not(HasSubstr(kParty)), HasSubstr("case_numbers.party (Test rule 9)")));
  EXPECT_THAT(AsPrintedByNightbox(door, {"status", "--json"}), HasSubstr("\"not_shown\":\""));
  const auto alone = anna.GetReceipt(id);
  EXPECT_EQ(alone.response.receipt_json(), filed.response.receipt().receipt_json());
  EXPECT_EQ(alone.Trailer("not-shown"), "");

  door.clock().Advance(std::chrono::hours(24));
  const auto late = anna.Get(id);
  ExpectWithout("get", late.response);
  EXPECT_FALSE(late.response.has_receipt());
  EXPECT_THAT(late.Trailer("not-shown"), HasSubstr("receipt (Test rule 9)"));
  EXPECT_FALSE(anna.Create(request).response.has_receipt());
  const auto denied = anna.GetReceipt(id);
  EXPECT_EQ(denied.code(), StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(denied.reason(), "ACCESS_DENIED");
  EXPECT_THAT(denied.status.error_message(), HasSubstr("By Test rule 9: the test says so."));
  EXPECT_EQ(denied.response.ByteSizeLong(), 0U);
}

TEST(PublicAccessTest, WhatACourtTakesIsSaidAsThePolicyOfTheMomentAllows) {
  const AccessPolicies policies = PoliciesAnd({{kTomorrow, "filer,unasked,*,court_name,"}});
  FrontDoor door({}, policies);
  const auto anna = door.As("user-anna");
  pb::GetCourtPolicyRequest request;
  request.set_court_id(kDent);
  EXPECT_NE(anna.Call(&IntakeStub::GetCourtPolicy, request).response.court_name(), "");
  door.clock().Advance(kPastMidnight);
  const auto after = anna.Call(&IntakeStub::GetCourtPolicy, request);
  EXPECT_EQ(after.response.court_name(), "");
  EXPECT_EQ(after.response.court_id(), kDent);
  EXPECT_EQ(after.Trailer("not-shown"), "court_name (Test rule 9)");
}

// A custodian of records is named for each clerk's office (COR 2.08).
TEST(PublicAccessTest, ADenialInWritingNamesTheCustodianOfTheCourtConcerned) {
  CourtSettings courts;
  courts.statements.push_back(
      {.id = kDent, .records_custodian = Stated(RecordsCustodian{"", "clerk of Dent", "", ""})});
  const AccessPolicies policies = PoliciesAnd({{kTomorrow, "filer,own_filing,*,receipt,"}});
  FrontDoor door(courts, policies);
  const auto anna = door.As("user-anna");
  auto to_jackson = Request("jackson", SmallPdf("jackson"));
  to_jackson.mutable_header()->set_court_id("mo.cir.16.jackson");
  const auto dent = anna.Create(Request("dent", SmallPdf("dent")));
  const auto jackson = anna.Create(to_jackson);
  ASSERT_TRUE(dent.ok() && jackson.ok());
  door.clock().Advance(kPastMidnight);
  EXPECT_THAT(anna.GetReceipt(dent.response.filing_id()).status.error_message(),
              HasSubstr("the custodian of records: clerk of Dent"));
  EXPECT_THAT(anna.GetReceipt(jackson.response.filing_id()).status.error_message(),
              HasSubstr("the custodian of records: the appointing authority"));
}

class OperatorCaller {
 public:
  explicit OperatorCaller(FrontDoor& door)
      : certificate_(door.pki().IssueClient("operator", "jane.roe")),
        stub_(opb::OperatorService::NewStub(
            Connect(door.pki().tls_root(), &certificate_, door.port()))) {}

  template <class Request, class Response>
  Answer<Response> Call(grpc::Status (opb::OperatorService::Stub::*method)(grpc::ClientContext*,
                                                                           const Request&,
                                                                           Response*),
                        const Request& request) {
    grpc::ClientContext context;
    WithinSeconds(context, kCallSeconds);
    Answer<Response> answer;
    answer.status = (stub_.get()->*method)(&context, request, &answer.response);
    answer.trailers = TrailersOf(context);
    return answer;
  }

  // One record is made at a time, and the one before may be on its way out still.
  Answer<std::vector<opb::CaseRecordPiece>> Export() {
    Answer<std::vector<opb::CaseRecordPiece>> answer = TryToExport();
    for (int i = 0; i < 1000 && answer.code() == StatusCode::RESOURCE_EXHAUSTED; ++i)
      answer = TryToExport();
    return answer;
  }

 private:
  Answer<std::vector<opb::CaseRecordPiece>> TryToExport() {
    opb::ExportCaseRecordRequest request;
    request.set_court_id(kDent);
    request.set_case_number(kNumber);
    request.set_reason("the court asks");
    grpc::ClientContext context;
    WithinSeconds(context, kCallSeconds);
    Answer<std::vector<opb::CaseRecordPiece>> answer;
    const auto stream = stub_->ExportCaseRecord(&context, request);
    for (opb::CaseRecordPiece piece; stream->Read(&piece);) answer.response.push_back(piece);
    answer.status = stream->Finish();
    answer.trailers = TrailersOf(context);
    return answer;
  }

  const CertificateFiles certificate_;
  const std::unique_ptr<opb::OperatorService::Stub> stub_;
};

TEST(PublicAccessTest, AnswersBeforeAFilingIsMadeKeepToThePolicyOfTheMoment) {
  const AccessPolicies policies = PoliciesAnd(
      {{kTomorrow, "filer,own_filing,*,warning;attempt_time;upload_state;reason_code,"}});
  FrontDoor door({}, policies);
  const auto anna = door.As("user-anna");
  const std::string document = SmallPdf("missing");
  const auto request = FilingWithout(RequestIdFor("odd"), kDent, "an odd number", {document});
  pb::ValidateFilingRequest check;
  *check.mutable_header() = request.header();
  const auto validate = [&] { return anna.Call(&IntakeStub::ValidateFiling, check); };
  const auto before = validate();
  ASSERT_TRUE(before.ok()) << before.status.error_message();
  EXPECT_GT(before.response.warnings_size() + before.response.problems_size(), 0);
  EXPECT_EQ(before.Trailer("not-shown"), "");
  const auto missing = anna.FindMissing(request);
  ASSERT_EQ(missing.response.missing_size(), 1);
  EXPECT_EQ(missing.Trailer("not-shown"), "");

  door.clock().Advance(kPastMidnight);
  const auto checked = validate();
  EXPECT_TRUE(checked.ok()) << checked.status.error_message();
  EXPECT_EQ(checked.response.ByteSizeLong(), 0U);
  EXPECT_THAT(checked.Trailer("not-shown"), HasSubstr("warnings (Test rule 9)"));
  const auto found = anna.FindMissing(request);
  EXPECT_TRUE(found.ok()) << found.status.error_message();
  EXPECT_NE(found.response.attempt_id(), "");
  EXPECT_FALSE(found.response.has_attempt_opened_at());
  EXPECT_EQ(found.response.warnings_size(), 0);
  EXPECT_THAT(found.Trailer("not-shown"), HasSubstr("attempt_opened_at (Test rule 9)"));
  const auto written = anna.Upload(document);
  EXPECT_TRUE(written.ok()) << written.status.error_message();
  EXPECT_FALSE(written.response.complete());
  EXPECT_THAT(written.Trailer("not-shown"), HasSubstr("complete (Test rule 9)"));
  EXPECT_THAT(anna.Query(Sha256(document)).Trailer("not-shown"),
              HasSubstr("complete (Test rule 9)"));
}

TEST(PublicAccessTest, AnOperatorsAnswersKeepToThePolicyOfTheMoment) {
  using Stub = opb::OperatorService::Stub;
  const AccessPolicies policies = PoliciesAnd(
      {{kTomorrow, "operator,operation,*,count_by_state;count_by_court;operator_words,"}});
  FrontDoor door({}, policies);
  const auto filed = door.As("user-anna").Create(Request("motion", SmallPdf("motion")));
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  OperatorCaller jane(door);
  opb::HoldFilingRequest hold;
  hold.set_filing_id(filed.response.filing_id());
  hold.set_reason("the court asks to wait");

  EXPECT_EQ(jane.Call(&Stub::HoldFiling, hold).response.reason(), "the court asks to wait");
  EXPECT_EQ(jane.Call(&Stub::GetStatus, opb::GetStatusRequest()).response.balance().held(), 1U);
  const auto backlogs = jane.Call(&Stub::ListBacklogs, opb::ListBacklogsRequest());
  ASSERT_EQ(backlogs.response.backlogs_size(), 1);
  EXPECT_EQ(backlogs.response.backlogs(0).held(), 1U);
  EXPECT_EQ(backlogs.Trailer("not-shown"), "");
  opb::ReleaseFilingRequest release;
  release.set_filing_id(hold.filing_id());
  release.set_reason("and no longer");
  EXPECT_TRUE(jane.Call(&Stub::ReleaseFiling, release).ok());

  door.clock().Advance(kPastMidnight);
  const auto held = jane.Call(&Stub::HoldFiling, hold);
  EXPECT_TRUE(held.response.held());
  EXPECT_EQ(held.response.reason(), "");
  EXPECT_EQ(held.Trailer("not-shown"), "reason (Test rule 9)");
  const auto status = jane.Call(&Stub::GetStatus, opb::GetStatusRequest());
  EXPECT_EQ(status.response.gateway(), "A7");
  EXPECT_EQ(status.response.balance().ByteSizeLong(), 0U);
  EXPECT_THAT(status.Trailer("not-shown"), HasSubstr("balance.held (Test rule 9)"));
  const auto later = jane.Call(&Stub::ListBacklogs, opb::ListBacklogsRequest());
  ASSERT_EQ(later.response.backlogs_size(), 1);
  EXPECT_EQ(later.response.backlogs(0).court_id(), kDent);
  EXPECT_EQ(later.response.backlogs(0).held(), 0U);
  EXPECT_THAT(later.Trailer("not-shown"), HasSubstr("backlogs.held (Test rule 9)"));
}

TEST(PublicAccessTest, TheOfficialRecordIsTakenForTheCourtAsLongAsThePolicyAllows) {
  const AccessPolicies policies =
      PoliciesAnd({{kTomorrow, "operator,operation,*,journal_digest,"},
                   {kDayAfter, "operator_for_court,operation,civil,official_record,"}});
  FrontDoor door({}, policies);
  ASSERT_TRUE(door.As("user-anna").Create(Request("motion", SmallPdf("motion"))).ok());
  OperatorCaller jane(door);

  const auto today = jane.Export();
  ASSERT_TRUE(today.ok()) << today.status.error_message();
  ASSERT_GT(today.response.size(), 1U);
  EXPECT_EQ(today.response.front().summary().record_sha256().size(), 32U);
  EXPECT_NE(today.response.back().data(), "");

  door.clock().Advance(kPastMidnight);
  const auto tomorrow = jane.Export();
  ASSERT_TRUE(tomorrow.ok()) << tomorrow.status.error_message();
  ASSERT_EQ(tomorrow.response.size(), today.response.size());
  EXPECT_EQ(tomorrow.response.front().summary().filings(), 1U);
  EXPECT_EQ(tomorrow.response.front().summary().record_sha256(), "");
  EXPECT_EQ(tomorrow.Trailer("not-shown"), "summary.record_sha256 (Test rule 9)");

  door.clock().Advance(std::chrono::hours(24));
  const auto denied = jane.Export();
  EXPECT_EQ(denied.code(), StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(denied.reason(), "ACCESS_DENIED");
  EXPECT_THAT(denied.status.error_message(), HasSubstr("official record. By Test rule 9"));
  EXPECT_THAT(denied.status.error_message(), Not(HasSubstr(kNumber)));
  EXPECT_THAT(denied.response, IsEmpty());
}

}  // namespace
}  // namespace nightbox
