#include "store/committer.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/log.h"

namespace nightbox {
namespace {

// Settlements first, then documents, filings and refusals: see the header.
constexpr std::array<Lane, kLanes> kOrder = {Lane::kSettlement, Lane::kDocument, Lane::kFiling,
                                             Lane::kRefusal};

// What of a group, in 64ths, those before a lane leave to it while it has something waiting.
// Documents, because filings wait for them; filings, because of the deadline; a refusal, because
// its caller waits for the answer.
constexpr std::size_t kShares = 64;
constexpr std::array<std::size_t, kLanes> kShareOf = {0, 8, 16, 1};

struct ChooseLane {
  Lane operator()(const ReceiveFiling&) const { return Lane::kFiling; }
  Lane operator()(const OpenAttempt&) const { return Lane::kFiling; }
  // A filer's wish, like a filing: filers must not fill the lane that the courts' words take.
  Lane operator()(const WithdrawFiling&) const { return Lane::kFiling; }
  Lane operator()(const RefuseAttempt&) const { return Lane::kRefusal; }
  Lane operator()(const SuppressAttempts&) const { return Lane::kRefusal; }
  Lane operator()(const StoreExtent&) const { return Lane::kDocument; }
  Lane operator()(const RenewLease&) const { return Lane::kDocument; }
  Lane operator()(const DropDocument&) const { return Lane::kDocument; }
  Lane operator()(const ForgetFreed&) const { return Lane::kDocument; }
  Lane operator()(const NoteSwept&) const { return Lane::kDocument; }
  Lane operator()(const KeepPackage&) const { return Lane::kDocument; }
  template <class Other>
  Lane operator()(const Other&) const {
    return Lane::kSettlement;
  }
};

}  // namespace

Lane LaneOf(const Draft& draft) { return std::visit(ChooseLane{}, draft); }

namespace {

// What a draft weighs against the bound of bytes.
std::size_t CountedBytes(const Draft& draft) {
  const Lane lane = LaneOf(draft);
  return lane == Lane::kFiling || lane == Lane::kDocument ? DraftBytes(draft) : 0;
}

}  // namespace

Committer::Committer(Journal& journal, const Clock& clock, CommitterOptions options, Events events)
    : journal_(journal),
      clock_(clock),
      options_(options),
      events_(std::move(events)),
      thread_([this] { Run(); }) {
  NB_CHECK(events_.fail_stop);
  journal_.SetOnBackgroundError([this] {
    const std::lock_guard lock(mutex_);
    background_error_ = true;
    changed_.notify_one();
  });
}

Committer::~Committer() {
  journal_.SetOnBackgroundError(nullptr);
  Drain();
}

void Committer::Submit(Draft draft, Done done) {
  const std::size_t bytes = CountedBytes(draft);
  const auto lane = static_cast<std::size_t>(LaneOf(draft));
  {
    const std::lock_guard lock(mutex_);
    auto& waiting = lanes_[lane];
    if (!draining_ && !stopped_ && waiting.size() < options_.lane_max[lane] &&
        (bytes == 0 || waiting_bytes_ + bytes <= options_.waiting_bytes_max)) {
      waiting.push_back({std::move(draft), std::move(done), bytes});
      waiting_bytes_ += bytes;
      changed_.notify_one();
      return;
    }
  }
  TellNotTaken(ExtentsOf(draft));
  done(Error{ErrorCode::kResourceExhausted,
             "more is waiting to be journaled than may wait; try again shortly", "QUEUE_FULL", "",
             std::chrono::milliseconds(500)});
}

void Committer::Drain() {
  {
    const std::lock_guard lock(mutex_);
    draining_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

CommitterCounts Committer::counts() const {
  const std::lock_guard lock(mutex_);
  CommitterCounts counts = counts_;
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
    counts.waiting[lane] = lanes_[lane].size();
  return counts;
}

Committer::Room Committer::LeftFor(Lane lane) const {
  Room left{options_.group_drafts_max, options_.group_bytes_max};
  const auto* const after = std::find(kOrder.begin(), kOrder.end(), lane) + 1;
  for (const auto* behind = after; behind != kOrder.end(); ++behind) {
    const auto index = static_cast<std::size_t>(*behind);
    if (lanes_[index].empty()) continue;
    const std::size_t share = kShareOf[index];
    left.drafts -= std::min(lanes_[index].size(), options_.group_drafts_max * share / kShares);
    left.bytes -= options_.group_bytes_max * share / kShares;
  }
  return left;
}

std::vector<Committer::Waiting> Committer::TakeGroup() {
  std::vector<Waiting> group;
  std::size_t bytes = 0;
  for (const Lane lane : kOrder) {
    auto& waiting = lanes_[static_cast<std::size_t>(lane)];
    const Room left = LeftFor(lane);
    std::size_t room = left.drafts - std::min(left.drafts, group.size());
    if (lane == Lane::kRefusal)
      room = std::min(room, std::max<std::size_t>(1, options_.group_drafts_max / 10));
    // The first draft of a lane goes even when it is large: a bound must not become a trap.
    for (bool first = true; room > 0 && !waiting.empty(); first = false, --room) {
      if (!first && bytes + waiting.front().bytes > left.bytes) break;
      bytes += waiting.front().bytes;
      waiting_bytes_ -= waiting.front().bytes;
      group.push_back(std::move(waiting.front()));
      waiting.pop_front();
    }
  }
  return group;
}

void Committer::Run() {
  for (;;) {
    std::vector<Waiting> group;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] {
        if (draining_ || background_error_) return true;
        for (const auto& waiting : lanes_) {
          if (!waiting.empty()) return true;
        }
        return false;
      });
      if (!background_error_) {
        group = TakeGroup();
        if (group.empty()) return;  // Draining, and nothing waits.
      }
    }
    if (const auto why = journal_.background_error()) return Stop(*why, std::move(group));
    if (!CommitGroup(std::move(group))) return;
  }
}

