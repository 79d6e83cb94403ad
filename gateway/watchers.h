// Watchers: who waits for news of which filing.
//
// Bounded: beyond `max` a new watcher is refused and polls instead. A watcher is told that
// something changed, never what: it reads the newest view itself, so that news which come faster
// than they can be sent collapse into the latest. It is also told when it should look whether it
// may go on: who may read what has changed, or the gateway stops.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>

namespace nightbox {

class Watchers {
 public:
  explicit Watchers(std::size_t max) : max_(max) {}

  enum class Told {
    kNews,       // The filing has changed. On the committer's thread.
    kLookAgain,  // Nothing has, but whether this watch may go on. On the loop's.
  };
  using Listener = std::function<void(Told)>;

  // Registered while it lives. Its function may be called once more after the registration has
  // begun to end, and must not block.
  class Registration {
   public:
    Registration(Watchers& watchers, std::uint64_t filing_sequence, std::uint64_t number);
    ~Registration();
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

   private:
    Watchers& watchers_;
    const std::uint64_t filing_sequence_;
    const std::uint64_t number_;
  };

  // Null when too many watch already.
  std::unique_ptr<Registration> Watch(std::uint64_t filing_sequence, Listener listener);
  void Tell(const std::set<std::uint64_t>& changed_filings);
  // Everyone is told to look again, and finds out by itself.
  void TellAll();
  std::size_t count() const;

 private:
  const std::size_t max_;
  mutable std::mutex mutex_;  // Guards the two below; not held while anybody is told.
  std::map<std::uint64_t, std::map<std::uint64_t, Listener>> by_filing_;
  std::uint64_t next_number_ = 0;
  std::size_t count_ = 0;
};

}  // namespace nightbox
