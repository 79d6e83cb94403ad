// Goal: that a court's case system was away, from when to when as far as was seen, and that nobody
// looked while the gateway was dead, is in the ledger and on the status page; and whose state it is
// where courts share one. Method: the real gateway and one or two reference case systems, each
// stopped or killed in turn; the ledger read from disk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "core/clock.h"
#include "core/patience.h"
#include "rules/court_day.h"
#include "tests/process/case_system_process.h"
#include "tests/process/gateway_process.h"
#include "tests/process/ledger_reader.h"

namespace nightbox {
namespace {

using journal::v1::AvailabilityChanged;

class AvailabilityProcessTest : public testing::Test {
 protected:
  AvailabilityProcessTest()
      : court_(gateway_.pki()), operator_(gateway_.pki().IssueClient("operator", "jane.roe")) {
    gateway_.settings().case_system_port = court_.port();
  }

  // Until every court is shown so; answers since when the first one has been.
  std::string WaitUntilAll(const std::string& delivering) {
    const auto deadline = SteadyNow() + std::chrono::seconds(30);
    std::string page;
    while (SteadyNow() < deadline) {
      page = gateway_.Get("/status.json").body;
      const auto parsed = boost::json::parse(page);
      const auto& courts = parsed.at("courts").as_array();
      const bool all = std::ranges::all_of(courts, [&](const boost::json::value& court) {
        return court.at("delivering").as_string() == delivering.c_str();
      });
      if (all && !courts.empty()) return std::string(courts[0].at("since").as_string());
    }
    ADD_FAILURE() << "not all are " << delivering << ": " << page.substr(0, 500);
    return {};
  }

  std::vector<AvailabilityChanged> Changes() {
    std::vector<AvailabilityChanged> changes;
    for (const auto& entry : ReadLedger(gateway_.directory() / "data")) {
      if (entry.has_availability_changed()) changes.push_back(entry.availability_changed());
    }
    return changes;
  }

  // Whether a rule that is asked of the journal is shown one outage of the court, with its end; as
  // soon as the entries of it are promised.
  bool IsToldOfOneOutage(const std::string& court) {
    const auto today = DayIn(SystemClock().Now(), "America/Chicago");
    const auto deadline = SteadyNow() + std::chrono::seconds(30);
    while (SteadyNow() < deadline) {
      const auto asked = gateway_.Ctl({"journal", "unavailability", "--data-dir",
                                       (gateway_.directory() / "data").string(), "--court", court,
                                       "--due", FormatDay(today.value())});
      EXPECT_EQ(asked.exit_code, 0) << asked.output;
      if (asked.exit_code != 0) return false;
      const auto said = boost::json::parse(asked.output);
      const auto& outages = said.at("observations").at("unavailable").as_array();
      if (outages.size() == 1 && outages[0].at("first_good_utc").is_string()) {
        return outages[0].at("at_least_us").as_int64() < outages[0].at("at_most_us").as_int64();
      }
    }
    return false;
  }

