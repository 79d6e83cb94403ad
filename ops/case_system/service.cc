#include "ops/case_system/service.h"

#include <grpc/grpc_security_constants.h>

#include <charconv>

#include "core/check.h"
#include "core/log.h"
#include "proto/filing_codec.h"

namespace nightbox {
namespace {

namespace v1 = case_system::v1;

constexpr std::string_view kGatewayUri = "urn:nightbox:gateway:";
constexpr int kEventsPage = 32;

grpc::StatusCode CodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case ErrorCode::kPermissionDenied:
      return grpc::StatusCode::PERMISSION_DENIED;
    case ErrorCode::kUnauthenticated:
      return grpc::StatusCode::UNAUTHENTICATED;
    case ErrorCode::kNotFound:
      return grpc::StatusCode::NOT_FOUND;
    case ErrorCode::kAlreadyExists:
      return grpc::StatusCode::ALREADY_EXISTS;
    case ErrorCode::kFailedPrecondition:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case ErrorCode::kResourceExhausted:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case ErrorCode::kUnavailable:
      return grpc::StatusCode::UNAVAILABLE;
    case ErrorCode::kAborted:
      return grpc::StatusCode::ABORTED;
    case ErrorCode::kCancelled:
      return grpc::StatusCode::CANCELLED;
    case ErrorCode::kDataLoss:
      return grpc::StatusCode::DATA_LOSS;
    case ErrorCode::kInternal:
      return grpc::StatusCode::INTERNAL;
  }
  CheckFailed("known ErrorCode", __FILE__, __LINE__);
}

grpc::Status StatusOf(const Error& error) {
  return {CodeOf(error.code), error.reason + ": " + error.message};
}

Error Refused(std::string_view why) {
  return Error{ErrorCode::kInvalidArgument, std::string(why), "STREAM"};
}

// The barrier between our code and gRPC's or Asio's threads: an exception (out of memory, say) ends
// one call, not the process.
template <class Act>
grpc::Status Guarded(const Act& act) {
  try {
    return act();
  } catch (const std::exception&) {
    Log(LogLevel::kError, "exception in a call");
    return {grpc::StatusCode::INTERNAL, "the case system failed within"};
  }
}

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

// ---- RecordFiling ----------------------------------------------------------------------------

// One delivery. At most one operation of the stream is open at any time, and the next is begun only
// by the step that its end started: so no step runs beside another, and there is no mutex.
class CaseSystemService::RecordFilingCall final
    : public grpc::ServerBidiReactor<v1::RecordFilingRequest, v1::RecordFilingResponse> {
 public:
  RecordFilingCall(CaseSystemService& service, grpc::CallbackServerContext* context)
      : service_(service), system_(service.system_) {
    service_.Enter(context, [this](const grpc::Status& status) {
      if (!status.ok()) return Finish(status);
      StartRead(&request_);
    });
  }

  void OnReadDone(bool ok) override {
    system_.Post([this, ok] {
      const grpc::Status status = Guarded([&] { return ok ? Step() : Ended(); });
      if (!status.ok()) End(status);
    });
  }

  // The wanted documents were named.
  void OnWriteDone(bool ok) override {
    if (!ok) return End({grpc::StatusCode::CANCELLED, "the gateway went away"});
    StartRead(&request_);
  }

  void OnDone() override {
    {
      const std::lock_guard lock(service_.mutex_);
      --service_.record_filing_streams_;
      service_.delivery_ended_.notify_all();
    }
    delete this;
  }

 private:
  struct Wanted {
    std::uint32_t index = 0;
    std::unique_ptr<IncomingDocument> document;
  };

  // Takes one message. When it answers OK the next operation has been started, and *this may be
  // gone; when not, none has.
  grpc::Status Step() {
    if (!delivery_) return Begin();
    if (!request_.has_chunk()) return StatusOf(Refused("after the start only chunks may follow"));
    if (const auto taken = TakeChunk(request_.chunk()); !taken) return StatusOf(taken.error());
    if (!AllWhole()) {
      StartRead(&request_);
      return grpc::Status::OK;
    }
    return Commit();
  }

  static grpc::Status Ended() {
    return {grpc::StatusCode::CANCELLED, "the stream ended before the filing was whole"};
  }

  grpc::Status Begin() {
    if (!request_.has_start()) return StatusOf(Refused("the start must come first"));
    auto delivery = ReadDelivery(request_.start(), system_.courts());
    if (!delivery) return StatusOf(delivery.error());
    delivery_ = *std::move(delivery);
    under_way_.emplace(system_, delivery_->delivery_key);
    if (const auto ok = system_.CheckReachable(delivery_->header.court); !ok) {
      return StatusOf(ok.error());
    }
    const auto known = system_.ledger().Find(delivery_->delivery_key);
    if (!known) return StatusOf(known.error());
    if (*known) return AnswerKnown((*known)->record);
    return AskForDocuments();
  }

  grpc::Status AnswerKnown(const CourtRecord& record) {
    if (record.fingerprint != delivery_->fingerprint) {
      return StatusOf(Error{ErrorCode::kAlreadyExists,
                            "this delivery key was recorded with another fingerprint",
                            "OTHER_CONTENT"});
    }
    return AnswerRecord(record);
  }

  // A document whose bytes are here, from this or an earlier delivery, is not asked for again.
  grpc::Status AskForDocuments() {
    std::set<Digest> asked;
    const auto& documents = delivery_->header.documents;
    for (std::size_t i = 0; i < documents.size(); ++i) {
      const Document& document = documents[i];
      if (system_.documents().Has(document.sha256) || !asked.insert(document.sha256).second) {
        continue;
      }
      auto incoming = system_.documents().Begin(document.sha256, document.size_bytes);
      if (!incoming) return StatusOf(incoming.error());
      wanted_.push_back({static_cast<std::uint32_t>(i), *std::move(incoming)});
    }
    if (AllWhole()) return Commit();
    response_.Clear();
    for (const Wanted& wanted : wanted_) {
      if (!wanted.document->IsWhole()) {
        response_.mutable_wanted()->add_document_indexes(wanted.index);
      }
    }
    StartWrite(&response_);
    return grpc::Status::OK;
  }

  Result<bool> TakeChunk(const v1::DocumentChunk& chunk) {
    for (Wanted& wanted : wanted_) {
      if (wanted.index == chunk.document_index()) {
        return wanted.document->Append(chunk.offset_bytes(), chunk.data());
      }
    }
    return Refused("a chunk of a document that was not asked for");
  }

  bool AllWhole() const {
    return std::all_of(wanted_.begin(), wanted_.end(),
                       [](const Wanted& wanted) { return wanted.document->IsWhole(); });
  }

  grpc::Status Commit() {
    std::vector<std::unique_ptr<IncomingDocument>> documents;
    documents.reserve(wanted_.size());
    for (Wanted& wanted : wanted_) documents.push_back(std::move(wanted.document));
    wanted_.clear();
    const auto recorded = system_.Record(*delivery_, documents);
    if (!recorded) return StatusOf(recorded.error());
    if (recorded->fresh && system_.behaviour().TakeLostAnswer()) {
      return {grpc::StatusCode::UNAVAILABLE, "ORDERED: the answer was lost"};
    }
    return AnswerRecord(recorded->record);
  }

  grpc::Status AnswerRecord(const CourtRecord& record) {
    under_way_.reset();
    response_.Clear();
    *response_.mutable_record() = ToProto(record);
    StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
    return grpc::Status::OK;
  }

  // The key is given back first: whoever asks after this status gets a final answer.
  void End(const grpc::Status& status) {
    under_way_.reset();
    wanted_.clear();
    Finish(status);
  }

  CaseSystemService& service_;
  CaseSystem& system_;
  v1::RecordFilingRequest request_;
  v1::RecordFilingResponse response_;
  std::optional<Delivery> delivery_;
  std::optional<CaseSystem::UnderWay> under_way_;
  std::vector<Wanted> wanted_;
};

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
  return new RecordFilingCall(*this, context);
}

