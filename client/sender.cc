#include "client/sender.h"

#include <algorithm>

#include "core/check.h"

namespace nightbox::client {
namespace {

using std::chrono::milliseconds;

// The gateway no longer has what it had: a few times that is a race with its clean-up, more often
// something is wrong.
constexpr int kStartsOverMax = 3;

bool FitsInline(const FilingHeader& header) {
  return header.TotalBytes() <= Sender::kInlineFilingMax &&
         std::all_of(header.documents.begin(), header.documents.end(), [](const Document& each) {
           return each.size_bytes <= Sender::kInlineDocumentMax;
         });
}

std::size_t IndexOf(const FilingHeader& header, const MissingDocument& missing) {
  for (std::size_t i = 0; i < header.documents.size(); ++i) {
    if (header.documents[i].sha256 == missing.sha256 &&
        header.documents[i].size_bytes == missing.size_bytes) {
      return i;
    }
  }
  return header.documents.size();
}

// Refusals of the content itself: the same package would be refused for ever.
bool EndsTheEntry(const CallFailure& failure) {
  return failure.again == Again::kFinal && !failure.helps_to_start_over &&
         (failure.code == CallCode::kInvalidArgument || failure.code == CallCode::kAlreadyExists);
}

bool IsSaneOffset(std::int64_t offset, const Document& document) {
  return offset >= 0 && offset <= document.size_bytes;
}

}  // namespace

Sender::Sender(IntakeClient& client, const Outbox& outbox, std::string root_pem, const Clock& clock,
               Random& random, StopSignal& stop, SendLimits limits, SendObserver observer)
    : client_(client),
      outbox_(outbox),
      root_pem_(std::move(root_pem)),
      clock_(clock),
      stop_(stop),
      limits_(limits),
      observer_(std::move(observer)),
      backoff_(limits.backoff, random),
      meter_(limits.limit_rate, clock, stop) {}

CallResult<SendReport> Sender::Send(OutboxEntry& entry) {
  NB_CHECK(entry.next_step() == EntryStep::kSend);
  give_up_at_ = clock_.BootNow() + limits_.timeout;
  starts_over_left_ = kStartsOverMax;
  // The note that we tried is on disk before anybody could have received anything.
  const Result<void> started = outbox_.Note(entry, {clock_.Now(), "started"});
  if (!started) return CallFailure::Local(started.error());

  while (true) {
    ++counts_.tries;
    CallResult<SendReport> report = SendOnce(entry);
    if (report) return report;
    CallFailure failure = report.error();
    if (MayStartOver(failure)) failure.again = Again::kRetry;
    if (EndsTheEntry(failure)) {
      (void)outbox_.Note(entry, {clock_.Now(), "refused", failure.reason, failure.attempt_id});
      const Result<void> recorded = outbox_.RecordRefusal(entry, failure, clock_.Now());
      if (recorded) (void)outbox_.FileAway(entry);
      return failure;
    }
    NB_RETURN_IF_ERROR(WaitBeforeRetry(entry, failure));
  }
}

CallResult<SendReport> Sender::SendOnce(OutboxEntry& entry) {
  const bool small = FitsInline(entry.package().header);
  NB_ASSIGN_OR_RETURN(const FilingState filing,
                      small ? CreateInline(entry) : UploadAndCreate(entry));
  return Accept(entry, filing);
}

CallResult<FilingState> Sender::CreateInline(OutboxEntry& entry) {
  std::vector<std::string> documents;
  for (std::size_t i = 0; i < entry.package().header.documents.size(); ++i) {
    Result<std::string> bytes = ReadWholeFile(entry.DocumentPath(i), kInlineDocumentMax);
    if (!bytes) return CallFailure::Local(bytes.error());
    meter_.Sent(static_cast<std::int64_t>(bytes->size()), static_cast<std::int64_t>(bytes->size()));
    documents.push_back(std::move(*bytes));
  }
  counts_.bytes_sent = meter_.bytes_sent();
  return client_.CreateFiling(entry.package(), *entry.first_tried_at(), documents);
}

CallResult<FilingState> Sender::UploadAndCreate(OutboxEntry& entry) {
  const Package& package = entry.package();
  NB_ASSIGN_OR_RETURN(const MissingDocuments answer, client_.FindMissingDocuments(package));
  if (answer.filing) return *answer.filing;

  for (const MissingDocument& missing : answer.missing) {
    const std::size_t index = IndexOf(package.header, missing);
    if (index == package.header.documents.size() ||
        !IsSaneOffset(missing.committed_size_bytes, package.header.documents[index])) {
      return CallFailure::Contradiction("The gateway asks for a document that was not announced.");
    }
    NB_RETURN_IF_ERROR(Upload(entry, index, missing.committed_size_bytes));
  }
  return client_.CreateFiling(package, *entry.first_tried_at(), {});
}

CallResult<void> Sender::Upload(OutboxEntry& entry, std::size_t index, std::int64_t offset) {
  const Package& package = entry.package();
  const Document& document = package.header.documents[index];
  meter_.set_progress([this, index](std::int64_t position) {
    if (observer_.on_progress) observer_.on_progress(index, position);
  });
  while (true) {
    if (offset > 0) {
      counts_.bytes_resumed += offset;
      if (observer_.on_resume) observer_.on_resume(index, offset);
    }
    const CallResult<UploadState> written = client_.WriteDocument(
        package.registered_user, document, entry.DocumentPath(index), offset, meter_);
    counts_.bytes_sent = meter_.bytes_sent();
    if (written && written->complete) return {};
    if (written) {
      // The gateway ended the stream in good order before its end; go on from what it has.
      if (written->committed_size_bytes <= offset ||
          !IsSaneOffset(written->committed_size_bytes, document)) {
        return CallFailure::Contradiction("The gateway took bytes and does not have them.");
      }
      offset = written->committed_size_bytes;
      continue;
    }
    if (MayStartOver(written.error())) return written.error();
    NB_RETURN_IF_ERROR(WaitBeforeRetry(entry, written.error()));
    ++counts_.tries;

    // What was durably stored is not sent again.
    CallResult<UploadState> state = AskHowFar(package, document);
    while (!state) {
      NB_RETURN_IF_ERROR(WaitBeforeRetry(entry, state.error()));
      state = AskHowFar(package, document);
    }
    if (state->complete) return {};
    if (!IsSaneOffset(state->committed_size_bytes, document)) {
      return CallFailure::Contradiction("The gateway has more bytes than the document.");
    }
    if (state->committed_size_bytes > offset) {
      backoff_.Reset();
      give_up_at_ = clock_.BootNow() + limits_.timeout;
    }
    offset = state->committed_size_bytes;
  }
}

CallResult<UploadState> Sender::AskHowFar(const Package& package, const Document& document) {
  CallResult<UploadState> state =
      client_.QueryDocumentWrite(package.registered_user, document.sha256);
  // Nothing of it arrived.
  if (!state && state.error().code == CallCode::kNotFound) return UploadState{};
  return state;
}

CallResult<SendReport> Sender::Accept(OutboxEntry& entry, const FilingState& filing) {
  const Result<ReceiptVerdict> verdict =
      CheckReceipt(entry.package(), filing, root_pem_, clock_.Now());
  if (!verdict) return CallFailure::Contradiction(verdict.error().message);
  const Result<void> recorded = outbox_.RecordReceipt(entry, filing, clock_.Now());
  if (!recorded) return CallFailure::Local(recorded.error());
  (void)outbox_.Note(entry, {clock_.Now(), "received"});
  if (entry.next_step() == EntryStep::kFileAway) {
    const Result<void> moved = outbox_.FileAway(entry);
    if (!moved) return CallFailure::Local(moved.error());
  }
  return SendReport{filing, *verdict};
}

// The gateway's state changed under us: what was stored is gone, the upload stands elsewhere, or
// the bytes did not arrive as they left. Asking again what is missing puts it right.
bool Sender::MayStartOver(const CallFailure& failure) const {
  return failure.helps_to_start_over && starts_over_left_ > 0;
}

CallResult<void> Sender::WaitBeforeRetry(OutboxEntry& entry, const CallFailure& failure) {
  if (failure.again == Again::kFinal) {
    if (failure.reason != "interrupted") {
      (void)outbox_.Note(entry, {clock_.Now(), "failed", failure.reason, failure.attempt_id});
    }
    return failure;
  }
  if (MayStartOver(failure)) --starts_over_left_;
  (void)outbox_.Note(entry, {clock_.Now(), "failed", failure.reason, failure.attempt_id});
  const milliseconds wait = backoff_.Next(failure.retry_after);
  if (clock_.BootNow() + wait > give_up_at_) return failure;
  if (observer_.on_retry) observer_.on_retry(failure, wait);
  if (!stop_.Wait(wait)) return CallFailure::Interrupted();
  return {};
}

}  // namespace nightbox::client
