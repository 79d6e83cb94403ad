// Committer: the one thread that writes the journal.
//
// Everyone else hands it drafts. It takes all that are waiting, commits them with one sync, and
// answers each. No receipt leaves this class before its filing is durable: the answers are given
// after Journal::Commit has returned, and nowhere else.
//
// Four lanes, each with its own bound, so that a flood of one kind cannot starve another:
// settlements go before filings (what the court has said must never wait for what is new), but they
// leave every group a share for what stands behind them, and refusals, which are evidence but must
// not be a weapon, take at most a tenth of a group.
//
// When a commit fails, or RocksDB has met an error behind our back, the outcome is unknown. Then
// everyone waiting is told UNAVAILABLE, nothing is committed any more, and `fail_stop` is called
// once: the process must exit and open again to find the truth.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "store/journal.h"

namespace nightbox {

enum class Lane { kSettlement, kDocument, kFiling, kRefusal };
inline constexpr int kLanes = 4;

// Which lane a draft takes.
Lane LaneOf(const Draft& draft);

struct CommitterOptions {
  // Most drafts that may wait in each lane. Settlements and refusals are small: their number bounds
  // them. The others share a bound of bytes too, so that a flood of filings refuses filings only.
  std::array<std::size_t, kLanes> lane_max = {20'000, 4'000, 4'000, 1'000};
  std::size_t waiting_bytes_max = 64 << 20;
  // Most drafts and bytes in one group: bounds how long the first of a group waits for the last.
  std::size_t group_drafts_max = 512;
  std::size_t group_bytes_max = 8 << 20;
};

struct CommitterCounts {
  std::uint64_t groups = 0;
  std::uint64_t drafts = 0;
  std::array<std::size_t, kLanes> waiting = {};
  // Of the last group: from taking it to published.
  Microseconds last_commit{0};
  // Of the group that is being committed: when it was taken. A disk that hangs reports no error; it
  // shows here.
  std::optional<BootTime> committing_since;
};

class Committer {
 public:
  using Done = std::function<void(const Result<Outcome>&)>;
  struct Events {
    // After a group was published, before its drafts are answered. The committer's thread; must not
    // block.
    std::function<void(const Committed&)> on_published = [](const Committed&) {};
    // Once, after everyone waiting has been told.
    std::function<void(const Error&)> fail_stop;
    // Extents that were written for a draft and that nobody will ever refer to: it was refused, or
    // they were there already. To be punched. Any thread; must not block. What a crash leaves of
    // them the next start finds (store/reclaimer.h).
    std::function<void(const std::vector<StoredExtent>&)> on_not_taken =
        [](const std::vector<StoredExtent>&) {};
  };

  Committer(Journal& journal, const Clock& clock, CommitterOptions options, Events events);
  // Commits what is waiting, then returns.
  ~Committer();

  // Calls done exactly once: at once with kResourceExhausted (reason QUEUE_FULL) when the lane is
  // full or the committer has stopped, otherwise from the committer's thread when the draft's fate
  // is known. Any thread. Never blocks.
  void Submit(Draft draft, Done done);

  // Takes no more drafts, commits what is waiting and ends the thread. Once; the owner's thread.
  void Drain();

  CommitterCounts counts() const;

 private:
  struct Waiting {
    Draft draft;
    Done done;
    std::size_t bytes;
  };

  // Of a group: what may be in it when the lane's own drafts have been taken.
  struct Room {
    std::size_t drafts;
    std::size_t bytes;
  };

  void Run();
  // Both under the mutex.
  Room LeftFor(Lane lane) const;
  std::vector<Waiting> TakeGroup();
  bool CommitGroup(std::vector<Waiting> group);
  void TellNotTaken(const std::vector<StoredExtent>& extents) const;
  void Stop(const Error& why, std::vector<Waiting> group);

  Journal& journal_;
  const Clock& clock_;
  const CommitterOptions options_;
  const Events events_;

  mutable std::mutex
      mutex_;  // Guards all below up to the thread; never held while committing or answering.
  std::condition_variable changed_;
  std::array<std::deque<Waiting>, kLanes> lanes_;
  std::size_t waiting_bytes_ = 0;  // Of those that count.
  bool draining_ = false;
  bool stopped_ = false;
  bool background_error_ = false;
  CommitterCounts counts_;

  std::thread thread_;  // Last: starts when all above is ready.
};

}  // namespace nightbox
