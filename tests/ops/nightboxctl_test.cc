// Goal: what an operator is told of a journal or a gateway is true, complete and safe to show.
// Method: the commands' own functions, on real files with a real journal, and against an
// OperatorService that answers as told, over mutual TLS.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <sstream>

#include "nightbox/operator/v1/operator.grpc.pb.h"
#include "ops/nightboxctl/journal_commands.h"
#include "ops/nightboxctl/operator_advice.h"
#include "ops/nightboxctl/operator_commands.h"
#include "store/posix_disk.h"
#include "store/segment_file.h"
#include "store/upload.h"
#include "tests/store/support/disk_contents.h"
#include "tests/store/support/journal_fixture.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_pki.h"

namespace nightbox::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string AllLines(const Answer& answer) {
  std::string all;
  for (const std::string& line : answer.lines) all += line + "\n";
  return all;
}

TEST(AnswerTest, OneJsonObjectWhateverHappensAndNoControlCharactersForPeople) {
  std::ostringstream out;
  std::ostringstream err;
  const Answer failed = Failed(Error{ErrorCode::kDataLoss, "bad\x1b[2J news", "REASON"});
  EXPECT_EQ(Say(failed, /*json=*/true, out, err), 1);
  const auto json = boost::json::parse(out.str()).as_object();
  EXPECT_EQ(json.at("exit_code"), 1);
  EXPECT_EQ(json.at("error").at("reason"), "REASON");
  EXPECT_EQ(err.str(), "");
  out.str("");
  EXPECT_EQ(Say(failed, /*json=*/false, out, err), 1);
  EXPECT_EQ(out.str(), "");
  EXPECT_EQ(err.str(), "bad[2J news\n");
}

TEST(GatewaySettingsTest, TwoKeysAreReadWhateverElseIsWrongWithTheFile) {
  const TemporaryDirectory directory;
  const auto config = directory.Write(
      "gateway.toml",
      "[gateway]\nname = \"A7\"\ndata_directory = \"data/\"\nmisspelt = 1\n[intake]\nlisten = 7\n");
  const auto settings = GatherGatewaySettings(config, "", "");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->name, "A7");
  EXPECT_EQ(settings->data_directory, directory.path() / "data");
  // The command line counts more.
  const auto overruled = GatherGatewaySettings(config, "B3", "/elsewhere/");
  ASSERT_TRUE(overruled);
  EXPECT_EQ(overruled->name, "B3");
  EXPECT_EQ(overruled->data_directory, "/elsewhere");
  for (const auto& [name, data] :
       {std::pair("", "/data"), std::pair("A7", ""), std::pair("A 7", "/data")}) {
    const auto refused = GatherGatewaySettings("", name, data);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  }
}

// A data directory with a journal of 20 filings, made at the machine's time.
class JournalCommandsTest : public testing::Test {
 protected:
  JournalCommandsTest()
      : data_(directory_.path() / "data"),
        journal_(data_ + "/journal-0001"),
        gateway_{"A7", data_},
        signer_(
            CmsSigner::Load(pki_.receipt_signer().certificate, pki_.receipt_signer().key).value()) {
    EXPECT_EQ(InitJournal(gateway_, clock_, random_).code, ExitCode::kDone);
    JournalOptions options;
    options.directory = journal_;
    options.gateway = "A7";
    const auto journal = Journal::Open(options, disk_, clock_, random_, signer_);
    EXPECT_TRUE(journal) << journal.error().message;
    auto segments = SegmentFiles::Open(disk_, journal_ + "/documents", {});
    EXPECT_TRUE(segments) << segments.error().message;
    for (int i = 0; i < 20; ++i) {
      ReceiveFiling draft = FilingDraft(i);
      draft.received_at = clock_.Now();
      draft.inline_documents.front().extents = StoreWhole(**segments, TextOf(i)).value();
      const auto committed = CommitOne(**journal, draft);
      EXPECT_TRUE(committed) << committed.error().message;
    }
  }

