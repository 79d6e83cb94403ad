#include "client/follower.h"

#include <algorithm>
#include <utility>

namespace nightbox::client {
namespace {

using std::chrono::milliseconds;

// Time for a first answer, however little is left.
constexpr milliseconds kSilenceMin{1'000};

CallResult<void> CheckIsAbout(const FilingState& filing, const FilingId& id) {
  if (filing.filing_id == id) return {};
  return CallFailure::Contradiction("The gateway's answer is about another filing.");
}

}  // namespace

Follower::Follower(IntakeClient& client, const Clock& clock, Random& random, StopSignal& stop)
    : client_(client), clock_(clock), random_(random), stop_(stop) {}

CallResult<FilingState> Follower::Ask(const UserId& user, const FilingId& id,
                                      milliseconds timeout) {
  const BootTime give_up_at = clock_.BootNow() + timeout;
  Backoff backoff({}, random_);
  while (true) {
    CallResult<FilingState> filing = client_.GetFiling(user, id);
    if (filing) {
      NB_RETURN_IF_ERROR(CheckIsAbout(*filing, id));
      return filing;
    }
    if (filing.error().again == Again::kFinal) return filing;
    const milliseconds wait = backoff.Next(filing.error().retry_after);
    if (clock_.BootNow() + wait > give_up_at) return filing;
    if (!stop_.Wait(wait)) return CallFailure::Interrupted();
  }
}

CallResult<FilingState> Follower::WatchUntilEnded(const UserId& user, const FilingId& id,
                                                  milliseconds timeout, const OnState& on_state,
                                                  const OnTrouble& on_trouble) {
  const BootTime give_up_at = clock_.BootNow() + timeout;
  Backoff backoff({}, random_);
  std::optional<FilingState> last;
  std::optional<CallFailure> wrong;
  bool told = false;
  while (true) {
    bool heard = false;
    const auto left = std::chrono::duration_cast<milliseconds>(give_up_at - clock_.BootNow());
    const milliseconds silence = std::max(left, kSilenceMin);
    const CallResult<void> watched =
        client_.WatchFiling(user, id, silence, [&](const FilingState& filing) {
          if (const auto about = CheckIsAbout(filing, id); !about) {
            wrong = about.error();
            return false;
          }
          heard = true;
          last = filing;
          on_state(filing);
          return Concludes(filing.delivery, filing.review) == Conclusion::kNone &&
                 clock_.BootNow() < give_up_at;
        });
    if (wrong) return *wrong;
    if (last && Concludes(last->delivery, last->review) != Conclusion::kNone) return *last;
    if (!watched && watched.error().again == Again::kFinal) return watched.error();
    if (heard) {
      backoff.Reset();
      told = false;
    }
    if (!watched && on_trouble && !std::exchange(told, true)) on_trouble(watched.error());
    // A stream that was ended in good order is opened again after a pause too: an idle gateway
    // that closes streams at once must not be asked in a tight loop.
    const milliseconds wait = backoff.Next(watched ? std::nullopt : watched.error().retry_after);
    if (clock_.BootNow() + wait > give_up_at) {
      if (last) return *last;
      if (!watched) return watched.error();
      return CallFailure::Contradiction("The gateway said nothing about the filing.");
    }
    if (!stop_.Wait(wait)) return CallFailure::Interrupted();
  }
}

}  // namespace nightbox::client
