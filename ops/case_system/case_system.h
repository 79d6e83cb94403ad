// CaseSystem: a court system's case system without its network: ledger, documents, behaviour, and
// the clerk who reviews what is due.
//
// Blocking work (disk, SQLite) runs on its few workers; Post hands it over. Thread-safe; its own
// mutexes are held for look-ups only.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "ops/case_system/behaviour.h"
#include "ops/case_system/documents.h"
#include "ops/case_system/ledger.h"

namespace nightbox {

struct CaseSystemOptions {
  std::filesystem::path data_directory;
  NumberingOptions numbering;
  std::string consistency_group = "case-system";
  // Control commands carried out before anything is served.
  std::vector<std::string> commands;
};

class CaseSystem {
 public:
  // Opens DIR and locks it; `courts` and `clock` must outlive the case system.
  static Result<std::unique_ptr<CaseSystem>> Open(CaseSystemOptions options,
                                                  const CourtDirectory& courts, const Clock& clock);
  ~CaseSystem();  // Stop() must have been called, or nobody may be calling.

  // ---- Deliveries ----

  // While the token lives, the key's outcome is open: GetFilingRecord must not say "not found".
  class UnderWay {
   public:
    UnderWay(CaseSystem& system, const Digest& key);
    ~UnderWay();
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;

   private:
    CaseSystem& system_;
    const Digest key_;
  };

  // kUnavailable when the court is away.
  Result<bool> CheckReachable(const CourtId& court) const;
  // Keeps the documents, records the filing, lets the court treat it, tells the watchers. On disk
  // when it answers. May end the process when told so.
  Result<Recorded> Record(const Delivery& delivery,
                          const std::vector<std::unique_ptr<IncomingDocument>>& documents);
  // The record, kNotFound, or kUnavailable while a delivery is under way or the court is away.
  Result<CourtRecord> Find(const Digest& delivery_key);
  Result<CourtRecord> RequestWithdrawal(const Digest& delivery_key, std::string_view reason);

  // ---- The clerk and the operator ----

  // A clerk's review of a filing that waits for it: docketed, or returned when there is a reason.
  Result<CourtRecord> Review(const Digest& delivery_key, std::string_view return_reason);
  // Carries out one control command (ops/case_system/control.h) and answers one line of JSON.
  std::string Command(std::string_view line);
  void RequestStop();

  // ---- Parts ----
  Behaviour& behaviour() { return behaviour_; }
  Ledger& ledger() { return *ledger_; }
  DocumentStore& documents() { return *documents_; }
  const CourtDirectory& courts() const { return courts_; }
  const std::string& consistency_group() const { return options_.consistency_group; }
  boost::asio::thread_pool& workers() { return workers_; }

  void Post(std::function<void()> work);
  // Called after every change of a record, from any thread; must not block. Set before serving.
  void OnChange(std::function<void()> told) { on_change_ = std::move(told); }
  // Called when an operator says "stop". Set before serving.
  void OnStopCommand(std::function<void()> told) { on_stop_ = std::move(told); }

  // Reviews what became due while nobody was here, and from then on what becomes due. Once, after
  // the two functions above are set.
  void StartClerk();

  // Ends the clerk's timer and the workers; waits for work in progress. Repeatable.
  void Stop();

 private:
  CaseSystem(CaseSystemOptions options, const CourtDirectory& courts, const Clock& clock);

  Result<bool> OpenParts();
  void Changed();
  // The clerk: dockets what is due, then waits for the next.
  void ReviewWhatIsDue();
  void ArmReviewTimer();

  const CaseSystemOptions options_;
  const CourtDirectory& courts_;
  const Clock& clock_;
  Behaviour behaviour_;
  int lock_file_ = -1;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<DocumentStore> documents_;
  std::function<void()> on_change_ = [] {};
  std::function<void()> on_stop_ = [] {};

  std::mutex mutex_;  // Guards under_way_, review_timer_ and stopping_.
  std::multiset<Digest> under_way_;
  bool stopping_ = false;
  boost::asio::thread_pool workers_{4};
  boost::asio::steady_timer review_timer_{workers_};
};

}  // namespace nightbox
