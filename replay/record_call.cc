#include "replay/record_call.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <set>
#include <utility>

#include "core/check.h"
#include "proto/filing_codec.h"
#include "replay/grpc_fate.h"

namespace nightbox {
namespace {

namespace v1 = case_system::v1;

v1::RecordFilingRequest StartOf(const RecordRequest& request) {
  v1::RecordFilingRequest message;
  v1::RecordFilingStart& start = *message.mutable_start();
  start.set_delivery_key(std::string(request.delivery_key.view()));
  start.set_fingerprint(std::string(request.fingerprint.view()));
  start.set_filing_id(request.filing_id.str());
  start.set_gateway(request.gateway);
  *start.mutable_received_at() = ToProto(request.received_at);
  start.set_submitting_system(request.submitting_system.str());
  start.set_registered_user(request.registered_user.str());
  *start.mutable_header() = ToProto(request.header);
  start.set_resolved_case_number(request.resolved_case_number);
  start.set_receipt_json(request.receipt_json);
  start.set_receipt_p7s(request.receipt_p7s);
  return message;
}

// Lives until OnDone. While documents are sent a hold keeps the call open for the document pool;
// it is given back exactly once, by whoever finds that nothing more will be written.
//
// gRPC may run reactions inside the calls made to it, so none is made with the mutex held.
class RecordCall final
    : public grpc::ClientBidiReactor<v1::RecordFilingRequest, v1::RecordFilingResponse>,
      public std::enable_shared_from_this<RecordCall> {
 public:
  RecordCall(OpenCalls& calls, const boost::asio::any_io_executor& documents,
             const RecordRequest& request, std::shared_ptr<DocumentSource> source,
             const RecordCallOptions& options, std::function<void(RecordAnswer)> done)
      : calls_(calls),
        documents_(documents),
        source_(std::move(source)),
        options_(options),
        done_(std::move(done)),
        delivery_key_(request.delivery_key),
        sizes_(SizesOf(request)),
        request_(StartOf(request)),
        timer_(documents) {}

  void Begin(v1::CaseSystemService::Stub& stub) {
    if (!calls_.Add({shared_from_this(), &context_})) {
      // Stopped: nothing may leave any more.
      boost::asio::post(documents_, [self = shared_from_this()] {
        self->done_({DeliveryFate::kNotStarted, {}, {}, "stopping"});
      });
      return;
    }
    self_ = shared_from_this();
    stub.async()->RecordFiling(&context_, this);
    AddHold();
    Arm(options_.answer_timeout);
    StartRead(&response_);
    StartWrite(&request_);
    StartCall();
  }

  void OnWriteDone(bool ok) override {
    std::unique_lock lock(mutex_);
    if (!ok || (start_written_ && progress_ == DeliveryProgress::kSent)) {
      writing_ = false;
      const bool give_back = TakeHold();
      lock.unlock();
      if (ok) Arm(options_.record_timeout);
      if (give_back) RemoveHold();
      return;
    }
    start_written_ = true;
    if (writing_) ReadNext();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Close();
    if (response_.has_record()) return TakeRecord();
    if (response_.has_wanted()) return TakeWanted();
    GiveUp("the case system answered with nothing");
  }

  void OnDone(const grpc::Status& status) override {
    RecordAnswer answer = Answer(status);
    std::shared_ptr<RecordCall> self;
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      ++timer_turn_;
      timer_.cancel();
      self = std::move(self_);
    }
    done_(std::move(answer));
    calls_.Remove(&context_);
  }

 private:
  static std::vector<std::int64_t> SizesOf(const RecordRequest& request) {
    std::vector<std::int64_t> sizes;
    sizes.reserve(request.header.documents.size());
    for (const Document& document : request.header.documents) sizes.push_back(document.size_bytes);
    return sizes;
  }

