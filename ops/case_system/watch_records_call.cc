#include "ops/case_system/watch_records_call.h"

#include <charconv>
#include <utility>

#include "core/check.h"
#include "ops/case_system/call_status.h"

namespace nightbox {
namespace {

constexpr int kEventsPage = 32;

}  // namespace

WatchRecordsCall::WatchRecordsCall(CaseSystem& system, std::string cursor,
                                   std::function<void(WatchRecordsCall*)> ended)
    : system_(system), cursor_text_(std::move(cursor)), ended_(std::move(ended)) {}

void WatchRecordsCall::Begin(const grpc::Status& entered) {
  const grpc::Status begun = entered.ok() ? Guarded([this] { return FindPlace(); }) : entered;
  if (!begun.ok()) return Finish(begun);
  Pump();
}

void WatchRecordsCall::OnWriteDone(bool ok) {
  if (!ok) return Finish({grpc::StatusCode::CANCELLED, "the watcher went away"});
  system_.Post([this] { Pump(); });
}

void WatchRecordsCall::OnCancel() { EndSoon(); }

void WatchRecordsCall::OnDone() {
  ended_(this);
  delete this;
}

void WatchRecordsCall::Wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  if (!idle_) return;
  idle_ = false;
  system_.Post([this] { Pump(); });
}

void WatchRecordsCall::EndSoon() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  Wake();
}

grpc::Status WatchRecordsCall::FindPlace() {
  if (!cursor_text_.empty()) {
    const char* const end = cursor_text_.data() + cursor_text_.size();
    const auto [read, error] = std::from_chars(cursor_text_.data(), end, cursor_);
    if (error != std::errc() || read != end || cursor_ < 0) {
      return {grpc::StatusCode::INVALID_ARGUMENT, "CURSOR: this is no cursor of this service"};
    }
  }
  const auto last = system_.ledger().LastCursor();
  if (!last) return StatusOf(last.error());
  // A cursor from the future means another database: going on would skip its news silently.
  if (cursor_ > *last) {
    return {grpc::StatusCode::OUT_OF_RANGE, "CURSOR: this case system has not come so far"};
  }
  return grpc::Status::OK;
}

void WatchRecordsCall::Pump() {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      woken_ = false;
      if (ending_) break;
    }
    if (next_ == page_.size()) {
      auto page = system_.ledger().EventsAfter(cursor_, kEventsPage);
      if (!page) return Finish(StatusOf(page.error()));
      page_ = *std::move(page);
      next_ = 0;
    }
    if (next_ < page_.size()) return Send(page_[next_++]);
    const std::lock_guard lock(mutex_);
    if (woken_) continue;
    idle_ = true;
    return;
  }
  Finish({grpc::StatusCode::UNAVAILABLE, "the watch has ended: go on from the last cursor"});
}

void WatchRecordsCall::Send(const LedgerEvent& event) {
  cursor_ = event.cursor;
  response_.set_cursor(std::to_string(event.cursor));
  NB_CHECK(response_.mutable_record()->ParseFromString(event.record));
  StartWrite(&response_);
}

}  // namespace nightbox
