// Follower: what becomes of a filing whose receipt is here.
//
// It watches over one connection after another, as long as it is told to; news that repeat or come
// late move nothing back, because each is the gateway's whole present view.
#pragma once

#include <chrono>
#include <functional>

#include "client/backoff.h"
#include "client/call_failure.h"
#include "client/intake_client.h"
#include "core/clock.h"
#include "core/random.h"

namespace nightbox::client {

// One thread at a time.
class Follower {
 public:
  using OnState = std::function<void(const FilingState&)>;
  using OnTrouble = std::function<void(const CallFailure&)>;

  // All references outlive the follower.
  Follower(IntakeClient& client, const Clock& clock, Random& random, StopSignal& stop);

  // The filing as it is, asked for again while the gateway cannot be reached and `timeout` lasts.
  CallResult<FilingState> Ask(const UserId& user, const FilingId& id,
                              std::chrono::milliseconds timeout);

  // Tells `on_state` the filing as it is and after every change, until it has ended or `timeout`
  // is over; answers its last state. `on_trouble` hears of a gateway that cannot be asked, once
  // until it speaks again. A failure: no state could be had, or the filer said stop.
  CallResult<FilingState> WatchUntilEnded(const UserId& user, const FilingId& id,
                                          std::chrono::milliseconds timeout,
                                          const OnState& on_state,
                                          const OnTrouble& on_trouble = {});

 private:
  IntakeClient& client_;
  const Clock& clock_;
  Random& random_;
  StopSignal& stop_;
};

}  // namespace nightbox::client