  void TakeRecord() {
    auto record = FromProto(response_.record());
    if (!record || record->delivery_key != delivery_key_) {
      {
        // It says that something is recorded: then nothing is known of this delivery any more.
        const std::lock_guard lock(mutex_);
        progress_ = DeliveryProgress::kSent;
        claimed_ = true;
      }
      return GiveUp("the case system's record is not of this delivery");
    }
    {
      const std::lock_guard lock(mutex_);
      record_ = *std::move(record);
    }
    // The status is only good manners now; but it is waited for, not for ever.
    Arm(options_.answer_timeout);
    StartRead(&response_);
    Close();
  }

  void TakeWanted() {
    const auto& indexes = response_.wanted().document_indexes();
    const std::set<std::uint32_t> distinct(indexes.begin(), indexes.end());
    if (distinct.empty() || distinct.size() != static_cast<std::size_t>(indexes.size()) ||
        *distinct.rbegin() >= sizes_.size()) {
      return GiveUp("the case system asks for documents that are not there");
    }
    {
      const std::lock_guard lock(mutex_);
      asked_twice_ = claimed_ || progress_ != DeliveryProgress::kAsked;
      if (!asked_twice_) {
        wanted_.assign(indexes.begin(), indexes.end());
        progress_ = DeliveryProgress::kSending;
        writing_ = true;
        // The end of the start's own write may still be to come: one write at a time.
        if (start_written_) ReadNext();
      }
    }
    if (asked_twice_) return GiveUp("the case system asks for documents twice");
    Arm(options_.chunk_timeout);
    StartRead(&response_);
  }

  // The next chunk is read where blocking is allowed.
  void ReadNext() {
    boost::asio::post(documents_, [self = shared_from_this()] { self->SendNext(); });
  }

  void SendNext() {
    if (IsClosed()) return WriteNoMore();
    const std::uint32_t index = wanted_[next_wanted_];
    const std::int64_t left = std::max<std::int64_t>(sizes_[index] - offset_, 0);
    const std::size_t max = std::min(options_.chunk_bytes, static_cast<std::size_t>(left));
    Result<std::string> bytes = max == 0 ? std::string() : source_->Read(index, offset_, max);
    if (!bytes || bytes->size() != max) return Unreadable(bytes);
    request_.Clear();
    v1::DocumentChunk& chunk = *request_.mutable_chunk();
    chunk.set_document_index(index);
    chunk.set_offset_bytes(offset_);
    chunk.set_data(*std::move(bytes));
    offset_ += static_cast<std::int64_t>(max);
    if (offset_ >= sizes_[index]) {
      ++next_wanted_;
      offset_ = 0;
    }
    const bool last = next_wanted_ == wanted_.size();
    if (last) {
      // Said before the bytes leave: from here on the case system may have all it needs.
      const std::lock_guard lock(mutex_);
      progress_ = DeliveryProgress::kSent;
    }
    Arm(options_.chunk_timeout);
    if (last) {
      StartWriteLast(&request_, grpc::WriteOptions());
    } else {
      StartWrite(&request_);
    }
  }

  void Unreadable(const Result<std::string>& bytes) {
    {
      const std::lock_guard lock(mutex_);
      // The last chunk has not been sent: the case system cannot have recorded the filing. Bytes
      // that are lost stay lost; any other trouble of the disk may pass.
      const bool lost = bytes || bytes.error().code == ErrorCode::kDataLoss ||
                        bytes.error().code == ErrorCode::kNotFound;
      unreadable_ = lost ? DeliveryFate::kUndeliverable : DeliveryFate::kStalled;
      detail_ = bytes ? "a stored document ends early" : bytes.error().message;
    }
    context_.TryCancel();
    WriteNoMore();
  }

  bool IsClosed() {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

  // The stream brings no more; the writer, if there is one, will find out by itself.
  void Close() {
    bool give_back = false;
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      give_back = !writing_ && TakeHold();
    }
    if (give_back) RemoveHold();
  }

  void WriteNoMore() {
    bool give_back = false;
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
      give_back = TakeHold();
    }
    if (give_back) RemoveHold();
  }

  void GiveUp(const char* why) {
    {
      const std::lock_guard lock(mutex_);
      detail_ = why;
    }
    context_.TryCancel();
    Close();
  }

  // With mutex_ held. True: the caller gives the hold back, after the mutex.
  bool TakeHold() { return std::exchange(held_, false); }

