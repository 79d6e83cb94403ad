// RecordFilingCall: one delivery, from its start to its record.
//
// At most one operation of the stream is open at any time, and the next is begun only by the step
// that its end started: so no step runs beside another, and there is no mutex. Every step is taken
// on the case system's workers; memory is one chunk, because documents go to files as they come.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "nightbox/case_system/v1/case_system.grpc.pb.h"
#include "ops/case_system/case_system.h"

namespace nightbox {

// Belongs to gRPC: it deletes itself when the call is done.
class RecordFilingCall final
    : public grpc::ServerBidiReactor<case_system::v1::RecordFilingRequest,
                                     case_system::v1::RecordFilingResponse> {
 public:
  // `ended` is called once, last, when nothing of the stream is open any more.
  RecordFilingCall(CaseSystem& system, std::function<void()> ended);

  // Once: begins, or ends with the status when the call may not enter.
  void Begin(const grpc::Status& entered);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone() override;

 private:
  struct Wanted {
    std::uint32_t index = 0;
    std::unique_ptr<IncomingDocument> document;
  };

  // These answer OK when the next operation has been started, and *this may then be gone; when they
  // do not, none has.
  grpc::Status Step();
  grpc::Status Start();
  grpc::Status AnswerKnown(const CourtRecord& record);
  grpc::Status AskForDocuments();
  grpc::Status Commit();
  grpc::Status AnswerRecord(const CourtRecord& record);

  Result<bool> TakeChunk(const case_system::v1::DocumentChunk& chunk);
  bool AllWhole() const;
  void End(const grpc::Status& status);

  CaseSystem& system_;
  const std::function<void()> ended_;
  case_system::v1::RecordFilingRequest request_;
  case_system::v1::RecordFilingResponse response_;
  std::optional<Delivery> delivery_;
  std::optional<CaseSystem::UnderWay> under_way_;
  std::vector<Wanted> wanted_;
};

}  // namespace nightbox
