#include "gateway/stopping.h"

#include <grpcpp/health_check_service_interface.h>

#include <boost/asio/post.hpp>
#include <utility>

#include "core/log.h"
#include "core/patience.h"

namespace nightbox {
namespace {

// For clients that listen: they see a farewell instead of a broken connection. The others are not
// waited for.
constexpr std::chrono::milliseconds kFarewell{100};

}  // namespace

Stopping::Stopping(StoppingParts parts) : parts_(std::move(parts)), patience_(parts_.loop) {}

Stopping::~Stopping() {
  if (last_.joinable()) last_.join();
}

void Stopping::Begin() {
  begun_ = true;
  Log(LogLevel::kInfo, "stopping");
  // Said first and told then: a watch or upload that begins in between sees it by itself.
  parts_.desk.BeginShutdown();
  parts_.server.GetHealthCheckService()->SetServingStatus(false);
  parts_.listener.Stop();
  parts_.desk.parts().watchers.TellAll();
  parts_.desk.parts().uploads.TellAll();
  patience_.expires_after(parts_.grace);
  patience_.async_wait([this](const boost::system::error_code& error) {
    if (error || finishing_) return;
    Log(LogLevel::kWarning,
        "deliveries still under way are left; they are asked about at the start");
    DeliveriesEnded();
  });
  parts_.deliveries.Pause([this] { DeliveriesEnded(); });
}

void Stopping::DeliveriesEnded() {
  if (std::exchange(finishing_, true)) return;
  patience_.cancel();
  parts_.last_words();
  last_ = std::thread([this] { Finish(); });
}

void Stopping::Finish() {
  parts_.desk.parts().committer.Drain();
  parts_.calls.Close();
  if (!parts_.calls.WaitUntilNone(kAnswersLeave)) {
    Log(LogLevel::kWarning, "calls still open are cut off", {{"calls", parts_.calls.open()}});
  }
  parts_.server.Shutdown(DeadlineIn(kFarewell));
  parts_.server.Wait();
  boost::asio::post(parts_.loop, [this] { parts_.loop.stop(); });
}

}  // namespace nightbox