  void Arm(std::chrono::milliseconds timeout) {
    const std::lock_guard lock(mutex_);
    if (self_ == nullptr) return;  // It is over.
    timer_.expires_after(timeout);
    timer_.async_wait([self = self_, turn = ++timer_turn_](const auto& error) {
      if (!error) self->Expire(turn);
    });
  }

  void Expire(std::uint64_t turn) {
    {
      const std::lock_guard lock(mutex_);
      if (turn != timer_turn_) return;
      expired_ = true;
    }
    context_.TryCancel();
  }

  RecordAnswer Answer(const grpc::Status& status) {
    const std::lock_guard lock(mutex_);
    RecordAnswer answer;
    if (record_) {
      answer.fate = DeliveryFate::kSettled;
      answer.record = std::move(record_);
      return answer;
    }
    const CallEnd end = EndOf(status, context_, expired_);
    answer.fate = unreadable_ ? *unreadable_ : DeliveryFateOf(end, progress_);
    answer.retry_after = std::max(end.retry_after, std::chrono::milliseconds(0));
    answer.detail = detail_.empty() ? ToString(end.code) : detail_;
    if (answer.fate == DeliveryFate::kUndeliverable && detail_.empty()) {
      answer.detail = "the case system has this delivery key with other content";
    }
    return answer;
  }

  OpenCalls& calls_;
  const boost::asio::any_io_executor documents_;
  const std::shared_ptr<DocumentSource> source_;
  const RecordCallOptions options_;
  const std::function<void(RecordAnswer)> done_;  // Holds the connection: it goes after context_.
  const Digest delivery_key_;
  const std::vector<std::int64_t> sizes_;
  grpc::ClientContext context_;

  // Whoever starts the next write, one after another.
  v1::RecordFilingRequest request_;
  std::vector<std::uint32_t> wanted_;
  std::size_t next_wanted_ = 0;
  std::int64_t offset_ = 0;
  // The reading side.
  v1::RecordFilingResponse response_;
  bool asked_twice_ = false;

  std::mutex
      mutex_;  // Guards all below: gRPC's threads, the document pool and the timer meet here.
  boost::asio::steady_timer timer_;
  std::uint64_t timer_turn_ = 0;
  std::shared_ptr<RecordCall> self_;  // Until it is over.
  bool start_written_ = false;
  bool claimed_ = false;  // A record came that cannot be taken.
  DeliveryProgress progress_ = DeliveryProgress::kAsked;
  bool held_ = true;
  bool writing_ = false;
  bool closed_ = false;
  bool expired_ = false;
  std::optional<CourtRecord> record_;
  std::optional<DeliveryFate> unreadable_;
  std::string detail_;
};

}  // namespace

bool OpenCalls::Add(std::shared_ptr<grpc::ClientContext> context) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return false;
  grpc::ClientContext* const key = context.get();
  contexts_.emplace(key, std::move(context));
  return true;
}

void OpenCalls::Remove(grpc::ClientContext* context) {
  const std::lock_guard lock(mutex_);
  const auto found = contexts_.find(context);
  NB_CHECK(found != contexts_.end());
  contexts_.erase(found);
  if (contexts_.empty()) none_.notify_all();
}

void OpenCalls::Stop() {
  std::map<grpc::ClientContext*, std::shared_ptr<grpc::ClientContext>> open;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    open = contexts_;
  }
  for (const auto& [key, context] : open) context->TryCancel();
}

void OpenCalls::WaitUntilNone() {
  std::unique_lock lock(mutex_);
  none_.wait(lock, [this] { return contexts_.empty(); });
}

void StartRecordCall(v1::CaseSystemService::Stub& stub, OpenCalls& calls,
                     const boost::asio::any_io_executor& documents, const RecordRequest& request,
                     std::shared_ptr<DocumentSource> source, const RecordCallOptions& options,
                     std::function<void(RecordAnswer)> done) {
  std::make_shared<RecordCall>(calls, documents, request, std::move(source), options,
                               std::move(done))
      ->Begin(stub);
}

}  // namespace nightbox