  GatewayProcess gateway_;
  CaseSystemProcess court_;
  const CertificateFiles operator_;
};

TEST_F(AvailabilityProcessTest, AnOutageAndAGapAreInTheLedgerWithTheirBounds) {
  gateway_.Start();
  const std::string first = WaitUntilAll("yes");
  court_.Stop();
  const std::string away_since = WaitUntilAll("delayed");
  EXPECT_GT(away_since, first);
  const auto status =
      gateway_.Ctl({"status", "--server", "127.0.0.1:" + std::to_string(gateway_.port()),
                    "--tls-name", "localhost", "--certificate", operator_.certificate.string(),
                    "--key", operator_.key.string(), "--ca", gateway_.pki().tls_root().string()});
  EXPECT_EQ(status.exit_code, 0) << status.output;
  EXPECT_THAT(status.output, testing::HasSubstr("\"case_system\":\"unavailable\",\"since\":\"" +
                                                away_since + "\""));
  court_.Start();
  EXPECT_GT(WaitUntilAll("yes"), away_since);
  // Three entries are promised: what is shown is a moment ahead of them.
  const auto deadline = SteadyNow() + std::chrono::seconds(30);
  while (gateway_.Get("/metrics").body.find("nightbox_journal_published_sequence 3\n") ==
             std::string::npos &&
         SteadyNow() < deadline) {
  }
  gateway_.Kill();
  const std::size_t before = Changes().size();
  gateway_.Start();
  WaitUntilAll("yes");
  gateway_.Stop();
  gateway_.VerifyJournal();

  const auto changes = Changes();
  EXPECT_EQ(before, 3U);
  std::vector<std::string> said;
  for (const AvailabilityChanged& change : changes) {
    EXPECT_EQ(change.court_id(), "") << "all change together here";
    EXPECT_EQ(change.service(), "delivery");
    EXPECT_LE(change.last_of_old_state_at_us(), change.first_of_new_state_at_us());
    said.push_back(change.state() + " " + change.cause());
  }
  EXPECT_THAT(said, testing::ElementsAre("available answered", "unavailable endpoint-not-reached",
                                         "available answered", "unknown gateway-restarted",
                                         "available answered", "unknown gateway-stopped"));
  ASSERT_EQ(changes.size(), 6U);
  // The outage began after the case system was last seen, and both bounds are told.
  EXPECT_LT(changes[1].last_of_old_state_at_us(), changes[1].first_of_new_state_at_us());
  EXPECT_LT(changes[2].last_of_old_state_at_us(), changes[2].first_of_new_state_at_us());
  EXPECT_GE(changes[2].last_of_old_state_at_us(), changes[1].first_of_new_state_at_us());
  // The gap begins with the last sign of life.
  const auto entries = ReadLedger(gateway_.directory() / "data");
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i].availability_changed().cause() != "gateway-restarted") continue;
    EXPECT_EQ(entries[i].availability_changed().last_of_old_state_at_us(),
              entries[i - 1].committed_at_us());
  }
}

TEST_F(AvailabilityProcessTest, ACourtThatIsAwayAloneIsNamed) {
  gateway_.Start();
  WaitUntilAll("yes");
  court_.Control("away mo.cir.42.dent");
  const auto dent_is = [this](const std::string& delivering) {
    const auto deadline = SteadyNow() + std::chrono::seconds(30);
    while (SteadyNow() < deadline) {
      const auto page = boost::json::parse(gateway_.Get("/status.json").body);
      for (const auto& court : page.at("courts").as_array()) {
        if (court.at("court_id").as_string() == "mo.cir.42.dent" &&
            court.at("delivering").as_string() == delivering.c_str()) {
          return true;
        }
      }
    }
    return false;
  };
  EXPECT_TRUE(dent_is("delayed"));
  court_.Control("back mo.cir.42.dent");
  EXPECT_TRUE(dent_is("yes"));
  EXPECT_TRUE(IsToldOfOneOutage("mo.cir.42.dent")) << "beside the gateway that serves";
  gateway_.Stop();
  std::vector<std::string> of_dent;
  for (const AvailabilityChanged& change : Changes()) {
    if (change.court_id() == "mo.cir.42.dent") {
      of_dent.push_back(change.state() + " " + change.cause());
    }
  }
  EXPECT_THAT(of_dent, testing::ElementsAre("unavailable court-says-away", "available answered"));
}

// The state's case system and Kansas City's, which is its own.
class TwoCaseSystemsTest : public AvailabilityProcessTest {
 protected:
  TwoCaseSystemsTest() : city_(gateway_.pki(), "city") {
    const CertificateFiles own = gateway_.pki().IssueClient("gateway", "A7");
    gateway_.settings().more =
        "[[case_system]]\nname = \"city\"\nconsistency_group = \"city\"\nendpoints = "
        "[\"127.0.0.1:" +
        std::to_string(city_.port()) + "\"]\nca = \"" + gateway_.pki().tls_root().string() +
        "\"\nserver_name = \"localhost\"\ncertificate = \"" + own.certificate.string() +
        "\"\nkey = \"" + own.key.string() + "\"\ncourts = [\"" + kCity + "\"]\n";
  }