  // One byte of the document of filing `number`.
  void DamageDocument(int number) {
    const std::string segment = journal_ + "/documents/segment-0000000000000001";
    const std::size_t at = ReadWholeFile(segment).find(TextOf(number));
    ASSERT_NE(at, std::string::npos);
    FlipByteOn(disk_, segment, at);
  }

  void Damage() {
    const std::string wal = FilesEndingIn(disk_, journal_ + "/ledger", ".log").back();
    FlipByteOn(disk_, wal, disk_.Stat(wal)->size / 2);
  }
  Answer Verify(const std::string& directory = "", const std::filesystem::path& root = {}) {
    return VerifyJournal(directory, data_, root, &reading_, clock_);
  }

  TestPki pki_;
  TemporaryDirectory directory_;
  PosixDisk disk_;
  DocumentAuditOptions reading_;
  SystemClock clock_;
  SystemRandom random_;
  std::string data_;
  std::string journal_;
  GatewaySettings gateway_;
  CmsSigner signer_;
};

TEST_F(JournalCommandsTest, InitRefusesWhereThereIsAJournal) {
  const Answer again = InitJournal(gateway_, clock_, random_);
  EXPECT_EQ(again.code, ExitCode::kRefused);
  EXPECT_EQ(again.members.at("error").at("code"), "ALREADY_EXISTS");
}

TEST_F(JournalCommandsTest, ASoundJournalVerifiesToTheRootThatSignedIt) {
  const auto before = ContentsOf(disk_, data_);
  const Answer sound = Verify("", pki_.receipt_root());
  EXPECT_EQ(sound.code, ExitCode::kDone) << AllLines(sound);
  EXPECT_EQ(sound.members.at("entries"), 20);
  EXPECT_EQ(sound.members.at("filings"), 20);
  EXPECT_EQ(sound.members.at("root"), sound.members.at("head_root"));
  EXPECT_EQ(sound.members.at("signers_checked_to_root"), true);
  const Answer forged = Verify("", pki_.forged_receipt_root());
  EXPECT_EQ(forged.code, ExitCode::kRefused);
  EXPECT_EQ(forged.members.at("problem_count"), 20);
  EXPECT_EQ(ContentsOf(disk_, data_), before);
}

TEST_F(JournalCommandsTest, EveryDocumentIsReadAndTheDamagedOnesAreNamed) {
  const Answer sound = Verify();
  EXPECT_EQ(sound.code, ExitCode::kDone) << AllLines(sound);
  EXPECT_EQ(sound.members.at("documents").at("count"), 20);
  std::int64_t size = 0;
  for (int i = 0; i < 20; ++i) size += static_cast<std::int64_t>(TextOf(i).size());
  EXPECT_EQ(sound.members.at("documents").at("bytes"), size);
  EXPECT_THAT(AllLines(sound), HasSubstr("documents sound: 20 documents read"));

  DamageDocument(7);
  const auto before = ContentsOf(disk_, data_);
  const Answer damaged = Verify();
  EXPECT_EQ(damaged.code, ExitCode::kRefused);
  EXPECT_EQ(damaged.members.at("sound"), false);
  EXPECT_EQ(damaged.members.at("problem_count"), 0) << "the log itself is sound";
  EXPECT_EQ(damaged.members.at("documents").at("count"), 20);
  EXPECT_EQ(damaged.members.at("documents").at("problem_count"), 2);
  const std::string sha256 = Sha256(TextOf(7)).Hex();
  EXPECT_THAT(AllLines(damaged), HasSubstr("document " + sha256 + " of acme: segment-"));
  EXPECT_THAT(AllLines(damaged), HasSubstr("(entry 7): document " + sha256 + " is damaged"));
  EXPECT_EQ(VerifyJournal("", data_, {}, nullptr, clock_).code, ExitCode::kDone) << "--log-only";
  EXPECT_EQ(ContentsOf(disk_, data_), before);

  // And when the whole segment is away: every document, and nothing hangs or is made anew.
  std::filesystem::rename(journal_ + "/documents/segment-0000000000000001",
                          directory_.path() / "segment");
  const Answer away = Verify();
  EXPECT_EQ(away.code, ExitCode::kRefused);
  EXPECT_EQ(away.members.at("documents").at("problem_count"), 40);
}

