// StartPause: a gateway that cannot stay up waits longer before each further try.
//
// A unit restarts it a second after each failure, without end, because at 23:58 nobody may have to
// lift a start limit. On a disk that fails, every try replays the log and makes matters worse; so
// the tries that did not come to serve are counted in a file that survives the process and not the
// machine (the unit's RuntimeDirectory), and each waits twice as long as the one before. A first
// try, and one after a gateway that served, never waits.
#pragma once

#include <chrono>
#include <filesystem>

namespace nightbox {

inline constexpr std::chrono::milliseconds kStartPauseMax{30'000};

// Pure.
std::chrono::milliseconds PauseAfter(int failed_starts);

// One thread.
class StartPause {
 public:
  // Where the count is kept; empty: nothing is counted, and nothing waits.
  explicit StartPause(const std::filesystem::path& directory);

  // Counts this try, and says how long it should wait first. What cannot be written is not counted:
  // a full disk must not keep the gateway from trying.
  std::chrono::milliseconds Begun() const;
  // It serves: the next try is a first one.
  void Served() const;

 private:
  std::filesystem::path file_;
};

}  // namespace nightbox