  // "jackson:yes city:yes greene:yes springfield:yes 16:up 31:up", as status.json has it; with "*"
  // where a state is that of Greene County's court.
  std::string Shown() {
    const auto page = boost::json::parse(gateway_.Get("/status.json").body);
    const auto find = [&](const char* list, const char* key, const std::string& id) {
      for (const auto& each : page.at(list).as_array()) {
        if (each.at(key).as_string() == id.c_str()) return each;
      }
      throw std::runtime_error("not shown: " + id);
    };
    std::string shown;
    for (const auto& [name, id] : {std::pair{"jackson", "mo.cir.16.jackson"},
                                   {"city", kCity},
                                   {"greene", "mo.cir.31.greene"},
                                   {"springfield", "mo.cir.31.greene.springfield"}}) {
      const auto court = find("courts", "court_id", id);
      const bool own = court.at("state_of").as_string() == id;
      EXPECT_TRUE(own || court.at("state_of").as_string() == "mo.cir.31.greene") << id;
      shown +=
          std::string(name) + ":" + court.at("delivering").as_string().c_str() + (own ? " " : "* ");
    }
    shown += std::string("16:") +
             find("circuits", "circuit_id", "mo.cir.16").at("state").as_string().c_str();
    return shown +
           " 31:" + find("circuits", "circuit_id", "mo.cir.31").at("state").as_string().c_str();
  }

  void AwaitShown(const std::string& wanted) {
    const auto deadline = SteadyNow() + std::chrono::seconds(30);
    std::string shown;
    while (shown != wanted && SteadyNow() < deadline) shown = Shown();
    EXPECT_EQ(shown, wanted);
  }

  static constexpr char kCity[] = "mo.cir.16.jackson.kansas-city";
  CaseSystemProcess city_;
};

TEST_F(TwoCaseSystemsTest, ACityWithItsOwnIsAwayAloneAndADivisionWithoutGoesWithItsCircuit) {
  constexpr char kAllUp[] = "jackson:yes city:yes greene:yes springfield:yes* 16:up 31:up";
  gateway_.Start();
  AwaitShown(kAllUp);
  city_.Stop();
  AwaitShown("jackson:yes city:delayed greene:yes springfield:yes* 16:up 31:up");
  EXPECT_THAT(gateway_.Get("/").body, testing::HasSubstr("Delayed</td>"));
  city_.Start();
  AwaitShown(kAllUp);
  court_.Control("away mo.cir.31.greene");
  AwaitShown("jackson:yes city:yes greene:delayed springfield:delayed* 16:up 31:down");
  EXPECT_THAT(gateway_.Get("/").body,
              testing::HasSubstr("Delayed <span class=\"with\">(with Circuit Court of Greene "
                                 "County)</span>"));
  court_.Control("back mo.cir.31.greene");
  court_.Control("away mo.cir.31.greene.springfield");
  AwaitShown("jackson:yes city:yes greene:yes springfield:delayed 16:up 31:up");
  court_.Control("back mo.cir.31.greene.springfield");
  AwaitShown("jackson:yes city:yes greene:yes springfield:yes 16:up 31:up");  // Since its own time.
  // And the other way round: what the state's being away says of the city is nothing.
  court_.Stop();
  AwaitShown("jackson:delayed city:yes greene:delayed springfield:delayed* 16:down 31:down");
  court_.Start();
  AwaitShown(kAllUp);
  EXPECT_TRUE(IsToldOfOneOutage(kCity)) << "its own and not the state's";
  EXPECT_TRUE(IsToldOfOneOutage("mo.cir.16.jackson")) << "the state's and not the city's";
  gateway_.Stop();
  gateway_.VerifyJournal();
}

}  // namespace
}  // namespace nightbox