bool Committer::CommitGroup(std::vector<Waiting> group) {
  const BootTime begun = clock_.BootNow();
  {
    const std::lock_guard lock(mutex_);
    counts_.committing_since = begun;
  }
  std::vector<Draft> drafts;
  drafts.reserve(group.size());
  for (Waiting& waiting : group) drafts.push_back(std::move(waiting.draft));
  const Result<Committed> committed = journal_.Commit(drafts);
  if (!committed) {
    Stop(committed.error(), std::move(group));
    return false;
  }
  NB_CHECK(committed->outcomes.size() == group.size());
  {
    const std::lock_guard lock(mutex_);
    ++counts_.groups;
    counts_.drafts += group.size();
    counts_.last_commit = clock_.BootNow() - begun;
    counts_.committing_since.reset();
  }
  events_.on_published(*committed);
  for (std::size_t i = 0; i < group.size(); ++i) {
    const Result<Outcome>& outcome = committed->outcomes[i];
    TellNotTaken(outcome ? outcome->not_taken : ExtentsOf(drafts[i]));
    group[i].done(outcome);
  }
  return true;
}

void Committer::TellNotTaken(const std::vector<StoredExtent>& extents) const {
  if (!extents.empty()) events_.on_not_taken(extents);
}

void Committer::Stop(const Error& why, std::vector<Waiting> group) {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (auto& waiting : lanes_) {
      for (Waiting& each : waiting) group.push_back(std::move(each));
      waiting.clear();
    }
    waiting_bytes_ = 0;
  }
  const Error unknown{
      ErrorCode::kUnavailable,
      "the outcome is unknown; the gateway restarts to find it: repeat with the same request_id",
      "OUTCOME_UNKNOWN", "", std::chrono::milliseconds(2000)};
  for (Waiting& each : group) each.done(unknown);
  events_.fail_stop(why);
}

}  // namespace nightbox
