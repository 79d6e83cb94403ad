// Goal: what was receipted is kept, proven, and docketed exactly once and in order, however often
// the gateway dies. Method: clients file without pause, for several courts and cases, inline and
// streamed, opening cases and following them, while the real gateway is killed with SIGKILL at
// random; the real case system takes what is delivered meanwhile. Then the receipts, the journal
// and the case system's own database are compared. NIGHTBOX_SEED chooses another run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "core/clock.h"
#include "core/fingerprint.h"
#include "core/patience.h"
#include "core/random.h"
#include "core/sha256.h"
#include "evidence/verify.h"
#include "tests/process/case_system_process.h"
#include "tests/process/gateway_process.h"
#include "tests/process/intake_caller.h"

namespace nightbox {
namespace {

namespace pb = intake::v1;
using grpc::StatusCode;

constexpr int kKills = 20;
constexpr int kKillsWithCallsInFlight = 15;
constexpr std::size_t kClients = 8;
constexpr auto kPatience = std::chrono::seconds(60);
constexpr const char* kCourts[] = {kDent, kJackson, kStLouis, "mo.app.ed"};

// A filing that has its receipt.
struct Acknowledged {
  pb::CreateFilingRequest request;
  std::string user;
  pb::Filing filing;
};

// What the main thread and the clients share.
class Arena {
 public:
  // The gateway answers at this port from now on; 0: it is dead.
  void SetPort(int port) {
    const std::lock_guard lock(mutex_);
    port_ = port;
    changed_.notify_all();
  }
  // Another port than `used`, once there is one; 0: not in time.
  int WaitForPort(int used) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPatience, [&] { return port_ != 0 && port_ != used; });
    return port_ == used ? 0 : port_;
  }
  void Add(Acknowledged acknowledged) {
    const std::lock_guard lock(mutex_);
    acknowledged_.push_back(std::move(acknowledged));
    changed_.notify_all();
  }
  // Until so many more have their receipt, and a moment beyond. False: not in time.
  bool WaitForMore(std::size_t more, std::chrono::microseconds beyond) {
    std::unique_lock lock(mutex_);
    const std::size_t goal = acknowledged_.size() + more;
    if (!changed_.wait_for(lock, kPatience, [&] { return acknowledged_.size() >= goal; }))
      return false;
    // The kill shall not always come just after a commit.
    const auto until = SteadyNow() + beyond;
    changed_.wait_until(lock, until, [&] { return SteadyNow() >= until; });
    return true;
  }
  std::vector<Acknowledged> Take() {
    const std::lock_guard lock(mutex_);
    return std::move(acknowledged_);
  }

  std::atomic<int> in_flight = 0;
  std::atomic<bool> stop = false;

 private:
  std::mutex mutex_;  // Guards both below.
  std::condition_variable changed_;
  int port_ = 0;
  std::vector<Acknowledged> acknowledged_;
};

// One client: files one filing after the other, each until it is received.
class Client {
 public:
  Client(Arena& arena, const TestPki& pki, const CertificateFiles& system, std::size_t number)
      : arena_(arena),
        pki_(pki),
        system_(system),
        number_(number),
        user_("user-" + std::to_string(number)) {}

  void Run() {
    for (int i = 0; !arena_.stop && !failed_; ++i) {
      std::string document = SmallPdf(user_ + " " + std::to_string(i));
      // Too large to ride along.
      const bool streamed = i % 16 == 5;
      if (streamed) document.resize(5'000'000, ' ');
      pb::CreateFilingRequest request = Compose(i, document, streamed);
      const auto filing = FileUntilReceived(request, document, streamed);
      if (!filing) return;
      if (request.header().has_new_case()) opener_ = filing->filing_id();
      arena_.Add({std::move(request), user_, *filing});
    }
  }

  // Why it gave up. Empty: it did not.
  const std::string& failure() const { return failure_; }

