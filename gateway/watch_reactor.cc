#include "gateway/watch_reactor.h"

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "gateway/error_catalogue.h"
#include "gateway/grpc_status.h"
#include "gateway/shown_answer.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::intake::v1;

// It lives as long as its call, and a moment longer where news are on their way to it: they hold it
// while they tell.
class WatchReactor : public grpc::ServerWriteReactor<pb::Filing>,
                     public std::enable_shared_from_this<WatchReactor> {
 public:
  WatchReactor(Desk& desk, grpc::CallbackServerContext& context, FilingId filing_id)
      : desk_(desk), context_(context), filing_id_(std::move(filing_id)) {}

  // Called once, before any other; may finish the call at once.
  void Begin(const Result<CallerRights>& caller) {
    self_ = shared_from_this();
    if (!caller) return End(caller.error());
    caller_ = *caller;
    const auto filing = desk_.FindOwn(*desk_.parts().journal.view(), caller_, filing_id_);
    if (!filing) return End(filing.error());
    registration_ = desk_.parts().watchers.Watch(filing->sequence,
                                                 [weak = weak_from_this()](Watchers::Told told) {
                                                   if (const auto self = weak.lock())
                                                     self->Hear(told);
                                                 });
    if (!registration_) {
      return End(Catalogued("TOO_MANY_WATCHERS",
                            "too many filings are being watched; ask with GetFiling", "",
                            std::chrono::milliseconds(10'000)));
    }
    Hear(Watchers::Told::kNews);
  }

  void OnWriteDone(bool ok) override {
    std::unique_lock lock(mutex_);
    writing_ = false;
    if (!ok) return FinishOnce(lock, grpc::Status::CANCELLED);
    Next(lock);
  }

  void OnCancel() override {
    std::unique_lock lock(mutex_);
    cancelled_ = true;
    if (!writing_) FinishOnce(lock, grpc::Status::CANCELLED);
  }

  void OnDone() override {
    registration_.reset();
    self_.reset();
  }

 private:
  void Hear(Watchers::Told told) {
    std::unique_lock lock(mutex_);
    if (told == Watchers::Told::kNews) news_ = true;
    if (!writing_) Next(lock);
  }

  void Next(std::unique_lock<std::mutex>& lock) {
    if (finished_) return;
    if (settled_) return FinishOnce(lock, grpc::Status::OK);
    if (cancelled_) return FinishOnce(lock, grpc::Status::CANCELLED);
    // Told to all when a stop begins; and a watch that begins later finds it here.
    if (desk_.shutting_down()) {
      return FinishOnce(
          lock, Catalogued("SHUTTING_DOWN", "the gateway is stopping; watch again shortly", "",
                           std::chrono::milliseconds(1'000)));
    }
    // Whoever may no longer read the filing is told nothing more of it: all are told to look when
    // the access files are read again, and a watch that begins meanwhile finds it here. The context
    // still stands, since nobody has finished the call.
    if (const auto caller = desk_.IdentifyReader(context_, caller_.user.str()); !caller)
      return FinishOnce(lock, caller.error());
    if (!news_) return;
    news_ = false;
    const auto filing = desk_.FindOwn(*desk_.parts().journal.view(), caller_, filing_id_);
    if (!filing) return FinishOnce(lock, filing.error());
    settled_ = HasEnded(filing->state);
    message_ = ShownToFiler(desk_.parts().shown, desk_.parts().clock.Now(), *filing,
                            WithReceipt::kNo, left_out_);
    writing_ = true;
    StartWrite(&message_);
  }

  void End(const Error& why) {
    std::unique_lock lock(mutex_);
    FinishOnce(lock, why);
  }

  void FinishOnce(std::unique_lock<std::mutex>& lock, const Error& why) {
    if (finished_) return;
    // While the call cannot be done yet, since nobody has finished it: its context still stands.
    FinishOnce(lock, Refuse(context_, why));
  }

  // Unlocked before gRPC is told: this object may be gone right after.
  void FinishOnce(std::unique_lock<std::mutex>& lock, const grpc::Status& status) {
    if (finished_) return;
    finished_ = true;
    SayLeftOut(context_, left_out_);
    lock.unlock();
    Finish(status);
  }

  Desk& desk_;
  grpc::CallbackServerContext& context_;
  CallerRights caller_;  // Set by Begin.
  const FilingId filing_id_;
  std::unique_ptr<Watchers::Registration> registration_;
  std::shared_ptr<WatchReactor> self_;  // Until OnDone.
  // Guards all below: news come on the committer's thread, other calls on the loop's and gRPC's.
  std::mutex mutex_;
  pb::Filing message_;
  DeniedFields left_out_;  // Of all messages of the call.
  bool news_ = false;
  bool writing_ = false;
  bool settled_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
};

}  // namespace

grpc::ServerWriteReactor<pb::Filing>* WatchOneFiling(Desk& desk,
                                                     grpc::CallbackServerContext& context,
                                                     const pb::WatchFilingRequest& request) {
  const auto reactor = std::make_shared<WatchReactor>(desk, context, FilingId(request.filing_id()));
  reactor->Begin(desk.IdentifyReader(context, request.registered_user()));
  return reactor.get();
}

}  // namespace nightbox
