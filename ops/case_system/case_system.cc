#include "ops/case_system/case_system.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/asio/post.hpp>

#include "core/log.h"
#include "ops/case_system/control.h"

namespace nightbox {

CaseSystem::CaseSystem(CaseSystemOptions options, const CourtDirectory& courts, const Clock& clock)
    : options_(std::move(options)), courts_(courts), clock_(clock), behaviour_(courts) {}

Result<std::unique_ptr<CaseSystem>> CaseSystem::Open(CaseSystemOptions options,
                                                     const CourtDirectory& courts,
                                                     const Clock& clock) {
  std::unique_ptr<CaseSystem> system(new CaseSystem(std::move(options), courts, clock));
  NB_RETURN_IF_ERROR(system->OpenParts());
  for (const std::string& command : system->options_.commands) {
    NB_RETURN_IF_ERROR(RunControlCommand(*system, command));
  }
  return system;
}

Result<bool> CaseSystem::OpenParts() {
  std::error_code error;
  std::filesystem::create_directories(options_.data_directory, error);
  if (error) {
    return Error{ErrorCode::kFailedPrecondition,
                 "cannot make " + options_.data_directory.string() + ": " + error.message(),
                 "DATA_DIRECTORY"};
  }
  // Two processes over one directory would each think the other's deliveries are nobody's.
  lock_file_ = open((options_.data_directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_file_ < 0 || flock(lock_file_, LOCK_EX | LOCK_NB) != 0) {
    return Error{ErrorCode::kFailedPrecondition,
                 options_.data_directory.string() +
                     " is in use by another case system, or cannot "
                     "be written",
                 "DATA_DIRECTORY"};
  }
  NB_ASSIGN_OR_RETURN(ledger_, Ledger::Open(options_.data_directory, courts_, options_.numbering));
  NB_ASSIGN_OR_RETURN(documents_, DocumentStore::Open(options_.data_directory));
  return true;
}

CaseSystem::~CaseSystem() {
  Stop();
  if (lock_file_ >= 0) close(lock_file_);
}

void CaseSystem::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    review_timer_.cancel();
  }
  workers_.join();
}

void CaseSystem::StartClerk() {
  Post([this] { ReviewWhatIsDue(); });
}

void CaseSystem::Post(std::function<void()> work) { boost::asio::post(workers_, std::move(work)); }

CaseSystem::UnderWay::UnderWay(CaseSystem& system, const Digest& key) : system_(system), key_(key) {
  const std::lock_guard lock(system_.mutex_);
  system_.under_way_.insert(key_);
}

CaseSystem::UnderWay::~UnderWay() {
  const std::lock_guard lock(system_.mutex_);
  system_.under_way_.erase(system_.under_way_.find(key_));
}

Result<bool> CaseSystem::CheckReachable(const CourtId& court) const {
  if (!behaviour_.IsAway(court)) return true;
  return Error{ErrorCode::kUnavailable, "the court " + court.str() + " is away", "COURT_AWAY"};
}

Result<Recorded> CaseSystem::Record(
    const Delivery& delivery, const std::vector<std::unique_ptr<IncomingDocument>>& documents) {
  NB_RETURN_IF_ERROR(CheckReachable(delivery.header.court));
  NB_RETURN_IF_ERROR(documents_->Keep(documents));
  const WallTime now = clock_.Now();
  const Disposition disposition = behaviour_.Take(delivery.header.court, now);
  Result<Recorded> recorded = ledger_->Record(delivery, disposition, now);
  if (!recorded || !recorded->fresh) {
    behaviour_.GiveBack(delivery.header.court, disposition);
    return recorded;
  }
  if (behaviour_.TakeCrashAfterCommit()) {
    kill(getpid(), SIGKILL);
    while (true) pause();
  }
  Log(LogLevel::kInfo, "filing recorded",
      {{"court", delivery.header.court.str()},
       {"filing_id", delivery.filing_id.str()},
       {"gateway", delivery.gateway},
       {"status", recorded->record.raw_status}});
  if (disposition.review_due) ArmReviewTimer();
  Changed();
  return recorded;
}

Result<CourtRecord> CaseSystem::Find(const Digest& delivery_key) {
  bool under_way = false;
  {
    // Asked before the ledger: a delivery that ends between the two questions is then found there.
    const std::lock_guard lock(mutex_);
    under_way = under_way_.contains(delivery_key);
  }
  NB_ASSIGN_OR_RETURN(const auto found, ledger_->Find(delivery_key));
  if (found) {
    NB_RETURN_IF_ERROR(CheckReachable(found->court));
    return found->record;
  }
  if (under_way) {
    return Error{ErrorCode::kUnavailable, "a delivery with this key is under way: ask again",
                 "DELIVERY_UNDER_WAY"};
  }
  return Error{ErrorCode::kNotFound, "no filing has this delivery key", "FILING_UNKNOWN"};
}

Result<CourtRecord> CaseSystem::RequestWithdrawal(const Digest& delivery_key,
                                                  std::string_view reason) {
  NB_RETURN_IF_ERROR(Find(delivery_key));
  auto record = ledger_->RequestWithdrawal(delivery_key, reason, clock_.Now());
  if (record) Changed();
  return record;
}

std::string CaseSystem::Command(std::string_view line) {
  const std::string answer = AnswerControlCommand(*this, line);
  Changed();
  return answer;
}

Result<CourtRecord> CaseSystem::Review(const Digest& delivery_key, std::string_view return_reason) {
  return return_reason.empty() ? ledger_->Docket(delivery_key, clock_.Now())
                               : ledger_->Return(delivery_key, return_reason, clock_.Now());
}

void CaseSystem::RequestStop() { on_stop_(); }

void CaseSystem::Changed() { on_change_(); }

void CaseSystem::ReviewWhatIsDue() {
  const auto due = ledger_->DueAt(clock_.Now());
  if (!due) {
    Log(LogLevel::kError, "review failed", {{"reason", due.error().reason}});
    return;
  }
  for (const Digest& key : *due) {
    const auto docketed = ledger_->Docket(key, clock_.Now());
    if (docketed || docketed.error().reason == "NOT_WAITING") continue;  // A clerk was faster.
    // For example a used-up sequence of numbers: a person must look at it.
    Log(LogLevel::kError, "filing left to the clerk", {{"reason", docketed.error().reason}});
    if (!ledger_->LeaveToClerk(key)) return;
  }
  if (!due->empty()) Changed();
  ArmReviewTimer();
}

void CaseSystem::ArmReviewTimer() {
  const auto next = ledger_->NextDue();
  if (!next || !*next) return;
  const auto wait = std::max(Microseconds(0), **next - clock_.Now());
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  review_timer_.expires_after(wait);
  review_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) ReviewWhatIsDue();
  });
}

}  // namespace nightbox
