#include "ops/case_system/service.h"

#include <grpc/grpc_security_constants.h>

#include <utility>

#include "core/check.h"
#include "ops/case_system/call_status.h"
#include "ops/case_system/record_filing_call.h"
#include "ops/case_system/watch_records_call.h"
#include "proto/filing_codec.h"

namespace nightbox {
namespace {

namespace v1 = case_system::v1;

constexpr std::string_view kGatewayUri = "urn:nightbox:gateway:";

bool IsGateway(const grpc::CallbackServerContext& context) {
  const auto identity = context.auth_context();
  for (const grpc::string_ref& uri : identity->FindPropertyValues(GRPC_PEER_URI_PROPERTY_NAME)) {
    if (std::string_view(uri.data(), uri.size()).starts_with(kGatewayUri)) return true;
  }
  return false;
}

grpc::Status PutRecord(const Result<CourtRecord>& record, filing::v1::CourtRecord* response) {
  if (!record) return StatusOf(record.error());
  *response = ToProto(*record);
  return grpc::Status::OK;
}

}  // namespace

CaseSystemService::CaseSystemService(CaseSystem& system) : system_(system) {
  system_.OnChange([this] { WakeWatchers(); });
}

CaseSystemService::~CaseSystemService() {
  system_.OnChange([] {});
  NB_CHECK(watchers_.empty() && record_filing_streams_ == 0);
}

void CaseSystemService::Enter(grpc::CallbackServerContext* context,
                              std::function<void(grpc::Status)> go_on) {
  grpc::Status status;
  if (!IsGateway(*context)) {
    status = {grpc::StatusCode::PERMISSION_DENIED, "only gateways may deliver"};
  } else if (system_.behaviour().TakeError()) {
    status = {grpc::StatusCode::UNAVAILABLE, "ORDERED: this error was ordered"};
  }
  const std::chrono::milliseconds delay = system_.behaviour().Delay();
  const std::lock_guard lock(mutex_);
  if (!status.ok() || delay.count() == 0 || ending_) {
    system_.Post([status, go_on = std::move(go_on)] { go_on(status); });
    return;
  }
  auto timer = std::make_shared<boost::asio::steady_timer>(system_.workers());
  delays_.insert(timer);
  timer->expires_after(delay);
  timer->async_wait(
      [this, timer, status, go_on = std::move(go_on)](const boost::system::error_code&) {
        {
          const std::lock_guard relock(mutex_);
          delays_.erase(timer);
        }
        go_on(status);
      });
}

grpc::ServerUnaryReactor* CaseSystemService::Answer(grpc::CallbackServerContext* context,
                                                    std::function<grpc::Status()> act) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  Enter(context, [reactor, act = std::move(act)](const grpc::Status& status) {
    reactor->Finish(status.ok() ? Guarded(act) : status);
  });
  return reactor;
}

// ---- Streams ----

grpc::ServerBidiReactor<v1::RecordFilingRequest, v1::RecordFilingResponse>*
CaseSystemService::RecordFiling(grpc::CallbackServerContext* context) {
  class Full final
      : public grpc::ServerBidiReactor<v1::RecordFilingRequest, v1::RecordFilingResponse> {
   public:
    explicit Full(const grpc::Status& status) { Finish(status); }
    void OnDone() override { delete this; }
  };
  {
    const std::lock_guard lock(mutex_);
    if (ending_) return new Full({grpc::StatusCode::UNAVAILABLE, "STREAMS: going down"});
    if (record_filing_streams_ == kRecordFilingStreamsMax) {
      return new Full({grpc::StatusCode::RESOURCE_EXHAUSTED, "STREAMS: 64 deliveries are open"});
    }
    ++record_filing_streams_;
  }
  auto* call = new RecordFilingCall(system_, [this] {
    const std::lock_guard lock(mutex_);
    --record_filing_streams_;
    delivery_ended_.notify_all();
  });
  Enter(context, [call](const grpc::Status& status) { call->Begin(status); });
  return call;
}