// ---- WatchRecords ----------------------------------------------------------------------------

// One watcher. Whoever has the turn may start an operation; the turn passes from the start to each
// operation's end, rests while there is no news (idle_), and is taken from there by the next wake.
class CaseSystemService::WatchRecordsCall final
    : public grpc::ServerWriteReactor<v1::WatchRecordsResponse> {
 public:
  WatchRecordsCall(CaseSystemService& service, std::string cursor)
      : service_(service), system_(service.system_), cursor_text_(std::move(cursor)) {}

  // Takes the first turn. Once.
  void Begin(grpc::CallbackServerContext* context) {
    service_.Enter(context, [this](const grpc::Status& status) {
      const grpc::Status begun = status.ok() ? Guarded([this] { return FindPlace(); }) : status;
      if (!begun.ok()) return Finish(begun);
      Pump();
    });
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return Finish({grpc::StatusCode::CANCELLED, "the watcher went away"});
    system_.Post([this] { Pump(); });
  }

  void OnCancel() override {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    Wake();
  }

  void OnDone() override {
    {
      const std::lock_guard lock(service_.mutex_);
      service_.watchers_.erase(this);
    }
    delete this;
  }

  // There may be news, or the end. Any thread.
  void Wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    if (!idle_) return;
    idle_ = false;
    system_.Post([this] { Pump(); });
  }

  void EndSoon() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    Wake();
  }

 private:
  // From where on to tell.
  grpc::Status FindPlace() {
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

  // With the turn: sends the next event, or rests.
  void Pump() {
    while (true) {
      {
        const std::lock_guard lock(mutex_);
        woken_ = false;
        if (ended_) break;
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

  void Send(const LedgerEvent& event) {
    cursor_ = event.cursor;
    response_.set_cursor(std::to_string(event.cursor));
    NB_CHECK(response_.mutable_record()->ParseFromString(event.record));
    StartWrite(&response_);
  }

  CaseSystemService& service_;
  CaseSystem& system_;
  const std::string cursor_text_;
  v1::WatchRecordsResponse response_;
  std::int64_t cursor_ = 0;
  std::vector<LedgerEvent> page_;
  std::size_t next_ = 0;

  std::mutex mutex_;  // Guards all below.
  bool idle_ = false;
  bool woken_ = false;
  bool ended_ = false;
};

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
  auto* call = new WatchRecordsCall(*this, request->cursor());
  {
    const std::lock_guard lock(mutex_);
    watchers_.insert(call);
  }
  call->Begin(context);
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

// ---- Unary calls -----------------------------------------------------------------------------

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
    if (!IsWellFormedText(request->reason())) return StatusOf(Refused("reason is not UTF-8"));
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
