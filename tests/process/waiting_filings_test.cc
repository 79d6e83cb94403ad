// Goal: an operator finds the filings that wait, resolves a delivery whose consistency group is
// gone for ever, and with a colleague ends what can never be delivered; what each of them said is
// in the ledger under their name, no word of it says which case, and the filer's receipt stands.
// Method: the real gateway and nightboxctl; a case system that dies with a filing, and another
// group in its place; the ledger read from disk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/patience.h"
#include "nightbox/operator/v1/operator.grpc.pb.h"
#include "store/journal.h"
#include "store/keys.h"
#include "store/opening.h"
#include "tests/process/case_system_process.h"
#include "tests/process/gateway_process.h"
#include "tests/process/intake_caller.h"
#include "tests/process/ledger_reader.h"

namespace nightbox {
namespace {

namespace op = operator_::v1;
using intake::v1::Filing;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kCaseNumber[] = "24DN-CC00815";

class WaitingFilingsProcessTest : public testing::Test {
 protected:
  WaitingFilingsProcessTest()
      : acme_(gateway_.pki().IssueClient("system", "acme")),
        jane_(gateway_.pki().IssueClient("operator", "jane.roe")),
        john_(gateway_.pki().IssueClient("operator", "john.doe")) {}

  IntakeCaller Anna() { return {gateway_.pki(), acme_, gateway_.port(), "user-anna"}; }

  Filing File(const std::string& name, const std::string& case_number = kCaseNumber) {
    const std::string pdf = SmallPdf(name);
    const auto filed = Anna().Create(FilingWith(RequestIdFor(name), kDent, case_number, {pdf}));
    EXPECT_TRUE(filed.ok()) << filed.status.error_message();
    return filed.response;
  }

  Filing WaitFor(const std::string& filing_id, Filing::Delivery delivery,
                 Filing::Review review = Filing::REVIEW_UNSPECIFIED) {
    const auto deadline = SteadyNow() + seconds(30);
    const IntakeCaller anna = Anna();
    while (SteadyNow() < deadline) {
      const auto filing = anna.Get(filing_id);
      if (filing.ok() && filing.response.delivery() == delivery &&
          filing.response.review() == review) {
        return filing.response;
      }
    }
    ADD_FAILURE() << "the filing did not come so far";
    return {};
  }

  CommandResult As(const CertificateFiles& who, std::vector<std::string> words) {
    words.insert(words.end(),
                 {"--server", "127.0.0.1:" + std::to_string(gateway_.port()), "--tls-name",
                  "localhost", "--certificate", who.certificate.string(), "--key", who.key.string(),
                  "--ca", gateway_.pki().tls_root().string()});
    CommandResult said = gateway_.Ctl(std::move(words));
    EXPECT_THAT(said.output, Not(HasSubstr(kCaseNumber)));
    EXPECT_THAT(said.output, Not(HasSubstr("motion")));
    return said;
  }

  // The ids of the filings in this state; empty: of all.
  std::vector<std::string> Listed(const std::string& state) {
    std::vector<std::string> words = {"filings"};
    if (!state.empty()) words.insert(words.end(), {"--state", state});
    const CommandResult said = As(jane_, std::move(words));
    EXPECT_EQ(said.exit_code, 0) << said.output;
    last_listed_ = boost::json::parse(said.output);
    std::vector<std::string> ids;
    for (const auto& each : last_listed_.at("filings").as_array())
      ids.emplace_back(each.at("filing_id").as_string());
    return ids;
  }

  std::string Reason(const CommandResult& refused) {
    EXPECT_EQ(refused.exit_code, 1) << refused.output;
    return std::string(boost::json::parse(refused.output).at("error").at("reason").as_string());
  }

  // "act: reason" of every operator's entry, in order; and what they are about must be no secret.
  std::vector<std::string> Acts(const std::string& operator_name) {
    std::vector<std::string> acts;
    for (const auto& entry : ReadLedger(gateway_.directory() / "data")) {
      if (!entry.has_operator_acted()) continue;
      EXPECT_THAT(entry.statement(), Not(HasSubstr(kCaseNumber)));
      if (entry.operator_acted().operator_() != operator_name) continue;
      acts.push_back(entry.operator_acted().act() + ": " + entry.operator_acted().reason());
    }
    return acts;
  }

