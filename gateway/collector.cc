#include "gateway/collector.h"

#include "core/log.h"

namespace nightbox {
namespace {

// A hundred thousand documents are looked through in half an hour, and no tick takes noticeable
// time.
constexpr std::size_t kLookedAtPerTick = 64;

}  // namespace

void Collector::Tick(WallTime now) {
  reclaimer_.Tick();
  const auto leftovers = journal_.view()->ListLeftovers(now, kLookedAtPerTick, from_);
  if (!leftovers) {
    Log(LogLevel::kError, "documents not looked through", {{"why", leftovers.error().message}});
    return;
  }
  for (const View::Leftover& leftover : *leftovers) {
    // Decided again in the committer, which alone knows whether a filing or a lease came in
    // between.
    committer_.Submit(DropDocument{leftover.system, leftover.sha256, now},
                      [](const Result<Outcome>&) {});
  }
}

}  // namespace nightbox
