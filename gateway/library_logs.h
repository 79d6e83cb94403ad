// What protobuf and gRPC have to say goes into our log, in our form, and not as lines of their own
// on standard error.
//
// They speak of what others send: once for every text that is no UTF-8 and for every handshake that
// fails, so whoever causes them could fill the log. At most one line a minute of each library says
// where in it it came from and how many went unsaid; the words themselves are left out, because
// what they quote is not for us to vouch for. Handshakes that fail are counted (/metrics).
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "core/clock.h"

namespace nightbox {

// Whether to speak now. Any thread.
class OncePerMinute {
 public:
  // How many were left unsaid since the last time, when it is time to speak; otherwise nothing, and
  // this one is counted.
  std::optional<std::uint64_t> Take(BootTime now);

 private:
  std::mutex mutex_;  // Guards both; held for comparing and counting only.
  std::optional<BootTime> last_;
  std::uint64_t unsaid_ = 0;
};

// For the whole process, from here on. Call it once, in main, before any thread.
void TakeOverLibraryLogs();

}  // namespace nightbox
