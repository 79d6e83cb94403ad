// Goal: a production gateway does not start on what nobody has confirmed unless a named person
// accepted precisely that; the check names every such value; the acceptance stands in the ledger,
// once, before the gateway takes a filing.
// Method: the real gateway, refused and let start; its ledger read from disk after it stopped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <stdexcept>

#include "rules/embedded_data.h"
#include "tests/process/gateway_process.h"
#include "tests/process/intake_caller.h"
#include "tests/process/ledger_reader.h"

namespace nightbox {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr int kWrong = 78;

class CourtSystemProcessTest : public testing::Test {
 protected:
  static GatewaySettings Production() {
    GatewaySettings settings;
    settings.profile = "production";
    return settings;
  }

  // Writes the files as a start would, and waits for the program to refuse them.
  std::string Refusal() {
    EXPECT_THROW(gateway_.Start(), std::runtime_error);
    const CommandResult started = GatewayProcess::RunProgram({"--config", Config()});
    EXPECT_EQ(started.exit_code, kWrong) << started.output;
    return started.output;
  }

  CommandResult Check() const {
    return GatewayProcess::RunProgram({"--config", Config(), "--check"});
  }

  std::string Config() const { return (gateway_.directory() / "gateway.toml").string(); }

  // As Pat Example would write it, reading what the check prints.
  std::string AcceptanceOfWhatTheCheckNames() const {
    const std::string output = Check().output;
    std::smatch digest;
    EXPECT_TRUE(std::regex_search(output, digest, std::regex("values_sha256 = \"[0-9a-f]{64}\"")))
        << output;
    return "[acceptance]\nperson = \"Pat Example\"\noffice = \"Clerk\"\ndate = \"2026-11-22\"\n" +
           digest.str() + "\n";
  }

  std::vector<journal::v1::OperatorActed> Acceptances() const {
    std::vector<journal::v1::OperatorActed> acts;
    for (const auto& entry : ReadLedger(gateway_.directory() / "data")) {
      if (entry.kind() != journal::v1::ENTRY_KIND_OPERATOR_ACTED) continue;
      EXPECT_THAT(entry.statement(), HasSubstr("court_system.unconfirmed_values_accepted"));
      acts.push_back(entry.operator_acted());
    }
    return acts;
  }

  GatewayProcess gateway_{Production()};
};

TEST_F(CourtSystemProcessTest, ProductionStartsOnUnconfirmedValuesOnlyWithAnAcceptanceOfThem) {
  EXPECT_THAT(Refusal(), HasSubstr("nobody has accepted them"));
  EXPECT_THAT(Acceptances(), SizeIs(0));
  const CommandResult named = Check();
  EXPECT_EQ(named.exit_code, kWrong);
  EXPECT_THAT(named.output,
              AllOf(HasSubstr("courts.document_size_max_bytes = 7000000 (recalled)"),
                    HasSubstr("Ask the case system's operator how large a document may be"),
                    HasSubstr("unavailability.csv mo.103.06 motion_days"),
                    HasSubstr("courts.csv: location codes = not known of 79 county courts: "),
                    HasSubstr("municipal_divisions.csv: all divisions = not known of all 115"),
                    HasSubstr("gateway.profile: "), Not(HasSubstr(": good"))));

  gateway_.settings().acceptance = AcceptanceOfWhatTheCheckNames();
  gateway_.Start();
  const CommandResult accepted = Check();
  EXPECT_EQ(accepted.exit_code, 0) << accepted.output;
  EXPECT_THAT(accepted.output, AllOf(HasSubstr("accepted by Pat Example, Clerk, on 2026-11-22"),
                                     HasSubstr(": good")));
  gateway_.Stop();
  gateway_.Start();
  gateway_.Stop();
  const auto once = Acceptances();
  ASSERT_THAT(once, SizeIs(1));
  EXPECT_EQ(once[0].operator_(), "Pat Example, Clerk");
  EXPECT_THAT(once[0].act(), HasSubstr("date=2026-11-22 values_sha256="));
  EXPECT_THAT(once[0].reason(),
              HasSubstr("courts.document_size_max_bytes = 7000000 (recalled; source: "));

  // Another value needs another acceptance.
  const std::string first = gateway_.settings().acceptance;
  gateway_.settings().courts = "documents_max = 5\n";
  EXPECT_THAT(Refusal(), AllOf(HasSubstr("one of them has changed"),
                               HasSubstr("The former program starts on the former acceptance")));
  gateway_.settings().acceptance = AcceptanceOfWhatTheCheckNames();
  gateway_.Start();
  gateway_.Stop();
  EXPECT_THAT(Acceptances(), SizeIs(2));

  // What comes back is in force from another day on.
  gateway_.settings().courts = "";
  gateway_.settings().acceptance = first;
  gateway_.Start();
  gateway_.Stop();
  const auto all = Acceptances();
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[2].act(), once[0].act());
  gateway_.VerifyJournal();
}