grpc::ServerWriteReactor<v1::WatchRecordsResponse>* CaseSystemService::WatchRecords(
    grpc::CallbackServerContext* context, const v1::WatchRecordsRequest* request) {
  class Full final : public grpc::ServerWriteReactor<v1::WatchRecordsResponse> {
   public:
    Full() { Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, "STREAMS: no more watchers"}); }
    void OnDone() override { delete this; }
  };
  {
    const std::lock_guard lock(mutex_);
    if (ending_ || watchers_.size() >= kWatchStreamsMax) return new Full;
  }
  // Watched only when it is whole: the last one in may be one too many, never a half-made one.
  auto* call = new WatchRecordsCall(system_, request->cursor(), [this](WatchRecordsCall* ended) {
    const std::lock_guard lock(mutex_);
    watchers_.erase(ended);
  });
  {
    const std::lock_guard lock(mutex_);
    watchers_.insert(call);
    if (ending_) call->EndSoon();  // Drain has passed by meanwhile.
  }
  Enter(context, [call](const grpc::Status& status) { call->Begin(status); });
  return call;
}

void CaseSystemService::WakeWatchers() {
  const std::lock_guard lock(mutex_);
  for (WatchRecordsCall* watcher : watchers_) watcher->Wake();
}

void CaseSystemService::Drain(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  ending_ = true;
  for (const auto& delay : delays_) delay->cancel();
  for (WatchRecordsCall* watcher : watchers_) watcher->EndSoon();
  delivery_ended_.wait_for(lock, patience, [this] { return record_filing_streams_ == 0; });
}

// ---- Unary calls ----

grpc::ServerUnaryReactor* CaseSystemService::GetFilingRecord(
    grpc::CallbackServerContext* context, const v1::GetFilingRecordRequest* request,
    filing::v1::CourtRecord* response) {
  return Answer(context, [this, request, response] {
    const auto key = DigestFromProto(request->delivery_key(), "delivery_key");
    if (!key) return StatusOf(key.error());
    return PutRecord(system_.Find(*key), response);
  });
}

grpc::ServerUnaryReactor* CaseSystemService::RequestWithdrawal(
    grpc::CallbackServerContext* context, const v1::RequestWithdrawalRequest* request,
    filing::v1::CourtRecord* response) {
  return Answer(context, [this, request, response] {
    const auto key = DigestFromProto(request->delivery_key(), "delivery_key");
    if (!key) return StatusOf(key.error());
    if (!IsWellFormedText(request->reason())) return StatusOf(BadStream("reason is not UTF-8"));
    return PutRecord(system_.RequestWithdrawal(*key, request->reason()), response);
  });
}

grpc::ServerUnaryReactor* CaseSystemService::CheckCourts(grpc::CallbackServerContext* context,
                                                         const v1::CheckCourtsRequest* request,
                                                         v1::CheckCourtsResponse* response) {
  return Answer(context, [this, request, response] {
    const auto add = [&](const std::string& id) {
      v1::CourtAvailability& availability = *response->add_courts();
      availability.set_court_id(id);
      const Court* court = system_.courts().Find(CourtId(id));
      // Of a circuit or an unknown court nothing is said.
      if (court == nullptr || !court->IsDestination()) return;
      availability.set_state(system_.behaviour().IsAway(court->id)
                                 ? v1::CourtAvailability::STATE_AWAY
                                 : v1::CourtAvailability::STATE_AVAILABLE);
    };
    for (const std::string& id : request->court_ids()) add(id);
    if (request->court_ids().empty()) {
      for (const Court& court : system_.courts().courts()) {
        if (court.IsDestination()) add(court.id.str());
      }
    }
    response->set_consistency_group(system_.consistency_group());
    return grpc::Status::OK;
  });
}

}  // namespace nightbox
