// CourtNews: what courts say after a filing was delivered, and what filers ask of them.
//
// Per consistency group one watch runs, at whichever endpoint of it was reached last. Each piece of
// news is committed together with the cursor behind it before the next is asked for; so none is
// skipped, and a repetition moves nothing back. A watch that ends begins again, from the cursor on
// disk, when the group is reached the next time.
//
// Two things must not end the news of a whole group for ever:
//   * A case system that does not know the cursor, for example after it was restored from a backup:
//     its news are heard again from the start.
//   * A word that the journal does not take, for example because the filing's state cannot be read:
//     after kTriesOfOneWord watches it is stepped over, with an error in the log. That the
//     committer is full or about to stop does not count.
//
// A wish to withdraw is passed on when an endpoint is reached, and again after the next probes,
// until the case system has taken it, or has refused it for good; then the filing says so.
//
// On the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "replay/case_system_port.h"
#include "store/draft.h"
#include "store/view.h"

namespace nightbox {

class CourtNews {
 public:
  static constexpr std::size_t kWithdrawalsMax = 10'000;
  static constexpr int kTriesOfOneWord = 3;

  struct Parts {
    std::function<std::shared_ptr<const View>()> view;
    // Answers on the loop, and not after this object is gone.
    std::function<void(Draft, std::function<void(const Result<Outcome>&)>)> commit;
    // Runs on the loop, soon.
    std::function<void(std::function<void()>)> post;
    // Wishes that are remembered; the others stay on disk until there is room.
    std::size_t withdrawals_max = kWithdrawalsMax;
  };

  explicit CourtNews(Parts parts) : parts_(std::move(parts)) {}

  // Reads the wishes that wait on disk. Once.
  Result<void> Start();
  // An endpoint has just answered a probe. The port outlives this object.
  void Reached(CaseSystemPort& port, const std::string& group,
               const std::function<bool(const CourtId&)>& serves);
  // A submitted filing whose filer wants it withdrawn.
  void WantsWithdrawal(std::uint64_t filing_sequence);

 private:
  static constexpr std::uint64_t kNothingOnDisk = std::numeric_limits<std::uint64_t>::max();

  // The word that the journal did not take last.
  struct NotTaken {
    std::string cursor;
    int times = 0;
  };

  void Watch(CaseSystemPort& port, const std::string& group, const std::string& cursor);
  void Ended(CaseSystemPort& port, const std::string& group, const std::string& cursor,
             ErrorCode code);
  void Keep(const std::string& group, CourtRecord record, const std::string& next,
            const CaseSystemPort::Resume& resume);
  void Refused(const std::string& group, const Digest& delivery_key, const std::string& next,
               const Error& why, const CaseSystemPort::Resume& resume);

  Result<void> ReadWishes(const View& view);
  void PassOn(CaseSystemPort& port, const std::function<bool(const CourtId&)>& serves);
  void PassOn(CaseSystemPort& port, std::uint64_t filing_sequence);
  void PassedOn(std::uint64_t filing_sequence, const Result<CourtRecord>& answer);

  const Parts parts_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::set<std::string> watched_;  // Groups with a watch under way.
  std::map<std::string, NotTaken> not_taken_;
  std::set<std::uint64_t> withdrawals_;
  std::uint64_t on_disk_from_ = kNothingOnDisk;  // Wishes below are in memory, or answered.
  std::set<std::uint64_t> passing_on_;
};

}  // namespace nightbox