TEST_F(JournalCommandsTest, ReadingKeepsToItsRateAndTellsHowFarItIs) {
  std::vector<std::uint64_t> told;
  Microseconds longest{0};
  reading_.bytes_per_second = 1;
  reading_.after_extent = [&](const DocumentProgress& progress, Microseconds wait) {
    told.push_back(progress.bytes);
    longest = std::max(longest, wait);
    EXPECT_LE(progress.bytes, progress.bytes_in_all);
  };
  EXPECT_EQ(Verify().code, ExitCode::kDone);
  ASSERT_EQ(told.size(), 20u);
  EXPECT_TRUE(std::ranges::is_sorted(told));
  // Nobody waited, so at one byte a second all of it is owed.
  EXPECT_GT(longest, std::chrono::seconds(told.back() - 60));

  const BootTime begun(std::chrono::hours(5));
  EXPECT_EQ(WaitFor(50'000'000, 50'000'000, begun, begun), std::chrono::seconds(1));
  EXPECT_EQ(WaitFor(50'000'000, 50'000'000, begun, begun + std::chrono::seconds(2)),
            Microseconds(0));
}

TEST_F(JournalCommandsTest, FromAFlippedByteToAnOpenDoor) {
  Damage();
  const auto before = ContentsOf(disk_, journal_);
  EXPECT_EQ(Verify().code, ExitCode::kRefused);

  const Answer aside =
      SetJournalAside(gateway_, {"jane.roe", "does not start", false}, clock_, random_);
  ASSERT_EQ(aside.code, ExitCode::kDone) << AllLines(aside);
  EXPECT_EQ(aside.members.at("old_promised"), 20);
  EXPECT_THAT(AllLines(aside), HasSubstr("journal salvage " + journal_));
  EXPECT_EQ(Verify().code, ExitCode::kDone);

  const auto report = directory_.path() / "salvage.json";
  const Answer salvaged = SalvageInto(journal_ + "/", report);
  ASSERT_EQ(salvaged.code, ExitCode::kDone) << AllLines(salvaged);
  const auto json = boost::json::parse(ReadWholeFile(report)).as_object();
  EXPECT_EQ(json.at("format"), "nightbox-salvage/1");
  EXPECT_EQ(json.at("entries"), 20);
  EXPECT_EQ(json.at("filings").as_array().size(),
            static_cast<std::size_t>(json.at("readable_filings").to_number<int>()));
  std::int64_t missing = 0;
  for (const auto& range : json.at("missing_entries").as_array()) {
    missing += range.at("last").as_int64() - range.at("first").as_int64() + 1;
  }
  EXPECT_GT(missing, 0);
  EXPECT_EQ(json.at("readable_entries").as_int64() + missing, 20);
  const auto& first = json.at("filings").at(0).as_object();
  EXPECT_EQ(first.at("court"), "mo.cir.42.dent");
  EXPECT_EQ(first.at("delivery_key").as_string().size(), 64u);
  EXPECT_EQ(first.at("last_known"), "pending");
  // Names of parties, titles and case numbers stay in the ledger.
  EXPECT_EQ(ReadWholeFile(report).find("24DN"), std::string::npos);

  EXPECT_EQ(SalvageInto(journal_, report).code, ExitCode::kRefused) << "overwrote its report";
  EXPECT_EQ(SalvageInto(journal_, journal_ + "/report.json").code, ExitCode::kUsage);
  EXPECT_EQ(ContentsOf(disk_, journal_), before);
}

TEST_F(JournalCommandsTest, AFailedSalvageLeavesNoReportBehind) {
  const auto report = directory_.path() / "salvage.json";
  EXPECT_EQ(SalvageInto(directory_.path() / "nothing", report).code, ExitCode::kRefused);
  EXPECT_FALSE(std::filesystem::exists(report));
}