 private:
  // Mostly cases that several clients file in at once; now and then a new one, and filings that
  // follow it before it has a number.
  pb::CreateFilingRequest Compose(int i, const std::string& document, bool streamed) const {
    const auto id = RequestIdFor(user_ + "-" + std::to_string(i));
    const std::string number = "24TT-CC0000" + std::to_string(i / 4 % 3);
    auto request = streamed ? FilingWithout(id, kCourts[(number_ + i) % 4], number, {document})
                            : FilingWith(id, kCourts[(number_ + i) % 4], number, {document});
    auto& header = *request.mutable_header();
    if (i % 8 == 2) {
      auto& opened = *header.mutable_new_case();
      opened.set_category("CC");
      opened.set_case_type("Breach of contract");
      opened.set_title("Doe v. Roe");
      header.set_court_id(kStLouis);
    } else if (!opener_.empty() && (i % 8 == 3 || i % 8 == 4)) {
      header.set_opened_by_filing_id(opener_);
      header.set_court_id(kStLouis);
    }
    return request;
  }

  std::optional<pb::Filing> FileUntilReceived(const pb::CreateFilingRequest& request,
                                              const std::string& document, bool streamed) {
    const auto deadline = SteadyNow() + 2 * kPatience;
    while (SteadyNow() < deadline) {
      if (!caller_ && !Reconnect()) return Fail("the gateway did not come back");
      ++arena_.in_flight;
      const auto answer = Try(request, document, streamed);
      --arena_.in_flight;
      if (answer.ok()) return answer.response;
      if (answer.code() == StatusCode::UNAVAILABLE) {
        caller_.reset();
      } else if (answer.Trailer("retry") != "yes") {
        return Fail(answer.reason() + ": " + answer.status.error_message());
      }
    }
    return Fail("not received in time");
  }

  Answer<pb::Filing> Try(const pb::CreateFilingRequest& request, const std::string& document,
                         bool streamed) {
    if (streamed) {
      const auto asked = caller_->FindMissing(request);
      if (!asked.ok()) return {asked.status, {}, asked.trailers};
      if (asked.response.has_filing()) return {asked.status, asked.response.filing(), {}};
      for (const auto& missing : asked.response.missing()) {
        const auto written = caller_->Upload(document, missing.committed_size_bytes());
        if (!written.ok()) return {written.status, {}, written.trailers};
      }
    }
    return caller_->Create(request);
  }

  bool Reconnect() {
    port_ = arena_.WaitForPort(port_);
    if (port_ == 0) return false;
    caller_ = std::make_unique<IntakeCaller>(pki_, system_, port_, user_);
    return true;
  }

  std::nullopt_t Fail(const std::string& why) {
    failed_ = true;
    failure_ = user_ + ": " + why;
    return std::nullopt;
  }

  Arena& arena_;
  const TestPki& pki_;
  const CertificateFiles& system_;
  const std::size_t number_;
  const std::string user_;
  std::unique_ptr<IntakeCaller> caller_;
  int port_ = 0;
  std::string opener_;
  bool failed_ = false;
  std::string failure_;
};

struct DocketRow {
  std::string delivery_key;
  std::string court;
  std::string case_number;
};

// In the order in which the court docketed.
std::vector<DocketRow> ReadDocket(const std::filesystem::path& database) {
  sqlite3* connection = nullptr;
  EXPECT_EQ(sqlite3_open_v2(database.c_str(), &connection, SQLITE_OPEN_READONLY, nullptr),
            SQLITE_OK);
  std::vector<DocketRow> rows;
  const auto take = [](void* into, int, char** values, char**) {
    static_cast<std::vector<DocketRow>*>(into)->push_back({values[0], values[1], values[2]});
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(connection,
                         "SELECT lower(hex(delivery_key)), court_id, case_number FROM docket "
                         "ORDER BY id",
                         take, &rows, nullptr),
            SQLITE_OK)
      << sqlite3_errmsg(connection);
  sqlite3_close(connection);
  return rows;
}

using CaseName = std::pair<std::string, std::string>;
CaseName CaseOf(const DocketRow& row) { return {row.court, row.case_number}; }

