// WatchRecordsCall: one watcher, told of every change of a record after its cursor.
//
// Whoever has the turn may start an operation of the stream; the turn passes from Begin to each
// operation's end, rests while there is no news, and is taken from there by the next wake. So
// nothing runs beside itself, and a watcher without news costs nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "nightbox/case_system/v1/case_system.grpc.pb.h"
#include "ops/case_system/case_system.h"

namespace nightbox {

// Belongs to gRPC: it deletes itself when the call is done.
class WatchRecordsCall final
    : public grpc::ServerWriteReactor<case_system::v1::WatchRecordsResponse> {
 public:
  // `ended` is called once, last but for the deleting: nobody may wake this call any more when it
  // returns.
  WatchRecordsCall(CaseSystem& system, std::string cursor,
                   std::function<void(WatchRecordsCall*)> ended);

  // Once: takes the first turn, or ends with the status when the call may not enter.
  void Begin(const grpc::Status& entered);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  // There may be news. Any thread.
  void Wake();
  // The stream ends as soon as it may. Any thread.
  void EndSoon();

 private:
  // From where on to tell.
  grpc::Status FindPlace();
  // With the turn: sends the next event, or rests.
  void Pump();
  void Send(const LedgerEvent& event);

  CaseSystem& system_;
  const std::string cursor_text_;
  const std::function<void(WatchRecordsCall*)> ended_;
  case_system::v1::WatchRecordsResponse response_;
  std::int64_t cursor_ = 0;
  std::vector<LedgerEvent> page_;
  std::size_t next_ = 0;

  std::mutex mutex_;  // Guards all below.
  bool idle_ = false;
  bool woken_ = false;
  bool ending_ = false;
};

}  // namespace nightbox