TEST_F(CourtSystemProcessTest, ATrialStartsOnThemAndTheCheckNamesThemAllTheSame) {
  gateway_.settings().profile = "trial";
  gateway_.Start();
  const CommandResult checked = Check();
  EXPECT_EQ(checked.exit_code, 0) << checked.output;
  EXPECT_THAT(checked.output, HasSubstr("courts.time_zone = America/Chicago (recalled)"));
  gateway_.Stop();
  EXPECT_THAT(Acceptances(), SizeIs(0));
}

TEST_F(CourtSystemProcessTest, ACourtTakesWhatIsEnabledForItOnly) {
  gateway_.settings().profile = "trial";
  gateway_.settings().courts =
      "filer_classes = [\"attorney\"]\n"
      "[[court]]\nid = \"mo.cir.16.*\"\nfiler_classes = []\n"
      "enabled = { value = true, standing = \"confirmed\", source = \"an order\" }\n"
      "case_types = { value = [\"CC\"], standing = \"confirmed\", source = \"an order\" }\n";
  gateway_.settings().directory =
      "[[system]]\nname = \"acme\"\nacts_for = [\"user-*\"]\n"
      "[[filer_class]]\nname = \"attorney\"\nusers = [\"user-anna\"]\n";
  gateway_.Start();
  const CertificateFiles acme = gateway_.pki().IssueClient("system", "acme");
  const IntakeCaller anna(gateway_.pki(), acme, gateway_.port(), "user-anna");
  const IntakeCaller bert(gateway_.pki(), acme, gateway_.port(), "user-bert");
  const auto motion_to = [](const char* court, const std::string& name) {
    return FilingWith(RequestIdFor(name), court, "24DN-CC00001", {SmallPdf(name)});
  };
  EXPECT_TRUE(anna.Create(motion_to(kDent, "anna")).ok());
  EXPECT_EQ(bert.Create(motion_to(kDent, "bert")).reason(), "FILER_CLASS_NOT_ENABLED");
  EXPECT_TRUE(bert.Create(motion_to(kJackson, "bert-elsewhere")).ok());
  auto opening = motion_to(kJackson, "opening");
  auto& new_case = *opening.mutable_header()->mutable_new_case();
  new_case.set_category("PR");
  new_case.set_case_type("Estate");
  new_case.set_title("Estate of Doe");
  EXPECT_EQ(anna.Create(opening).reason(), "CASE_TYPE_NOT_ENABLED");
  // A case that there is already is the court's to look at: received, with a warning.
  const auto juvenile = anna.Create(
      FilingWith(RequestIdFor("juvenile"), kJackson, "2416-JU00001", {SmallPdf("juvenile")}));
  ASSERT_TRUE(juvenile.ok()) << juvenile.status.error_message();
  EXPECT_THAT(juvenile.response.receipt().receipt_json(), HasSubstr("CASE_CATEGORY_NOT_ENABLED"));

  intake::v1::GetCourtPolicyRequest asked;
  asked.set_court_id(kJackson);
  const auto policy = anna.Call(&IntakeStub::GetCourtPolicy, asked);
  ASSERT_TRUE(policy.ok()) << policy.status.error_message();
  EXPECT_THAT(policy.response.case_types(), testing::ElementsAre("CC"));
  EXPECT_THAT(policy.response.filer_classes(), SizeIs(0));
  EXPECT_THAT(policy.response.unconfirmed(),
              AllOf(testing::Contains("filer_classes"), Not(testing::Contains("case_types"))));
  asked.set_court_id(kDent);
  EXPECT_THAT(anna.Call(&IntakeStub::GetCourtPolicy, asked).response.filer_classes(),
              testing::ElementsAre("attorney"));
  gateway_.Stop();
}