// What is wrong with a docket, given the journal's sequence of every receipt by delivery key.
std::vector<std::string> Compare(const std::map<std::string, std::uint64_t>& receipted,
                                 const std::vector<DocketRow>& docket) {
  std::vector<std::string> wrong;
  std::set<std::string> seen;
  std::map<CaseName, std::uint64_t> last;
  for (const DocketRow& row : docket) {
    const auto receipt = receipted.find(row.delivery_key);
    if (receipt == receipted.end()) {
      wrong.push_back("docketed without a receipt: " + row.delivery_key);
      continue;
    }
    if (!seen.insert(row.delivery_key).second) wrong.push_back("twice: " + row.delivery_key);
    const auto [before, first] = last.emplace(CaseOf(row), receipt->second);
    if (!first && before->second > receipt->second)
      wrong.push_back("out of order: " + row.delivery_key);
    before->second = receipt->second;
  }
  for (const auto& [key, sequence] : receipted) {
    if (!seen.contains(key)) wrong.push_back("lost: " + key);
  }
  return wrong;
}

// The control: a check that cannot fail is not a check.
TEST(DocketCheckTest, SeesWhatIsLostDoubledOutOfOrderOrNobodys) {
  const std::map<std::string, std::uint64_t> receipted = {{"a", 0}, {"b", 1}, {"c", 2}};
  const DocketRow a{"a", kDent, "1"};
  const DocketRow b{"b", kDent, "1"};
  const DocketRow c{"c", kDent, "2"};
  const DocketRow strange{"d", kDent, "2"};
  EXPECT_THAT(Compare(receipted, {a, b, c}), testing::IsEmpty());
  EXPECT_THAT(Compare(receipted, {c, a, b}), testing::IsEmpty()) << "of two cases";
  EXPECT_THAT(Compare(receipted, {a, c}), testing::ElementsAre("lost: b"));
  EXPECT_THAT(Compare(receipted, {a, b, b, c}), testing::ElementsAre("twice: b"));
  EXPECT_THAT(Compare(receipted, {b, a, c}), testing::ElementsAre("out of order: a"));
  EXPECT_THAT(Compare(receipted, {a, b, c, strange}),
              testing::ElementsAre("docketed without a receipt: d"));
}

std::uint64_t SeedOf() {
  const char* chosen = std::getenv("NIGHTBOX_SEED");
  return chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : 20'240'701;
}

class TortureTest : public testing::Test {
 protected:
  TortureTest() : court_(gateway_.pki()), system_(gateway_.pki().IssueClient("system", "acme")) {
    gateway_.settings().case_system_port = court_.port();
  }

