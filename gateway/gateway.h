// Gateway: all parts put together in the order in which they depend on each other, and taken apart
// in the reverse.
//
// Open() builds everything that can fail without telling the world; Run() listens, serves and
// returns after an orderly shutdown. The loop is the thread that calls Run.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "core/result.h"
#include "gateway/config.h"
#include "gateway/opened_store.h"

namespace nightbox {

// What the process exits with; units and runbook rely on it.
inline constexpr int kExitDone = 0;
// The configuration or a file it names is wrong: do not restart, mend it.
inline constexpr int kExitConfiguration = 78;
// The evidence contradicts itself: do not restart, nothing has been touched (docs/runbook.md).
inline constexpr int kExitEvidence = 66;
// The outcome of a commit is unknown, or a port is taken: restart, opening finds the truth.
inline constexpr int kExitRestart = 75;

int ExitCodeFor(const Error& error);

class Gateway {
 public:
  // Without durability only a gateway that nobody can mistake for a real one opens: on loopback,
  // and with a name, which stands on every receipt, that begins with "store-off". It never says
  // that it is ready.
  static Result<std::unique_ptr<Gateway>> Open(const GatewayConfig& config,
                                               Durability durability = Durability::kOnDisk);
  ~Gateway();

  // Listens and serves until SIGTERM or SIGINT, then ends in order (gateway/stopping.h); the second
  // of them ends the process at once. When `port_file` is not empty,
  // {"intake":PORT,"http":PORT} is written to it once both answer, with "monitoring":PORT where
  // that is apart.
  // `serving` is called once, on the loop's thread, when all of it does.
  Result<void> Run(const std::filesystem::path& port_file,
                   const std::function<void()>& serving = {});

 private:
  struct Parts;
  explicit Gateway(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace nightbox