TEST_F(CourtSystemProcessTest, WhomToCallIsToldToFilersAndWhatIsPublicToEverybody) {
  gateway_.settings().profile = "trial";
  gateway_.settings().courts =
      "[records_custodian]\noffice = \"circuit clerk\"\nclause = \"COR 2\"\n"
      "[[duty_contact]]\nrole = \"operator of the case system\"\nphone = \"+1 573 555 0100\"\n"
      "[[duty_contact]]\nrole = \"help desk\"\nemail = \"help@example.org\"\npublic = true\n"
      "courts = [\"mo.cir.42.*\"]\nstanding = \"confirmed\"\nsource = \"a letter\"\n"
      "[fees]\npolicy = \"as at the counter\"\nsource = \"hearsay\"\n"
      "[[court]]\nid = \"mo.cir.16.jackson\"\n"
      "receipt_authority = \"GATEWAY\"\nreceipt_authority_citation = \"ask Bob\"\n"
      "[court.records_custodian]\noffice = \"clerk of Jackson County\"\n";
  gateway_.Start();
  const CertificateFiles acme = gateway_.pki().IssueClient("system", "acme");
  const IntakeCaller anna(gateway_.pki(), acme, gateway_.port(), "user-anna");
  const auto policy_of = [&](const char* court) {
    intake::v1::GetCourtPolicyRequest asked;
    asked.set_court_id(court);
    const auto policy = anna.Call(&IntakeStub::GetCourtPolicy, asked);
    EXPECT_TRUE(policy.ok()) << policy.status.error_message();
    return policy.response;
  };
  const auto dent = policy_of(kDent);
  EXPECT_EQ(dent.records_custodian().office(), "circuit clerk");
  EXPECT_EQ(dent.records_custodian().standing(), "unconfirmed");
  ASSERT_EQ(dent.duty_contacts_size(), 2);
  EXPECT_EQ(dent.duty_contacts(1).email(), "help@example.org");
  EXPECT_EQ(dent.duty_contacts(1).standing(), "confirmed");
  EXPECT_EQ(dent.fee_policy().policy(), "as at the counter");
  EXPECT_EQ(dent.unavailability_rule(), "Rule 103.06");
  EXPECT_THAT(dent.unconfirmed(),
              AllOf(testing::Contains("duty_contact[operator of the case system]"),
                    Not(testing::Contains("duty_contact[help desk]"))));
  EXPECT_EQ(dent.fee_policy().source(), "hearsay");
  const auto jackson = policy_of(kJackson);
  EXPECT_EQ(jackson.duty_contacts_size(), 1);
  EXPECT_EQ(jackson.records_custodian().office(), "clerk of Jackson County");
  EXPECT_EQ(jackson.fee_policy().policy(), "as at the counter");
  EXPECT_EQ(jackson.receipt_authority(), intake::v1::RECEIPT_AUTHORITY_UNDECIDED);
  EXPECT_TRUE(jackson.gateway_time_unconfirmed());
  EXPECT_THAT(jackson.unconfirmed(),
              AllOf(testing::Contains("enabled"), testing::Contains("receipt_authority")));
  EXPECT_THAT(Check().output,
              AllOf(HasSubstr("court[mo.cir.16.jackson].records_custodian = "),
                    HasSubstr("court[mo.cir.16.jackson].receipt_authority = GATEWAY, ask Bob "
                              "(unconfirmed)")));
  const auto filed = anna.Create(
      FilingWith(RequestIdFor("hearsay"), kJackson, "24DN-CC00001", {SmallPdf("hearsay")}));
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  EXPECT_THAT(
      filed.response.receipt().receipt_json(),
      AllOf(HasSubstr("Nobody has confirmed that the court takes this for filing"),
            HasSubstr("If you may need Rule 103.06, do not wait for delivery. Last day"),
            HasSubstr("\"policy\": \"UNDECIDED\""), HasSubstr("\"configured\": \"GATEWAY\"")));

  for (const char* page : {"/", "/status.json"}) {
    EXPECT_THAT(gateway_.Get(page).body,
                AllOf(HasSubstr("help@example.org"), Not(HasSubstr("555 0100"))))
        << page;
  }
  gateway_.Stop();
}

