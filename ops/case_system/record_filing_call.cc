#include "ops/case_system/record_filing_call.h"

#include <algorithm>
#include <set>
#include <utility>

#include "ops/case_system/call_status.h"
#include "proto/filing_codec.h"

namespace nightbox {
namespace {

namespace v1 = case_system::v1;

}  // namespace

RecordFilingCall::RecordFilingCall(CaseSystem& system, std::function<void()> ended)
    : system_(system), ended_(std::move(ended)) {}

void RecordFilingCall::Begin(const grpc::Status& entered) {
  if (!entered.ok()) return Finish(entered);
  StartRead(&request_);
}

void RecordFilingCall::OnReadDone(bool ok) {
  system_.Post([this, ok] {
    const grpc::Status status = Guarded([&] {
      if (ok) return Step();
      return grpc::Status(grpc::StatusCode::CANCELLED,
                          "the stream ended before the filing was whole");
    });
    if (!status.ok()) End(status);
  });
}

// The wanted documents were named.
void RecordFilingCall::OnWriteDone(bool ok) {
  if (!ok) return End({grpc::StatusCode::CANCELLED, "the gateway went away"});
  StartRead(&request_);
}

void RecordFilingCall::OnDone() {
  const std::function<void()> ended = ended_;
  delete this;
  ended();
}

grpc::Status RecordFilingCall::Step() {
  if (!delivery_) return Start();
  if (!request_.has_chunk()) return StatusOf(BadStream("after the start only chunks may follow"));
  if (const auto taken = TakeChunk(request_.chunk()); !taken) return StatusOf(taken.error());
  if (!AllWhole()) {
    StartRead(&request_);
    return grpc::Status::OK;
  }
  return Commit();
}

grpc::Status RecordFilingCall::Start() {
  if (!request_.has_start()) return StatusOf(BadStream("the start must come first"));
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

grpc::Status RecordFilingCall::AnswerKnown(const CourtRecord& record) {
  if (record.fingerprint != delivery_->fingerprint) {
    return StatusOf(Error{ErrorCode::kAlreadyExists,
                          "this delivery key was recorded with another fingerprint",
                          "OTHER_CONTENT"});
  }
  return AnswerRecord(record);
}

// A document whose bytes are here, from this or an earlier delivery, is not asked for again.
grpc::Status RecordFilingCall::AskForDocuments() {
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

Result<bool> RecordFilingCall::TakeChunk(const v1::DocumentChunk& chunk) {
  for (Wanted& wanted : wanted_) {
    if (wanted.index == chunk.document_index()) {
      return wanted.document->Append(chunk.offset_bytes(), chunk.data());
    }
  }
  return BadStream("a chunk of a document that was not asked for");
}

bool RecordFilingCall::AllWhole() const {
  return std::all_of(wanted_.begin(), wanted_.end(),
                     [](const Wanted& wanted) { return wanted.document->IsWhole(); });
}

grpc::Status RecordFilingCall::Commit() {
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

grpc::Status RecordFilingCall::AnswerRecord(const CourtRecord& record) {
  under_way_.reset();
  response_.Clear();
  *response_.mutable_record() = ToProto(record);
  StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
  return grpc::Status::OK;
}

// The key is given back first: whoever asks after this status gets a final answer.
void RecordFilingCall::End(const grpc::Status& status) {
  under_way_.reset();
  wanted_.clear();
  Finish(status);
}

}  // namespace nightbox
