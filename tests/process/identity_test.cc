// Goal: a filing exists only for the user who filed it through the system it was filed with; a
// right taken away is gone without a restart; and nobody makes a call but the holder of a good
// certificate of the right kind over TLS 1.3. Method: the real gateway over real TLS. Whatever is
// refused is shown beside the same thing being granted to the one who may.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <sstream>

#include "core/patience.h"
#include "core/sha256.h"
#include "nightbox/operator/v1/operator.grpc.pb.h"
#include "tests/process/gateway_process.h"
#include "tests/process/intake_caller.h"

namespace nightbox {
namespace {

namespace pb = intake::v1;
using grpc::StatusCode;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class IdentityTest : public testing::Test {
 protected:
  IdentityTest() : acme_(gateway_.pki().IssueClient("system", "acme")) {
    gateway_.settings().access = "check_interval_ms = 100\n";
    gateway_.Start();
  }

  IntakeCaller As(const CertificateFiles& system, const std::string& user) {
    return {gateway_.pki(), system, gateway_.port(), user};
  }

  // Asks until the answer has this reason; the gateway looks at its files ten times a second.
  static void WaitForReason(const IntakeCaller& caller, const std::string& filing_id,
                            const std::string& reason) {
    const auto deadline = SteadyNow() + std::chrono::seconds(30);
    Answer<pb::Filing> answer;
    do {
      answer = caller.Get(filing_id);
    } while (answer.reason() != reason && SteadyNow() < deadline);
    EXPECT_EQ(answer.reason(), reason);
    EXPECT_EQ(answer.code(), reason.empty() ? StatusCode::OK : StatusCode::PERMISSION_DENIED);
  }

  // As openssl prints it, and an operator copies it into the deny list.
  static std::string FingerprintOf(const CertificateFiles& who) {
    std::string printed = RunCommand({"timeout", "60", "openssl", "x509", "-noout", "-fingerprint",
                                      "-sha256", "-in", who.certificate.string()})
                              .output;
    printed = printed.substr(printed.find('=') + 1);
    return printed.substr(0, printed.find('\n'));
  }

  GatewayProcess gateway_;
  const CertificateFiles acme_;
};

// Every call a stranger might find a filing with.
struct Looks {
  Answer<pb::Filing> get;
  Answer<pb::Filing> get_by_request;
  Answer<pb::Receipt> receipt;
  Answer<std::vector<pb::Filing>> watch;
  Answer<pb::Filing> withdraw;
  Answer<pb::Filing> opened_by;
  Answer<pb::ListFilingsResponse> list;
};

Looks LookFor(const IntakeCaller& caller, const std::string& filing_id,
              const std::string& request_id, const std::string& own_name) {
  Looks looks;
  looks.get = caller.Get(filing_id);
  pb::GetFilingRequest by_request;
  by_request.set_request_id(request_id);
  looks.get_by_request = caller.Call(&IntakeStub::GetFiling, by_request);
  looks.receipt = caller.GetReceipt(filing_id);
  looks.watch = caller.Watch(filing_id);
  looks.withdraw = caller.Withdraw(filing_id);
  const std::string pdf = SmallPdf(own_name);
  auto follower = FilingWith(RequestIdFor(own_name), kDent, "", {pdf});
  follower.mutable_header()->set_opened_by_filing_id(filing_id);
  looks.opened_by = caller.Create(follower);
  looks.list = caller.List();
  return looks;
}

TEST_F(IdentityTest, AFilingExistsForItsOwnUserOnly) {
  const CertificateFiles zenith = gateway_.pki().IssueClient("system", "zenith");
  const auto anna = As(acme_, "user-anna");
  const std::string pdf = SmallPdf("petition");
  auto petition = FilingWith(RequestIdFor("anna"), kDent, "", {pdf});
  auto& new_case = *petition.mutable_header()->mutable_new_case();
  new_case.set_category("CC");
  new_case.set_case_type("Breach of contract");
  new_case.set_title("Doe v. Roe");
  const auto filed = anna.Create(petition);
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  const std::string& id = filed.response.filing_id();

  // Another user of the same system, the same user of another, and an id that was never given.
  const std::string nothing(id.size(), 'a');
  struct Stranger {
    IntakeCaller caller;
    std::string filing_id;
    std::string request_id;
  };
  const Stranger strangers[] = {{As(acme_, "user-bert"), id, RequestIdFor("anna")},
                                {As(zenith, "user-anna"), id, RequestIdFor("anna")},
                                {As(acme_, "user-anna"), nothing, RequestIdFor("nothing")}};
  int number = 0;
  for (const Stranger& stranger : strangers) {
    const Looks looks = LookFor(stranger.caller, stranger.filing_id, stranger.request_id,
                                "stranger-" + std::to_string(number++));
    const auto invisible = [](const auto& answer) {
      EXPECT_EQ(answer.code(), StatusCode::NOT_FOUND) << answer.status.error_message();
      EXPECT_EQ(answer.reason(), "FILING_NOT_FOUND");
      EXPECT_EQ(answer.status.error_message(), "no filing of this user has this id");
    };
    invisible(looks.get);
    invisible(looks.get_by_request);
    invisible(looks.receipt);
    invisible(looks.watch);
    EXPECT_THAT(looks.watch.response, IsEmpty());
    invisible(looks.withdraw);
    EXPECT_EQ(looks.opened_by.code(), StatusCode::FAILED_PRECONDITION);
    EXPECT_EQ(looks.opened_by.reason(), "OPENER_UNKNOWN");
    EXPECT_EQ(looks.list.code(), StatusCode::OK);
    EXPECT_THAT(looks.list.response.filings(), SizeIs(number == 3 ? 1 : 0));
  }
  // What a system has sent is not told to another: it would be an oracle on other people's filings.
  EXPECT_EQ(As(zenith, "user-anna").Query(Sha256(pdf)).reason(), "DOCUMENT_NOT_FOUND");
  EXPECT_TRUE(anna.Query(Sha256(pdf)).response.complete());

  // And it is there for the one who filed it. Last, because it ends with a withdrawal.
  EXPECT_EQ(anna.Get(id).response.receipt().receipt_json(),
            filed.response.receipt().receipt_json());
  const std::string motion = SmallPdf("motion");
  auto follower = FilingWith(RequestIdFor("follower"), kDent, "", {motion});
  follower.mutable_header()->set_opened_by_filing_id(id);
  EXPECT_TRUE(anna.Create(follower).ok());
  EXPECT_TRUE(anna.GetReceipt(id).ok());
  EXPECT_TRUE(anna.Withdraw(id).ok());
  const auto watched = anna.Watch(id);
  EXPECT_TRUE(watched.ok());
  EXPECT_THAT(watched.response, SizeIs(1));
  EXPECT_THAT(anna.List().response.filings(), SizeIs(2));
}

TEST_F(IdentityTest, ARightTakenAwayIsGoneWithoutARestartAndComesBackSo) {
  const auto anna = As(acme_, "user-anna");
  const std::string pdf = SmallPdf("motion");
  const auto motion = FilingWith(RequestIdFor("anna"), kDent, "24DN-CC00001", {pdf});
  const auto filed = anna.Create(motion);
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  const std::string& id = filed.response.filing_id();
  const std::string all = gateway_.settings().directory;

  const auto deny_then_allow = [&](const std::string& directory, const std::string& deny_list,
                                   const std::string& reason) {
    SCOPED_TRACE(reason);
    gateway_.WriteDirectory(directory);
    gateway_.WriteDenyList(deny_list);
    WaitForReason(anna, id, reason);
    // Suspension comes even before the look-up of a repeat.
    EXPECT_EQ(anna.Create(motion).reason(), reason);
    // What a court takes is told to any system that is not denied, whoever uses it.
    pb::GetCourtPolicyRequest policy;
    policy.set_court_id(kDent);
    EXPECT_EQ(anna.Call(&IntakeStub::GetCourtPolicy, policy).reason(),
              reason == "USER_SUSPENDED" ? "" : reason);
    gateway_.WriteDirectory(all);
    gateway_.WriteDenyList("");
    WaitForReason(anna, id, "");
    EXPECT_EQ(anna.Create(motion).response.filing_id(), id);
  };
  deny_then_allow(all + "[[user]]\nid = \"user-anna\"\nsuspended = true\n", "", "USER_SUSPENDED");
  deny_then_allow("[[system]]\nname = \"acme\"\nacts_for = [\"user-*\"]\nsuspended = true\n", "",
                  "SYSTEM_DENIED");
  deny_then_allow(all, "users = [\"user-anna\"]\n", "USER_SUSPENDED");
  deny_then_allow(all, "systems = [\"acme\"]\n", "SYSTEM_DENIED");
  deny_then_allow(all, "certificates_sha256 = [\"" + FingerprintOf(acme_) + "\"]\n",
                  "CERTIFICATE_REVOKED");

  // A file that cannot be read changes nothing, and the next good one counts again.
  gateway_.WriteDirectory("[[system]\n");
  gateway_.WriteDenyList("users = [\"user-bert\"]\n");
  gateway_.WriteDirectory("[[system]]\nname = \"acme\"\nacts_for = [\"user-anna\"]\n");
  WaitForReason(As(acme_, "user-bert"), id, "USER_SUSPENDED");
  EXPECT_TRUE(anna.Get(id).ok());
}

TEST_F(IdentityTest, AWatchEndsWithTheRightToIt) {
  const std::string all = gateway_.settings().directory;
  const std::string pdf = SmallPdf("motion");
  const auto filed = [&](const IntakeCaller& caller, const std::string& name) {
    return caller.Create(FilingWith(RequestIdFor(name), kDent, "24DN-CC00001", {pdf}))
        .response.filing_id();
  };
  const auto bert = As(acme_, "user-bert");
  const CertificateFiles renewed = gateway_.pki().IssueClient("system", "acme");
  const std::string berts = filed(bert, "bert");
  const std::string annas = filed(As(acme_, "user-anna"), "anna");
  // Bert's right is touched by nothing that follows: his watch goes on until his filing's end.
  std::promise<void> begun;
  auto watched_by_bert = std::async(std::launch::async, [&] {
    return As(renewed, "user-bert").Watch(berts, [&] { begun.set_value(); });
  });
  begun.get_future().wait();

  // No news come: the court's case system is away.
  const auto taken_away = [&](const std::string& directory, const std::string& deny_list,
                              const std::string& reason) {
    SCOPED_TRACE(reason);
    const auto watched = As(acme_, "user-anna").Watch(annas, [&] {
      gateway_.WriteDirectory(directory);
      gateway_.WriteDenyList(deny_list);
    });
    EXPECT_EQ(watched.code(), StatusCode::PERMISSION_DENIED) << watched.status.error_message();
    EXPECT_EQ(watched.reason(), reason);
    EXPECT_FALSE(watched.Trailer("what-now").empty());
    EXPECT_THAT(watched.response, SizeIs(1));
    gateway_.WriteDirectory(all);
    gateway_.WriteDenyList("");
    WaitForReason(As(acme_, "user-anna"), annas, "");
  };
  taken_away(all + "[[user]]\nid = \"user-anna\"\nsuspended = true\n", "", "USER_SUSPENDED");
  taken_away(all, "users = [\"user-anna\"]\n", "USER_SUSPENDED");
  taken_away(all, "certificates_sha256 = [\"" + FingerprintOf(acme_) + "\"]\n",
             "CERTIFICATE_REVOKED");
  taken_away("[[system]]\nname = \"acme\"\nacts_for = [\"user-bert\"]\n", "", "USER_NOT_ALLOWED");

  ASSERT_TRUE(bert.Withdraw(berts).ok());
  const auto to_the_end = watched_by_bert.get();
  EXPECT_TRUE(to_the_end.ok()) << to_the_end.status.error_message();
  EXPECT_THAT(to_the_end.response, SizeIs(2));

  // And a system's suspension ends all its watches.
  const std::string again = filed(bert, "again");
  const auto suspended = bert.Watch(again, [&] {
    gateway_.WriteDirectory(
        "[[system]]\nname = \"acme\"\nacts_for = [\"user-*\"]\nsuspended = true\n");
  });
  EXPECT_EQ(suspended.reason(), "SYSTEM_DENIED") << suspended.status.error_message();
}

TEST_F(IdentityTest, AnUploadEndsWithTheRightToIt) {
  const auto anna = As(acme_, "user-anna");
  const std::string document = "%PDF-1.7\n" + std::string(3'000'000, 'x');
  UploadStream upload(anna, Sha256(document), static_cast<std::int64_t>(document.size()), 0);
  ASSERT_TRUE(upload.Send(std::string_view(document).substr(0, 100'000)));
  gateway_.WriteDenyList("users = [\"user-anna\"]\n");
  const auto deadline = SteadyNow() + std::chrono::seconds(30);
  while (anna.Query(Sha256(document)).reason() != "USER_SUSPENDED" && SteadyNow() < deadline) {
  }
  upload.SendAll(std::string_view(document).substr(100'000));
  const auto refused = upload.Finish();
  EXPECT_EQ(refused.code(), StatusCode::PERMISSION_DENIED) << refused.status.error_message();
  EXPECT_EQ(refused.reason(), "USER_SUSPENDED");
}

TEST_F(IdentityTest, TextThatIsNoTextIsRefusedAndTheLogStaysStructured) {
  const auto anna = As(acme_, "user-anna");
  const std::string secret = "Doe-v-Roe-\xff\xfe";
  auto request = FilingWith(RequestIdFor("anna"), kDent, "24DN-CC00001", {SmallPdf("motion")});
  request.mutable_header()->mutable_documents(0)->set_title(secret);
  for (int i = 0; i < 3; ++i) {
    const auto refused = anna.Create(request);
    // gRPC cannot read it and asks none of ours, and yet the filer is told what is wrong.
    EXPECT_EQ(refused.code(), StatusCode::INVALID_ARGUMENT) << refused.status.error_message();
    EXPECT_EQ(refused.reason(), "REQUEST_UNREADABLE");
    EXPECT_EQ(refused.Trailer("retry"), "no");
  }
  EXPECT_TRUE(anna.List().ok());
  gateway_.Stop();
  std::istringstream log(gateway_.Log());
  int complaints = 0;
  for (std::string line; std::getline(log, line);) {
    EXPECT_TRUE(line.starts_with('{') && line.ends_with('}')) << line;
    EXPECT_THAT(line, testing::Not(HasSubstr("Doe-v-Roe")));
    if (line.find("protobuf") != std::string::npos) ++complaints;
  }
  EXPECT_EQ(complaints, 1) << gateway_.Log();
}

// Every call of the front door, with a request that says as little as may be.
std::vector<std::pair<std::string, std::function<grpc::Status(const IntakeCaller&)>>> AllCalls() {
  return {
      {"GetCourtPolicy",
       [](const IntakeCaller& caller) {
         pb::GetCourtPolicyRequest request;
         request.set_court_id(kDent);
         return caller.Call(&IntakeStub::GetCourtPolicy, request).status;
       }},
      {"FindMissingDocuments",
       [](const IntakeCaller& caller) {
         return caller.FindMissing(FilingWithout(RequestIdFor("find"), kDent, "1", {"%PDF"}))
             .status;
       }},
      {"WriteDocument",
       [](const IntakeCaller& caller) { return caller.Upload("%PDF some bytes").status; }},
      {"QueryDocumentWrite",
       [](const IntakeCaller& caller) { return caller.Query(Sha256("%PDF some bytes")).status; }},
      {"ValidateFiling",
       [](const IntakeCaller& caller) {
         pb::ValidateFilingRequest request;
         *request.mutable_header() = FilingWithout("", kDent, "1", {"%PDF"}).header();
         return caller.Call(&IntakeStub::ValidateFiling, request).status;
       }},
      {"CreateFiling",
       [](const IntakeCaller& caller) {
         return caller.Create(FilingWith(RequestIdFor("create"), kDent, "1", {"%PDF"})).status;
       }},
      {"GetFiling", [](const IntakeCaller& caller) { return caller.Get("x").status; }},
      {"ListFilings", [](const IntakeCaller& caller) { return caller.List().status; }},
      {"WatchFiling", [](const IntakeCaller& caller) { return caller.Watch("x").status; }},
      {"GetReceipt", [](const IntakeCaller& caller) { return caller.GetReceipt("x").status; }},
      {"WithdrawFiling", [](const IntakeCaller& caller) { return caller.Withdraw("x").status; }},
  };
}

TEST_F(IdentityTest, NoCallIsMadeWithoutAGoodCertificate) {
  TestPki& pki = gateway_.pki();
  const std::pair<std::string, CertificateFiles> bad[] = {
      {"an expired certificate", pki.IssueClient("system", "acme", Validity::kExpired)},
      {"one that is not valid yet", pki.IssueClient("system", "acme", Validity::kNotYet)},
      {"one of an unknown root", pki.IssueStranger("system", "acme")},
  };
  for (const auto& [what, certificate] : bad) {
    SCOPED_TRACE(what);
    const IntakeCaller caller = As(certificate, "user-anna");
    for (const auto& [name, call] : AllCalls()) {
      EXPECT_EQ(call(caller).error_code(), StatusCode::UNAVAILABLE) << name;
    }
  }
  const auto anonymous =
      pb::IntakeService::NewStub(Connect(pki.tls_root(), nullptr, gateway_.port()));
  grpc::ClientContext context;
  WithinSeconds(context, kCallSeconds);
  pb::CourtPolicy policy;
  EXPECT_EQ(anonymous->GetCourtPolicy(&context, {}, &policy).error_code(), StatusCode::UNAVAILABLE);

  // The same calls of a good one are answered: some granted, some refused for what they say.
  const IntakeCaller anna = As(acme_, "user-anna");
  for (const auto& [name, call] : AllCalls()) {
    const auto code = call(anna).error_code();
    EXPECT_TRUE(code == StatusCode::OK || code == StatusCode::NOT_FOUND) << name << ' ' << code;
  }
  // Whoever fails at the door cannot fill the log, nor break its form.
  gateway_.Stop();
  std::istringstream log(gateway_.Log());
  int complaints = 0;
  for (std::string line; std::getline(log, line);) {
    EXPECT_TRUE(line.starts_with('{') && line.ends_with('}')) << line;
    if (line.find("gRPC has a complaint") != std::string::npos) ++complaints;
  }
  EXPECT_GE(complaints, 1);
  EXPECT_LE(complaints, 3);
}

TEST_F(IdentityTest, NoCallIsMadeWithACertificateOfAnotherKind) {
  for (const char* kind : {"operator", "clerk", "publisher", "gateway"}) {
    const IntakeCaller caller = As(gateway_.pki().IssueClient(kind, "acme"), "user-anna");
    for (const auto& [name, call] : AllCalls()) {
      EXPECT_EQ(call(caller).error_code(), StatusCode::PERMISSION_DENIED) << kind << ' ' << name;
    }
  }
  // A kind that does not exist names nobody.
  const IntakeCaller nobody = As(gateway_.pki().IssueClient("janitor", "acme"), "user-anna");
  for (const auto& [name, call] : AllCalls()) {
    EXPECT_EQ(call(nobody).error_code(), StatusCode::UNAUTHENTICATED) << name;
  }
}

TEST_F(IdentityTest, NothingBelowTls13IsSpoken) {
  const auto handshake = [&](const std::vector<std::string>& version) {
    std::vector<std::string> words = {"timeout",  "60",
                                      "openssl",  "s_client",
                                      "-connect", "127.0.0.1:" + std::to_string(gateway_.port()),
                                      "-cert",    acme_.certificate.string(),
                                      "-key",     acme_.key.string(),
                                      "-CAfile",  gateway_.pki().tls_root().string(),
                                      "-alpn",    "h2"};
    words.insert(words.end(), version.begin(), version.end());
    return RunCommand(words).output;
  };
  EXPECT_THAT(handshake({"-tls1_3"}), HasSubstr("New, TLSv1.3"));
  for (const char* version : {"-tls1_2", "-tls1_1", "-tls1"}) {
    EXPECT_THAT(handshake({version, "-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"}),
                HasSubstr("New, (NONE)"))
        << version;
  }
}

TEST_F(IdentityTest, OperatorsActsTakeAnOperatorsCertificate) {
  namespace op = operator_::v1;
  const auto anna = As(acme_, "user-anna");
  const std::string pdf = SmallPdf("motion");
  const auto filed = anna.Create(FilingWith(RequestIdFor("anna"), kDent, "24DN-CC00001", {pdf}));
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  std::string last_reason;
  const auto act = [&](const CertificateFiles& who) {
    const auto stub =
        op::OperatorService::NewStub(Connect(gateway_.pki().tls_root(), &who, gateway_.port()));
    std::vector<StatusCode> codes;
    const auto each = [&](auto method, const auto& request, auto response) {
      grpc::ClientContext context;
      WithinSeconds(context, kCallSeconds);
      codes.push_back((stub.get()->*method)(&context, request, &response).error_code());
      last_reason = TrailersOf(context)["nightbox-reason"];
    };
    using Stub = op::OperatorService::Stub;
    op::HoldFilingRequest hold;
    hold.set_filing_id(filed.response.filing_id());
    hold.set_reason("a test");
    op::ReleaseFilingRequest release;
    release.set_filing_id(filed.response.filing_id());
    release.set_reason("a test");
    each(&Stub::GetStatus, op::GetStatusRequest(), op::Status());
    each(&Stub::ListBacklogs, op::ListBacklogsRequest(), op::ListBacklogsResponse());
    each(&Stub::HoldFiling, hold, op::HeldFiling());
    each(&Stub::ReleaseFiling, release, op::HeldFiling());
    return codes;
  };
  for (const char* kind : {"system", "clerk", "publisher", "gateway"}) {
    EXPECT_THAT(act(gateway_.pki().IssueClient(kind, "acme")),
                testing::Each(StatusCode::PERMISSION_DENIED))
        << kind;
  }
  EXPECT_EQ(anna.Get(filed.response.filing_id()).response.delivery(), pb::Filing::DELIVERY_PENDING);
  const CertificateFiles jane = gateway_.pki().IssueClient("operator", "jane.roe");
  EXPECT_THAT(act(jane), testing::Each(StatusCode::OK));
  const auto deny = [&](const std::string& deny_list, const std::string& reason) {
    gateway_.WriteDenyList(deny_list);
    const auto deadline = SteadyNow() + std::chrono::seconds(30);
    do {
      act(jane);
    } while (last_reason != reason && SteadyNow() < deadline);
    EXPECT_EQ(last_reason, reason);
    EXPECT_THAT(act(jane), testing::Each(StatusCode::PERMISSION_DENIED));
  };
  deny("systems = [\"jane.roe\"]\n", "SYSTEM_DENIED");
  deny("certificates_sha256 = [\"" + FingerprintOf(jane) + "\"]\n", "CERTIFICATE_REVOKED");
}

}  // namespace
}  // namespace nightbox