TEST_F(CourtSystemProcessTest, TheRulesOfTheDirectoryAreTheOnesThatDecide) {
  gateway_.settings().profile = "trial";
  gateway_.settings().courts = "[rules]\nunavailability = \"us.nhd.ap.2.10\"\n";
  std::filesystem::create_directories(gateway_.directory() / "court-system");
  std::ofstream(gateway_.directory() / "court-system/separate_files.csv")
      << "rule,part,word,effective_from,clause,source,confirmed\n"
         "children,category,CC,2010-01-01,Rule 7,order,yes\n"
         "children,role,ward,2010-01-01,Rule 7,order,yes\n";
  std::ofstream(gateway_.directory() / "court-system/case_number_years.csv")
      << "form,first_year,last_year,confirmed,clause,remark\n"
         "new_construct,1950,2010,yes,Rule 8,r\n";
  std::ofstream(gateway_.directory() / "court-system/case_number_lengths.csv")
      << "form,part,first_year,shortest,longest,confirmed,clause,source\n"
         "uniform_citation,number,,8,8,yes,Rule 8,r\n";
  gateway_.Start();
  const CertificateFiles acme = gateway_.pki().IssueClient("system", "acme");
  const IntakeCaller anna(gateway_.pki(), acme, gateway_.port(), "user-anna");
  const auto motion =
      anna.Create(FilingWith(RequestIdFor("motion"), kDent, "24DN-CC00001", {SmallPdf("motion")}));
  ASSERT_TRUE(motion.ok()) << motion.status.error_message();
  EXPECT_THAT(motion.response.receipt().receipt_json(),
              AllOf(HasSubstr("If you may need AP 2.10, do not wait for delivery."),
                    HasSubstr("were no longer given in that year"), Not(HasSubstr("103.06"))));
  const auto citation =
      anna.Create(FilingWith(RequestIdFor("citation"), kDent, "70348000", {SmallPdf("citation")}));
  ASSERT_TRUE(citation.ok()) << citation.status.error_message();
  EXPECT_THAT(
      citation.response.receipt().receipt_json(),
      AllOf(HasSubstr("\"canonical\": \"70348000\""), Not(HasSubstr("About the case number"))));
  auto opening = FilingWith(RequestIdFor("opening"), kDent, "24DN-CC00001", {SmallPdf("opening")});
  auto& new_case = *opening.mutable_header()->mutable_new_case();
  new_case.set_category("CC");
  new_case.set_case_type("Guardianship");
  new_case.set_title("In re wards");
  for (const char* name : {"A", "B"}) {
    auto& party = *new_case.add_parties();
    party.set_name(name);
    party.set_role("Ward");
  }
  const auto opened = anna.Create(opening);
  ASSERT_TRUE(opened.ok()) << opened.status.error_message();
  EXPECT_THAT(opened.response.receipt().receipt_json(), HasSubstr("Rule 7 gives each child"));
  gateway_.Stop();
}

// The compiled-in courts with Benton County's court called as when it was of the 30th circuit,
// which it is of or has left.
std::string CourtsWithBentonIn(int circuit) {
  std::string table(EmbeddedRulesData("courts.csv"));
  const auto replace = [&](const std::string& from, const std::string& to) {
    const std::size_t at = table.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    table.replace(at, from.size(), to);
  };
  replace("mo.cir.27.benton,", "mo.cir.30.benton,");
  if (circuit == 27) return table;
  replace("Bates;Benton;Henry;St. Clair", "Bates;Henry;St. Clair");
  replace("30,SD,Dallas;Hickory", "30,SD+WD,Benton;Dallas;Hickory");
  replace("county_court,27,WD,Benton", "county_court,30,WD,Benton");
  return table;
}

