// WorldTrace: what happened in one run, as one hash that tells runs apart, and the last steps for
// whoever must understand a failure.
#pragma once

#include <deque>
#include <string>

#include "core/clock.h"
#include "core/sha256.h"

namespace nightbox {

class WorldTrace {
 public:
  static constexpr std::size_t kLastSteps = 60;

  explicit WorldTrace(const Clock& clock) : clock_(clock) {}

  void Note(const std::string& what) {
    std::string line = std::to_string(clock_.BootNow().time_since_epoch().count()) + " us: " + what;
    hash_.Update(line);
    hash_.Update("\n");
    last_.push_back(std::move(line));
    if (last_.size() > kLastSteps) last_.pop_front();
  }
  const std::deque<std::string>& last() const { return last_; }
  // Once.
  Digest Finish() { return hash_.Finish(); }

 private:
  const Clock& clock_;
  Sha256Stream hash_;
  std::deque<std::string> last_;
};

}  // namespace nightbox
