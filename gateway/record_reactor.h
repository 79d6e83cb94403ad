// ExportCaseRecord: one call that hands an operator the official record of a case, piece by piece.
//
// The act is journaled, with who and why and the SHA-256 of record.json, before the first byte of
// the record leaves; neither journal nor log nor metric holds the case number. Gathering runs on
// the document pool and reads every document of the case: one record is made at a time.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <string>

#include "gateway/desk.h"
#include "nightbox/operator/v1/operator.grpc.pb.h"

namespace nightbox {

// What records are signed with, and whether one is being made. Outlives every call.
struct RecordOffice {
  const CmsSigner& signer;
  const std::string& root_pem;
  std::atomic<bool> busy = false;
};

// The call's reactor; it keeps itself alive until the call is done. `desk` and `office` outlive it.
grpc::ServerWriteReactor<operator_::v1::CaseRecordPiece>* ExportOneRecord(
    const Desk& desk, RecordOffice& office, grpc::CallbackServerContext& context,
    const Result<Caller>& caller, const operator_::v1::ExportCaseRecordRequest& request);

}  // namespace nightbox