TEST_F(CourtSystemProcessTest, ACountyThatMovesToAnotherCircuitKeepsItsCourtAndItsFilings) {
  const char* const benton = "mo.cir.30.benton";
  const auto configure = [&](int circuit, const std::string& membership) {
    std::filesystem::create_directories(gateway_.directory() / "court-system");
    std::ofstream(gateway_.directory() / "court-system/courts.csv") << CourtsWithBentonIn(circuit);
    std::ofstream(gateway_.directory() / "court-system/circuit_membership.csv")
        << "county,circuit,first_day,last_day,confirmed,source\n" + membership;
  };
  gateway_.settings().profile = "trial";
  gateway_.settings().courts =
      "[[court]]\nid = \"mo.cir.30.benton\"\ndocuments_max = 5\n"
      "[[duty_contact]]\nrole = \"clerk of Benton County\"\nphone = \"1\"\n"
      "courts = [\"mo.cir.30.benton\"]\n";
  configure(30, "Benton,30,,,yes,a list\n");
  gateway_.Start();
  const CertificateFiles acme = gateway_.pki().IssueClient("system", "acme");
  const auto before =
      IntakeCaller(gateway_.pki(), acme, gateway_.port(), "user-anna")
          .Create(FilingWith(RequestIdFor("before"), benton, "21BE-CC00001", {SmallPdf("before")}));
  ASSERT_TRUE(before.ok()) << before.status.error_message();
  EXPECT_EQ(before.response.delivery(), intake::v1::Filing::DELIVERY_PENDING);
  gateway_.Stop();

  configure(27, "Benton,30,,2021-12-31,yes,a list\nBenton,27,2022-01-01,,yes,a notice\n");
  gateway_.Start();
  const IntakeCaller anna(gateway_.pki(), acme, gateway_.port(), "user-anna");
  const auto pending = anna.Get(before.response.filing_id());
  ASSERT_TRUE(pending.ok()) << pending.status.error_message();
  EXPECT_EQ(pending.response.court_id(), benton);
  EXPECT_EQ(pending.response.delivery(), intake::v1::Filing::DELIVERY_PENDING);
  EXPECT_EQ(anna.GetReceipt(before.response.filing_id()).response.receipt_json(),
            before.response.receipt().receipt_json());
  const auto follow_up =
      anna.Create(FilingWith(RequestIdFor("after"), benton, "30V0196123", {SmallPdf("after")}));
  ASSERT_TRUE(follow_up.ok()) << follow_up.status.error_message();
  EXPECT_THAT(follow_up.response.receipt().receipt_json(), Not(HasSubstr("of the circuit that")));
  intake::v1::GetCourtPolicyRequest asked;
  asked.set_court_id(benton);
  const auto policy = anna.Call(&IntakeStub::GetCourtPolicy, asked);
  ASSERT_TRUE(policy.ok()) << policy.status.error_message();
  EXPECT_EQ(policy.response.documents_max(), 5);
  EXPECT_EQ(policy.response.duty_contacts_size(), 1);
  gateway_.Stop();
}

TEST_F(CourtSystemProcessTest, WhatTheDirectoryCannotMeanIsRefusedWithItsPlace) {
  const auto refused_with = [&](const std::string& courts) {
    gateway_.settings().courts = courts;
    return Refusal();
  };
  EXPECT_THAT(refused_with("documents_max = 0\n"),
              HasSubstr("court-system/system.toml line 4: courts.documents_max: must be"));
  EXPECT_THAT(refused_with("[[court]]\nid = \"mo.spu\"\n"),
              HasSubstr("[[court]] mo.spu is about no court that there is"));
  gateway_.settings().courts = "";
  std::ofstream(gateway_.directory() / "court-system/holiday.csv") << "\n";
  EXPECT_THAT(Refusal(), HasSubstr("holiday.csv: there is no such file of a court system"));
  std::filesystem::remove(gateway_.directory() / "court-system/holiday.csv");
  std::ofstream(gateway_.directory() / "court-system/closures.csv")
      << "court_id,form,first_day,last_day,kind,reason,confirmed,source\n"
         "mo.cir.07.caly,days,2024-07-01,2024-07-01,order,outage,no,a report\n";
  EXPECT_THAT(Refusal(), HasSubstr("closures.csv line 2: court_id is not"));
}

}  // namespace
}  // namespace nightbox