  GatewayProcess gateway_;
  const CertificateFiles acme_;
  const CertificateFiles jane_;
  const CertificateFiles john_;
  boost::json::value last_listed_;
};

TEST_F(WaitingFilingsProcessTest, WhatWaitsIsListedPageByPageForOperatorsAlone) {
  gateway_.Start();
  const Filing one = File("motion-1", "24DN-CC00001");
  const Filing two = File("motion-2", "24DN-CC00002");
  const Filing three = File("motion-3", "24DN-CC00003");
  EXPECT_THAT(Listed("pending"), ElementsAre(one.filing_id(), two.filing_id(), three.filing_id()));
  EXPECT_EQ(As(jane_, {"hold", two.filing_id(), "--reason", "the court asked"}).exit_code, 0);
  EXPECT_THAT(Listed("held"), ElementsAre(two.filing_id()));
  const auto held = last_listed_.at("filings").at(0);
  EXPECT_EQ(held.at("reason"), "the court asked");
  EXPECT_EQ(held.at("held_by_gateway"), false);
  EXPECT_EQ(held.at("court"), kDent);
  EXPECT_THAT(Listed("uncertain"), testing::IsEmpty());
  EXPECT_THAT(Listed(""), ElementsAre(two.filing_id(), one.filing_id(), three.filing_id()));
  EXPECT_EQ(Reason(As(jane_, {"filings", "--court", "mo.cir.42"})), "COURT_IS_A_CIRCUIT");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"filings"},
           {"resolve", one.filing_id(), "--not-delivered", "--reason", "none of theirs"},
           {"terminate", one.filing_id(), "--authority", "none", "--reason", "none of theirs"}}) {
    EXPECT_EQ(Reason(As(acme_, words)), "CERTIFICATE_KIND_NOT_ALLOWED");
  }

  // One row a page.
  const auto stub =
      op::OperatorService::NewStub(Connect(gateway_.pki().tls_root(), &jane_, gateway_.port()));
  op::ListWaitingFilingsRequest request;
  request.set_state(op::WaitingFiling::STATE_PENDING);
  request.set_page_size(1);
  std::vector<std::string> ids;
  for (int pages = 0; pages < 10; ++pages) {
    grpc::ClientContext context;
    WithinSeconds(context, kCallSeconds);
    op::ListWaitingFilingsResponse page;
    ASSERT_TRUE(stub->ListWaitingFilings(&context, request, &page).ok());
    EXPECT_LE(page.filings_size(), 1);
    for (const auto& filing : page.filings()) ids.push_back(filing.filing_id());
    request.set_page_token(page.next_page_token());
    if (request.page_token().empty()) break;
  }
  EXPECT_THAT(ids, ElementsAre(one.filing_id(), three.filing_id()));
  for (const auto& [token, state] : {std::pair("nonsense", op::WaitingFiling::STATE_PENDING),
                                     std::pair("", op::WaitingFiling::STATE_UNSPECIFIED)}) {
    request.set_page_token(token);
    request.set_state(state);
    grpc::ClientContext context;
    WithinSeconds(context, kCallSeconds);
    op::ListWaitingFilingsResponse page;
    EXPECT_EQ(stub->ListWaitingFilings(&context, request, &page).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
  // What is journaled for ever does not say which case.
  EXPECT_EQ(Reason(As(jane_, {"hold", one.filing_id(), "--reason", "of 24dn/cc 00001"})),
            "CASE_NUMBER_IN_REASON");
}

TEST_F(WaitingFilingsProcessTest, AnOperatorResolvesWhatAGoneGroupCannotAndItsCaseGoesOn) {
  CaseSystemProcess gone(gateway_.pki(), "gone");
  CaseSystemProcess annex(gateway_.pki(), "annex");
  gateway_.settings().case_system_port = gone.port();
  gateway_.Start();
  gone.Control("crash-after-commit");
  const Filing first = File("motion-1");
  WaitFor(first.filing_id(), Filing::DELIVERY_UNCERTAIN);
  const Filing second = File("motion-2");
  gateway_.Stop();
  gateway_.settings().case_system_port = annex.port();
  gateway_.Start();
  // The control: another group is there and takes filings, but not of this case.
  const Filing other = File("motion-3", "24DN-CC00002");
  WaitFor(other.filing_id(), Filing::DELIVERY_SUBMITTED, Filing::REVIEW_DOCKETED);
  EXPECT_THAT(Listed(""), ElementsAre(first.filing_id()));
  EXPECT_EQ(last_listed_.at("filings").at(0).at("consistency_group"), "gone");
  EXPECT_EQ(last_listed_.at("filings").at(0).at("deliveries_started"), 1);

  EXPECT_EQ(Reason(As(jane_, {"resolve", first.filing_id(), "--not-delivered", "--reason",
                              std::string("asked about ") + kCaseNumber + "?"})),
            "CASE_NUMBER_IN_REASON");
  EXPECT_EQ(Reason(As(jane_, {"resolve", second.filing_id(), "--not-delivered", "--reason",
                              "behind another"})),
            "NOT_IN_THIS_STATE");
  const CommandResult resolved =
      As(jane_, {"resolve", first.filing_id(), "--not-delivered", "--reason",
                 "the clerk of Dent County looked at 23:50"});
  ASSERT_EQ(resolved.exit_code, 0) << resolved.output;
  EXPECT_EQ(boost::json::parse(resolved.output).at("pending"), true);
  for (const Filing& each : {first, second}) {
    const Filing done =
        WaitFor(each.filing_id(), Filing::DELIVERY_SUBMITTED, Filing::REVIEW_DOCKETED);
    EXPECT_EQ(done.receipt().receipt_json(), each.receipt().receipt_json());
  }
  EXPECT_EQ(
      Reason(As(jane_, {"resolve", first.filing_id(), "--not-delivered", "--reason", "once more"})),
      "NOT_IN_THIS_STATE");
  gateway_.Stop();
  gateway_.VerifyJournal();
  EXPECT_THAT(Acts("jane.roe"),
              ElementsAre("delivery.resolved filing_id=" + first.filing_id() +
                          " outcome=not_delivered consistency_group=gone: the clerk of Dent County "
                          "looked at 23:50"));
  std::vector<std::string> started;
  for (const auto& entry : ReadLedger(gateway_.directory() / "data")) {
    if (entry.has_delivery_started() &&
        entry.delivery_started().filing_sequence() != other.journal_sequence()) {
      started.push_back(entry.delivery_started().consistency_group());
    }
  }
  EXPECT_THAT(started, ElementsAre("gone", "annex", "annex"));
}

TEST_F(WaitingFilingsProcessTest, TwoOperatorsEndAFilingAndItsFilerSeesItWithTheReceiptThatStands) {
  gateway_.Start();
  const Filing filed = File("motion-1");
  const auto terminate = [&](const CertificateFiles& who, const std::string& authority,
                             const std::string& reason) {
    return As(who, {"terminate", filed.filing_id(), "--authority", authority, "--reason", reason});
  };
  const std::string order = "order of Judge Roe of 1 July 2024";
  const CommandResult proposed = terminate(jane_, order, "the court is closed for good");
  ASSERT_EQ(proposed.exit_code, 0) << proposed.output;
  EXPECT_EQ(boost::json::parse(proposed.output).at("terminated"), false);
  // The same person twice is one person, and is told the same.
  EXPECT_EQ(terminate(jane_, order, "again").output, proposed.output);
  EXPECT_EQ(Reason(terminate(john_, "my own", "why not")), "AUTHORITY_DIFFERS");
  EXPECT_EQ(Reason(terminate(john_, std::string("order on ") + kCaseNumber, "why not")),
            "CASE_NUMBER_IN_REASON");
  EXPECT_EQ(Anna().Get(filed.filing_id()).response.delivery(), Filing::DELIVERY_PENDING);

  // A restart forgets the proposal: it is made again.
  gateway_.Kill();
  gateway_.Start();
  EXPECT_EQ(
      boost::json::parse(terminate(john_, order, "agreed, and first now").output).at("terminated"),
      false);
  const CommandResult ended = terminate(jane_, order, "the court is closed for good");
  ASSERT_EQ(ended.exit_code, 0) << ended.output;
  EXPECT_EQ(boost::json::parse(ended.output).at("terminated"), true);
  const Filing seen = WaitFor(filed.filing_id(), Filing::DELIVERY_TERMINATED);
  EXPECT_EQ(seen.reason(), "the court is closed for good");
  EXPECT_EQ(seen.receipt().receipt_json(), filed.receipt().receipt_json());
  EXPECT_EQ(seen.receipt().receipt_p7s(), filed.receipt().receipt_p7s());
  EXPECT_EQ(Reason(terminate(john_, order, "late")), "FILING_SETTLED");
  EXPECT_THAT(Listed(""), testing::IsEmpty());

  gateway_.Stop();
  gateway_.VerifyJournal();
  const std::string proposal =
      "filing.termination_proposed filing_id=" + filed.filing_id() + " authority=" + order + ": ";
  EXPECT_THAT(Acts("jane.roe"), ElementsAre(proposal + "the court is closed for good"));
  EXPECT_THAT(Acts("john.doe"), ElementsAre(proposal + "agreed, and first now"));
  for (const auto& entry : ReadLedger(gateway_.directory() / "data")) {
    if (!entry.has_terminated()) continue;
    EXPECT_THAT(entry.terminated().persons(), ElementsAre("john.doe", "jane.roe"));
    EXPECT_EQ(entry.terminated().authority(), order);
    EXPECT_EQ(entry.terminated().reason(), "the court is closed for good");
  }
}

// Of all filings the one that needs an operator most.
TEST_F(WaitingFilingsProcessTest, AFilingThatCannotBeReadBackIsHeldReleasedResolvedAndEnded) {
  CaseSystemProcess gone(gateway_.pki(), "gone");
  gateway_.settings().case_system_port = gone.port();
  gateway_.Start();
  gone.Control("crash-after-commit");
  const Filing asked = File("motion-1", "24DN-CC00001");
  WaitFor(asked.filing_id(), Filing::DELIVERY_UNCERTAIN);
  const Filing filed = File("motion-2");
  gateway_.Stop();
  gateway_.settings().case_system_port = 0;
  {
    JournalOptions options;
    options.directory = (gateway_.directory() / "data" / "journal-0001").string();
    const auto ledger = OpenLedger(LedgerOptions(options), JournalPaths(options.directory).ledger);
    ASSERT_TRUE(ledger) << ledger.error().message;
    for (const Filing& each : {asked, filed}) {
      const std::string key = keys::Entry(each.journal_sequence());
      ASSERT_TRUE((*ledger)->Put(rocksdb::WriteOptions(), key, "rot").ok());
    }
  }
  gateway_.Start();
  // The filer is told, and no more than before.
  EXPECT_EQ(Anna().Get(filed.filing_id()).status.error_code(), grpc::StatusCode::DATA_LOSS);
  const auto act = [&](const CertificateFiles& who, const std::vector<std::string>& words) {
    const CommandResult said = As(who, words);
    EXPECT_EQ(said.exit_code, 0) << said.output;
    return boost::json::parse(said.output);
  };
  const std::string id = filed.filing_id();
  EXPECT_EQ(act(jane_, {"hold", id, "--reason", "its record is damaged"}).at("held"), true);
  EXPECT_EQ(act(jane_, {"release", id, "--reason", "looked at"}).at("held"), false);
  EXPECT_EQ(Reason(As(jane_, {"hold", id, "--reason", std::string("see ") + kCaseNumber + "."})),
            "CASE_NUMBER_IN_REASON");
  EXPECT_EQ(
      act(jane_, {"resolve", asked.filing_id(), "--not-delivered", "--reason", "the clerk looked"})
          .at("pending"),
      true);
  const std::vector<std::string> end = {"terminate", id,         "--authority",
                                        "the order", "--reason", "filed on paper"};
  EXPECT_EQ(act(jane_, end).at("terminated"), false);
  EXPECT_EQ(act(john_, end).at("terminated"), true);
}

TEST_F(WaitingFilingsProcessTest, TheWordOfAnOperatorWhoMayNotActAnyMoreDoesNotStand) {
  gateway_.Start();
  const Filing filed = File("motion-1");
  const std::vector<std::string> words = {"terminate", filed.filing_id(), "--authority",
                                          "order",     "--reason",        "the court is closed"};
  ASSERT_EQ(As(jane_, words).exit_code, 0);
  gateway_.WriteDenyList("systems = [\"jane.roe\"]\n");
  const auto deadline = SteadyNow() + seconds(30);
  while (As(jane_, {"status"}).exit_code == 0 && SteadyNow() < deadline) {
  }
  const CommandResult said = As(john_, words);
  ASSERT_EQ(said.exit_code, 0) << said.output;
  EXPECT_EQ(boost::json::parse(said.output).at("terminated"), false) << "john is the first now";
}

}  // namespace
}  // namespace nightbox
