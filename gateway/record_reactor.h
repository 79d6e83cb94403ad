// ExportCaseRecord: one call that hands an operator the official record of a case, piece by piece.
//
// The act is journaled, with who and why and the SHA-256 of record.json, before the first byte of
// the record leaves; neither journal nor log nor metric holds the case number. Gathering runs on
// the document pool and reads every document of the case: one record is made at a time. A document
// that is found damaged is quarantined, so that the same bytes sent again make it whole. The call
// ends at its next step, and gathering at its next row, when the caller goes away, the gateway
// stops or the time is over; and no piece leaves for whoever may not operate any more.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <functional>
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

// From the call's beginning to its last byte; a caller that stops reading does not keep the office
// longer. The caller's own limit is ops/nightboxctl/operator_client.cc's.
inline constexpr std::chrono::hours kRecordTimeMax{1};

// The call's reactor; it keeps itself alive until the call is done. `desk` and `office` outlive it.
// `identify` says who calls and whether that is an operator still; it is asked again as the call
// goes on, from any thread.
grpc::ServerWriteReactor<operator_::v1::CaseRecordPiece>* ExportOneRecord(
    const Desk& desk, RecordOffice& office, grpc::CallbackServerContext& context,
    std::function<Result<Caller>()> identify,
    const operator_::v1::ExportCaseRecordRequest& request);

}  // namespace nightbox