// Answers as told; remembers what it was asked.
class FakeOperatorService : public pb::OperatorService::Service {
 public:
  grpc::Status GetStatus(grpc::ServerContext*, const pb::GetStatusRequest*,
                         pb::Status* status) override {
    status->set_gateway("A7");
    status->set_log_id("log");
    status->set_published_sequence(41);
    status->mutable_started_at()->set_seconds(1'719'895'267);
    status->mutable_balance()->set_received(3);
    status->mutable_balance()->set_docketed(2);
    status->mutable_balance()->set_held(1);
    return grpc::Status::OK;
  }
  grpc::Status ListBacklogs(grpc::ServerContext* context, const pb::ListBacklogsRequest*,
                            pb::ListBacklogsResponse* response) override {
    if (!not_shown.empty()) context->AddTrailingMetadata("nightbox-not-shown", not_shown);
    auto* backlog = response->add_backlogs();
    backlog->set_court_id("mo.cir.42.dent");
    backlog->set_pending(7);
    backlog->set_reach(pb::Backlog::REACH_BACKING_OFF);
    backlog->mutable_oldest_age()->set_seconds(90);
    response->add_backlogs()->set_court_id("mo.sup");
    return grpc::Status::OK;
  }
  grpc::Status HoldFiling(grpc::ServerContext* context, const pb::HoldFilingRequest* request,
                          pb::HeldFiling* filing) override {
    reasons.push_back(request->reason());
    if (request->filing_id() == "unknown") {
      context->AddTrailingMetadata("nightbox-reason", "FILING_NOT_FOUND");
      context->AddTrailingMetadata("nightbox-what-now", "What filers are told.");
      return {grpc::StatusCode::NOT_FOUND, "no such filing"};
    }
    filing->set_filing_id(request->filing_id());
    filing->set_court_id("mo.sup");
    filing->set_held(true);
    filing->set_reason(request->reason());
    return grpc::Status::OK;
  }
  grpc::Status ReleaseFiling(grpc::ServerContext*, const pb::ReleaseFilingRequest* request,
                             pb::HeldFiling* filing) override {
    reasons.push_back(request->reason());
    filing->set_filing_id(request->filing_id());
    filing->set_court_id("mo.sup");
    return grpc::Status::OK;
  }

  // Held: three, of which each page shows one, and the page between them none. Uncertain: one.
  grpc::Status ListWaitingFilings(grpc::ServerContext*,
                                  const pb::ListWaitingFilingsRequest* request,
                                  pb::ListWaitingFilingsResponse* response) override {
    pages.push_back(pb::WaitingFiling::State_Name(request->state()) + " " + request->court_id() +
                    " " + request->page_token());
    if (request->state() == pb::WaitingFiling::STATE_PENDING) return grpc::Status::OK;
    const int page = request->page_token().empty() ? 0 : std::stoi(request->page_token());
    const bool held = request->state() == pb::WaitingFiling::STATE_HELD;
    if (held && page < 3) response->set_next_page_token(std::to_string(page + 1));
    if (held && page == 1) return grpc::Status::OK;
    auto& filing = *response->add_filings();
    filing.set_filing_id((held ? "held-" : "uncertain-") + std::to_string(page));
    filing.set_court_id("mo.sup");
    filing.set_state(request->state());
    filing.mutable_received_at()->set_seconds(1'719'895'267 - page);
    filing.mutable_changed_at()->set_seconds(1'719'895'300);
    filing.set_deliveries_started(4);
    if (held) filing.set_reason("the court asked");
    if (!held) filing.set_consistency_group("annex");
    filing.set_delivery_key(std::string(32, '\x01'));
    return grpc::Status::OK;
  }
  grpc::Status ResolveDelivery(grpc::ServerContext* context,
                               const pb::ResolveDeliveryRequest* request,
                               pb::ResolvedDelivery* resolved) override {
    reasons.push_back(request->reason());
    if (request->outcome() != pb::ResolveDeliveryRequest::OUTCOME_NOT_DELIVERED ||
        request->filing_id() == "under way") {
      context->AddTrailingMetadata("nightbox-reason", "DELIVERY_UNDER_WAY");
      context->AddTrailingMetadata("nightbox-retry", "yes");
      return {grpc::StatusCode::FAILED_PRECONDITION, "a delivery is under way"};
    }
    resolved->set_filing_id(request->filing_id());
    resolved->set_court_id("mo.sup");
    resolved->set_pending(true);
    return grpc::Status::OK;
  }
  grpc::Status TerminateFiling(grpc::ServerContext*, const pb::TerminateFilingRequest* request,
                               pb::Termination* termination) override {
    reasons.push_back(request->authority() + ": " + request->reason());
    termination->set_filing_id(request->filing_id());
    termination->set_court_id("mo.sup");
    termination->set_terminated(request->filing_id() == "seconded");
    if (!termination->terminated()) termination->mutable_waits_until()->set_seconds(1'719'981'667);
    return grpc::Status::OK;
  }

  std::vector<std::string> reasons;
  std::vector<std::string> pages;
  std::string not_shown;
};

class OperatorCommandsTest : public testing::Test {
 protected:
  OperatorCommandsTest() {
    grpc::SslServerCredentialsOptions tls(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    const CertificateFiles server = pki_.IssueServer("A7");
    tls.pem_root_certs = ReadWholeFile(pki_.tls_root());
    tls.pem_key_cert_pairs.push_back(
        {ReadWholeFile(server.key), ReadWholeFile(server.certificate)});
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    address_ = AddressOf(pki_.IssueClient("operator", "jane.roe"));
    address_.server = "127.0.0.1:" + std::to_string(port);
  }

  OperatorAddress AddressOf(const CertificateFiles& who) const {
    OperatorAddress address = address_;
    address.certificate = who.certificate;
    address.key = who.key;
    address.ca = pki_.tls_root();
    return address;
  }

  TestPki pki_;
  FakeOperatorService service_;
  std::unique_ptr<grpc::Server> server_;
  OperatorAddress address_;
};

TEST_F(OperatorCommandsTest, StatusSaysTheBalanceInItsOrder) {
  const Answer answer = ShowStatus(address_);
  ASSERT_EQ(answer.code, ExitCode::kDone) << AllLines(answer);
  EXPECT_EQ(answer.members.at("published_sequence"), 41);
  EXPECT_EQ(answer.members.at("balance").at("docketed"), 2);
  EXPECT_EQ(answer.members.at("started_at"), "2024-07-02T04:41:07.000000Z");
  EXPECT_THAT(AllLines(answer), HasSubstr("received 3, docketed 2, returned 0"));
  EXPECT_THAT(AllLines(answer), HasSubstr("NOT synchronised"));
}

TEST_F(OperatorCommandsTest, BacklogHasARowForEachCourt) {
  const Answer answer = ShowBacklog(address_);
  ASSERT_EQ(answer.code, ExitCode::kDone) << AllLines(answer);
  EXPECT_EQ(answer.members.at("backlogs").as_array().size(), 2u);
  EXPECT_EQ(answer.members.at("backlogs").at(0).at("oldest_age_s"), 90);
  ASSERT_EQ(answer.lines.size(), 3u);
  EXPECT_THAT(answer.lines[1], HasSubstr("backing off"));
  EXPECT_EQ(answer.lines[0].find("pending"), answer.lines[1].find('7'));
}

TEST_F(OperatorCommandsTest, WhatIsNotShownIsSaidToBeSo) {
  service_.not_shown = "backlogs.held (COR 2.04)";
  const Answer answer = ShowBacklog(address_);
  EXPECT_EQ(answer.members.at("not_shown"), "backlogs.held (COR 2.04)");
  EXPECT_THAT(answer.lines.back(), HasSubstr("not shown"));
  EXPECT_THAT(answer.lines.back(), HasSubstr("backlogs.held (COR 2.04)"));
  service_.not_shown.clear();
  EXPECT_FALSE(ShowBacklog(address_).members.contains("not_shown"));
}

TEST_F(OperatorCommandsTest, HoldAndReleaseCarryTheirReason) {
  const Answer held = HoldOne(address_, "abc", "the court asked");
  EXPECT_EQ(held.code, ExitCode::kDone) << AllLines(held);
  EXPECT_EQ(held.members.at("held"), true);
  const Answer released = ReleaseOne(address_, "abc", "asked again");
  EXPECT_EQ(released.code, ExitCode::kDone);
  EXPECT_EQ(released.members.at("held"), false);
  EXPECT_THAT(service_.reasons, ElementsAre("the court asked", "asked again"));
}

TEST_F(OperatorCommandsTest, WaitingFilingsAreReadToTheLastPageAndShownOldestFirst) {
  const Answer answer = ShowFilings(address_, {});
  ASSERT_EQ(answer.code, ExitCode::kDone) << AllLines(answer);
  std::vector<std::string> shown;
  for (const auto& each : answer.members.at("filings").as_array())
    shown.emplace_back(each.at("filing_id").as_string());
  EXPECT_THAT(shown, ElementsAre("uncertain-0", "held-3", "held-2", "held-0"));
  EXPECT_TRUE(answer.members.at("perhaps_more").as_array().empty());
  EXPECT_EQ(answer.members.at("filings").at(0).at("consistency_group"), "annex");
  EXPECT_EQ(answer.members.at("filings").at(1).at("reason"), "the court asked");
  EXPECT_EQ(answer.members.at("filings").at(0).at("delivery_key").as_string().size(), 64U);
  EXPECT_EQ(answer.lines.size(), 5U);
  EXPECT_THAT(answer.lines[1], HasSubstr("group annex"));
  EXPECT_THAT(answer.lines[2], HasSubstr("by an operator: the court asked"));
}

TEST_F(OperatorCommandsTest, WaitingFilingsEndAtTheLimitAndSayThatThereMayBeMore) {
  const Answer answer = ShowFilings(address_, {"mo.sup", "held", 1});
  ASSERT_EQ(answer.code, ExitCode::kDone) << AllLines(answer);
  EXPECT_EQ(answer.members.at("filings").as_array().size(), 1U);
  EXPECT_EQ(answer.members.at("perhaps_more").as_array().size(), 1U);
  EXPECT_THAT(AllLines(answer), HasSubstr("there may be more (--limit): held"));
  EXPECT_THAT(service_.pages, ElementsAre("STATE_HELD mo.sup ")) << "no page more than it needs";
  EXPECT_THAT(ShowFilings(address_, {"", "pending", 1}).lines, ElementsAre("nothing waits"));
}

TEST_F(OperatorCommandsTest, ResolvingSaysWhatFollowsAndWhatToDoWhenTheCourtHasIt) {
  const Answer resolved = ResolveOne(address_, "abc", "the clerk has looked");
  EXPECT_EQ(resolved.code, ExitCode::kDone) << AllLines(resolved);
  EXPECT_THAT(AllLines(resolved), HasSubstr("waits for delivery"));
  const Answer refused = ResolveOne(address_, "under way", "the clerk has looked");
  EXPECT_EQ(refused.code, ExitCode::kRefused) << AllLines(refused);
  EXPECT_THAT(AllLines(refused), HasSubstr("docketed on the case system's own identifier"));
  EXPECT_THAT(service_.reasons, ElementsAre("the clerk has looked", "the clerk has looked"));
}

TEST_F(OperatorCommandsTest, TheFirstPersonIsToldWhatTheSecondMustSayAndUntilWhen) {
  const Answer proposed = TerminateOne(address_, "abc", "order of 1 July", "lost");
  EXPECT_EQ(proposed.code, ExitCode::kDone) << AllLines(proposed);
  EXPECT_EQ(proposed.members.at("terminated"), false);
  EXPECT_EQ(proposed.members.at("waits_until"), "2024-07-03T04:41:07.000000Z");
  EXPECT_THAT(AllLines(proposed), HasSubstr("nothing is ended yet"));
  EXPECT_THAT(AllLines(proposed), HasSubstr("--authority \"order of 1 July\""));
  const Answer ended = TerminateOne(address_, "seconded", "order of 1 July", "lost");
  EXPECT_EQ(ended.members.at("terminated"), true);
  EXPECT_FALSE(ended.members.contains("waits_until"));
  EXPECT_THAT(service_.reasons, ElementsAre("order of 1 July: lost", "order of 1 July: lost"));
}

TEST_F(OperatorCommandsTest, ARefusalSaysWhatToDoAndIsNotRepeated) {
  const Answer answer = HoldOne(address_, "unknown", "why");
  EXPECT_EQ(answer.code, ExitCode::kRefused);
  EXPECT_EQ(answer.members.at("error").at("reason"), "FILING_NOT_FOUND");
  EXPECT_THAT(answer.lines,
              ElementsAre("no such filing", HasSubstr("Check the id against the receipt.")));
  EXPECT_EQ(answer.members.at("error").at("what_now").as_string(), answer.lines[1]);
  EXPECT_EQ(service_.reasons.size(), 1u);
}

TEST(OperatorAdviceTest, OperatorsAreNotSentToTheOperatorNorFilersWordsShown) {
  // Every reason that the gateway gives to anybody, and what a client says by itself.
  const std::string errors = ReadWholeFile(NIGHTBOX_SOURCE_DIR "/docs/errors.md");
  std::vector<std::string> reasons = {"unreachable", "timeout", "not-allowed", "transport", ""};
  for (std::size_t at = errors.find("| `"); at != std::string::npos; at = errors.find("| `", at)) {
    at += 3;
    reasons.push_back(errors.substr(at, errors.find('`', at) - at));
  }
  ASSERT_GT(reasons.size(), 50u);
  for (const std::string& reason : reasons) {
    client::CallFailure failure;
    failure.reason = reason;
    failure.what_now = "Ask the gateway's operator; until then file with the court directly.";
    const std::string advice = AdviceFor(failure);
    EXPECT_FALSE(advice.empty()) << reason;
    EXPECT_EQ(advice.find("operator;"), std::string::npos) << reason;
    EXPECT_EQ(advice.find("file with the court"), std::string::npos) << reason;
  }
}

TEST(OperatorAdviceTest, WhatOperatorsAreRefusedForHasAdviceOfItsOwn) {
  client::CallFailure unknown;
  unknown.reason = "SOMETHING_NEW";
  for (const char* reason :
       {"ACCESS_DENIED", "CASE_NUMBER_IN_REASON", "CASE_WITHOUT_FILINGS", "RECORD_TOO_LARGE",
        "DELIVERY_UNDER_WAY", "AUTHORITY_DIFFERS", "TOO_MANY_PROPOSALS"}) {
    client::CallFailure failure;
    failure.reason = reason;
    EXPECT_NE(AdviceFor(failure), AdviceFor(unknown)) << reason;
  }
}

TEST_F(OperatorCommandsTest, AStrangerAndAGatewayThatIsAwayAreUnreachable) {
  EXPECT_EQ(ShowStatus(AddressOf(pki_.IssueStranger("operator", "eve"))).code,
            ExitCode::kUnreachable);
  server_->Shutdown();
  const Answer away = ShowStatus(address_);
  EXPECT_EQ(away.code, ExitCode::kUnreachable);
  EXPECT_THAT(AllLines(away), HasSubstr("systemctl status nightbox-gateway"));
  EXPECT_THAT(AllLines(away), testing::Not(HasSubstr("file with the court directly")));
}

TEST_F(OperatorCommandsTest, WhatIsNotSaidOrNotReadableIsWrongUsage) {
  OperatorAddress address = address_;
  address.server.clear();
  EXPECT_EQ(ShowStatus(address).code, ExitCode::kUsage);
  address = address_;
  address.key = "/nowhere/key.pem";
  const Answer answer = ShowStatus(address);
  EXPECT_EQ(answer.code, ExitCode::kUsage);
  EXPECT_THAT(AllLines(answer), HasSubstr("--key"));
}

}  // namespace
}  // namespace nightbox::ctl
