// Stopping: the orderly end, step by step.
//
//   1. Health NOT_SERVING; no new connection; calls that would begin something are refused with
//      SHUTTING_DOWN; watches and uploads under way end with the same, so that their clients know.
//   2. No new delivery. Those under way end, and their outcomes are journaled, for at most `grace`;
//      what is still under way then is uncertain, and asked about at the next start.
//   3. The committer commits and answers what waits, and takes nothing more.
//   4. Open calls get kAnswersLeave to put their answers on the wire; then gRPC is shut down,
//      whatever its clients do.
//   5. The loop ends; until then the status page answers, and says that the gateway is stopping.
//
// Where nothing is under way all of it takes milliseconds. Nothing here is needed for correctness:
// a SIGKILL at any moment of it is as good, and the second SIGTERM is one.
#pragma once

#include <grpcpp/server.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <thread>

#include "gateway/call_count.h"
#include "gateway/deliveries.h"
#include "gateway/desk.h"
#include "gateway/tls_listener.h"

namespace nightbox {

// An answer that takes longer to leave is asked for again by its client.
inline constexpr std::chrono::milliseconds kAnswersLeave{2'000};

struct StoppingParts {
  boost::asio::io_context& loop;
  Desk& desk;
  TlsListener& listener;
  grpc::Server& server;
  CallCount& calls;
  Deliveries& deliveries;
  std::chrono::milliseconds grace;
  // The last entries, when deliveries have ended and before the committer drains.
  std::function<void()> last_words;
};

// On the loop, which ends when all is done. The parts outlive it.
class Stopping {
 public:
  explicit Stopping(StoppingParts parts);
  ~Stopping();  // After the loop has ended.
  Stopping(const Stopping&) = delete;
  Stopping& operator=(const Stopping&) = delete;

  // Once.
  void Begin();
  bool begun() const { return begun_; }

 private:
  void DeliveriesEnded();
  // Blocks; on a thread of its own, because the loop must go on answering.
  void Finish();

  const StoppingParts parts_;
  boost::asio::steady_timer patience_;
  bool begun_ = false;
  bool finishing_ = false;
  std::thread last_;
};

}  // namespace nightbox