  // Clients file, the gateway dies and comes back, until it has died often enough.
  void FileWhileKilling(std::uint64_t seed) {
    SeededRandom random(seed);
    gateway_.Start();
    arena_.SetPort(gateway_.port());
    std::vector<std::unique_ptr<Client>> clients;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kClients; ++i) {
      clients.push_back(std::make_unique<Client>(arena_, gateway_.pki(), system_, i));
      threads.emplace_back([client = clients.back().get()] { client->Run(); });
    }
    for (int i = 0; i < kKills; ++i) {
      const bool going =
          arena_.WaitForMore(1 + random.Below(40), std::chrono::microseconds(random.Below(20'000)));
      EXPECT_TRUE(going) << "nobody got a receipt before kill " << i;
      if (!going) break;
      const int in_flight = arena_.in_flight;
      arena_.SetPort(0);
      gateway_.Kill();
      if (in_flight > 0) ++kills_with_calls_;
      calls_killed_ += in_flight;
      gateway_.Start();
      arena_.SetPort(gateway_.port());
    }
    arena_.stop = true;
    for (std::thread& thread : threads) thread.join();
    for (const auto& client : clients) EXPECT_EQ(client->failure(), "");
    acknowledged_ = arena_.Take();
  }

  void ExpectEveryReceiptVerifies() {
    const SystemClock clock;
    Trust trust;
    trust.roots_pem = ReadWholeFile(gateway_.pki().receipt_root());
    for (const Acknowledged& each : acknowledged_) {
      ReceiptFiles files;
      files.receipt_json = each.filing.receipt().receipt_json();
      files.signature = each.filing.receipt().receipt_p7s();
      std::vector<HeldDocument> documents;
      for (const auto& document : each.request.header().documents()) {
        documents.push_back({document.file_name(), *Digest::FromBytes(document.sha256())});
      }
      const auto verified = VerifyReceiptFiles(files, documents, trust, clock.Now());
      ASSERT_EQ(verified.verdict, Verdict::kVerified) << verified.reason;
      EXPECT_EQ(verified.facts->filing_id.str(), each.filing.filing_id());
    }
  }

  void ExpectEveryRepeatGetsTheSameBytes() {
    std::map<std::string, std::unique_ptr<IntakeCaller>> callers;
    for (const Acknowledged& each : acknowledged_) {
      auto& caller = callers[each.user];
      if (!caller) {
        caller =
            std::make_unique<IntakeCaller>(gateway_.pki(), system_, gateway_.port(), each.user);
      }
      const auto again = caller->Create(each.request);
      ASSERT_TRUE(again.ok()) << again.status.error_message();
      ASSERT_EQ(again.response.receipt().SerializeAsString(),
                each.filing.receipt().SerializeAsString());
      EXPECT_EQ(again.response.journal_sequence(), each.filing.journal_sequence());
    }
  }

  // A watch ends when its filing is settled.
  void WaitUntilAllAreSettled() {
    for (const Acknowledged& each : acknowledged_) {
      const IntakeCaller caller(gateway_.pki(), system_, gateway_.port(), each.user);
      const auto watched = caller.Watch(each.filing.filing_id());
      ASSERT_TRUE(watched.ok())
          << watched.status.error_message() << ": filing " << each.filing.journal_sequence() << " "
          << (watched.response.empty() ? "" : watched.response.back().ShortDebugString()) << "\n"
          << gateway_.Log();
      EXPECT_EQ(watched.response.back().review(), pb::Filing::REVIEW_DOCKETED);
    }
  }

  void ExpectTheDocketHasAllOnceAndInOrder() {
    std::map<std::string, std::uint64_t> receipted;
    for (const Acknowledged& each : acknowledged_) {
      const Digest key = DeliveryKey(SystemName("acme"), RequestId(each.request.request_id()));
      EXPECT_TRUE(receipted.emplace(key.Hex(), each.filing.journal_sequence()).second);
    }
    const auto docket = ReadDocket(court_.database());
    EXPECT_THAT(Compare(receipted, docket), testing::IsEmpty());
    std::map<CaseName, int> filings;
    for (const DocketRow& row : docket) ++filings[CaseOf(row)];
    EXPECT_TRUE(std::ranges::any_of(filings, [](const auto& each) { return each.second > 10; }))
        << "too few filings in any case to say anything about order";
  }

  GatewayProcess gateway_;
  CaseSystemProcess court_;
  const CertificateFiles system_;
  Arena arena_;
  std::vector<Acknowledged> acknowledged_;
  int kills_with_calls_ = 0;
  int calls_killed_ = 0;
};

TEST_F(TortureTest, WhatWasReceiptedIsDocketedOnceAndInOrder) {
  const std::uint64_t seed = SeedOf();
  std::cout << "seed " << seed << "\n";
  FileWhileKilling(seed);
  std::cout << acknowledged_.size() << " receipts; " << kills_with_calls_ << " of " << kKills
            << " kills with calls in flight, " << calls_killed_ << " calls\n";
  ASSERT_FALSE(HasFailure());
  EXPECT_GE(kills_with_calls_, kKillsWithCallsInFlight);
  ExpectEveryReceiptVerifies();
  ExpectEveryRepeatGetsTheSameBytes();
  ASSERT_NO_FATAL_FAILURE(WaitUntilAllAreSettled());
  gateway_.Stop();
  EXPECT_GE(gateway_.VerifyJournal(), acknowledged_.size());
  court_.Stop();
  ExpectTheDocketHasAllOnceAndInOrder();
}

}  // namespace
}  // namespace nightbox
