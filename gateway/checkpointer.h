// Checkpointer: signs what has been promised, at least every second while the log grows.
//
// Called by the loop's timer. Signs only what a view shows, so never more than is published, and
// keeps the note through the committer, so that the next receipts can quote it as their lower bound
// in time.
#pragma once

#include <atomic>
#include <memory>

#include "core/clock.h"
#include "evidence/checkpoint.h"
#include "store/committer.h"

namespace nightbox {

class Checkpointer {
 public:
  Checkpointer(Journal& journal, Committer& committer, const LogSigner& signer)
      : journal_(journal), committer_(committer), signer_(signer) {}

  // Does nothing when nothing was published since the last checkpoint that was kept, or while one
  // is on its way there. One that could not be kept is signed again by the next call.
  void Tick();

 private:
  Journal& journal_;
  Committer& committer_;
  const LogSigner& signer_;
  // Shared with the committer's answer, which may come when this has gone.
  struct Progress {
    std::atomic<std::uint64_t> kept_size = 0;
    std::atomic<bool> under_way = false;
  };
  const std::shared_ptr<Progress> progress_ = std::make_shared<Progress>();
};

// The evidence package of a filing, made with the latest checkpoint. Empty when no checkpoint
// covers it yet.
Result<std::string> MakePackage(const View& view, const FilingSnapshot& filing,
                                const std::string& origin, const std::string& root_pem);

}  // namespace nightbox
