// A journal on a simulated disk, clock and source of chance, with a real signer: what store tests
// stand on.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/random.h"
#include "core/sha256.h"
#include "evidence/cms.h"
#include "store/journal.h"
#include "store/sim_disk.h"
#include "tests/store/support/rocksdb_on_disk.h"
#include "tests/support/test_pki.h"

namespace nightbox {

// Monday 1 July 2024, 23:41:07 in Missouri.
inline constexpr WallTime kJuly = WallTime(Microseconds(1'719'895'267'000'000));

class JournalFixture {
 public:
  explicit JournalFixture(std::uint64_t seed = 1)
      : clock_(kJuly), random_(seed), env_(RocksDbEnvOn(disk_)) {
    options_.directory = "/journal";
    options_.gateway = "A7";
    options_.origin = "nightbox.example/A7";
    options_.env = env_.get();
    options_.deterministic = true;
  }

  SimDisk& disk() { return disk_; }
  SimClock& clock() { return clock_; }
  Random& random() { return random_; }
  const JournalOptions& options() const { return options_; }
  rocksdb::Env& env() { return *env_; }

  static const CmsSigner& Signer() {
    static TestPki pki;
    static const CmsSigner signer =
        CmsSigner::Load(pki.receipt_signer().certificate, pki.receipt_signer().key).value();
    return signer;
  }

  Result<void> Init() { return Journal::Init(options_, disk_, clock_, random_); }
  Result<std::unique_ptr<Journal>> Open() {
    return Journal::Open(options_, disk_, clock_, random_, Signer());
  }
  // Makes and opens; fails the test when it cannot.
  std::unique_ptr<Journal> Fresh() {
    const auto made = Init();
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    auto journal = Open();
    EXPECT_TRUE(journal) << (journal ? "" : journal.error().message);
    return journal ? std::move(*journal) : nullptr;
  }

 private:
  SimDisk disk_;
  SimClock clock_;
  SeededRandom random_;
  std::unique_ptr<rocksdb::Env> env_;
  JournalOptions options_;
};

inline std::string RequestIdOf(int number) {
  return "request-0000-" + std::to_string(100000 + number);
}

// The document of filing `number`.
inline std::string TextOf(int number) { return "%PDF-1.7 pleading " + std::to_string(number); }

// A filing of one inline document, distinct by `number`, in an existing case unless told otherwise.
inline ReceiveFiling FilingDraft(int number, CaseReference in_case = ExistingCase{"24DN-CC00001"},
                                 std::string_view court = "mo.cir.42.dent") {
  const std::string text = TextOf(number);
  ReceiveFiling draft;
  draft.system = SystemName("acme");
  draft.user = UserId("user-1");
  draft.request_id = RequestId(RequestIdOf(number));
  draft.header.court = CourtId(std::string(court));
  draft.header.case_reference = std::move(in_case);
  draft.header.documents = {{"Motion", DocumentRole::kLead, "motion.pdf", "application/pdf",
                             static_cast<std::int64_t>(text.size()), Sha256(text),
                             Confidentiality::kUnspecified}};
  draft.received_at = kJuly;
  draft.policy.court_name = "Circuit Court of Dent County";
  StoredDocument stored;
  stored.sha256 = Sha256(text);
  stored.size_bytes = static_cast<std::int64_t>(text.size());
  stored.extents = {
      {1, 4096 * static_cast<std::uint64_t>(number), static_cast<std::uint32_t>(text.size()), 7}};
  draft.inline_documents = {stored};
  return draft;
}

inline NewCase ANewCase() {
  return {"CC", "Breach of contract", "Doe v. Roe", {{"Doe", "Plaintiff"}}};
}

// Commits one draft, which the journal must not fail; its outcome may be an error.
inline Result<Outcome> CommitOne(Journal& journal, Draft draft) {
  const Draft drafts[] = {std::move(draft)};
  auto committed = journal.Commit(drafts);
  if (!committed) return committed.error();
  return committed->outcomes.at(0);
}

// What a court answers that has docketed the filing.
inline CourtRecord DocketedRecord(const FilingState& filing, std::string number = "24DN-CC00001") {
  CourtRecord record;
  record.delivery_key = filing.delivery_key;
  record.court_filing_id = "court-" + filing.filing_id.str();
  record.state = CourtRecordState::kDocketed;
  record.case_numbers = {{std::move(number), "", false}};
  record.filed_at = filing.received_at;
  record.docketed_at = filing.received_at;
  record.raw_status = "DOCKETED";
  record.gateway = "A7";
  return record;
}

}  // namespace nightbox
