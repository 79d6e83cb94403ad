// RecordCall: one RecordFiling stream, from the start to the case system's answer.
//
// The start goes first. The case system answers with the record it already has, or with the
// documents it wants; those follow in chunks, each read on the document pool just before it is
// sent, so that one chunk is all a delivery holds in memory. Each phase has its own time limit. The
// answer says exactly as much as is known (replay/grpc_fate.h).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "nightbox/case_system/v1/case_system.grpc.pb.h"
#include "replay/case_system_port.h"

namespace nightbox {

struct RecordCallOptions {
  std::size_t chunk_bytes = 256 << 10;
  // From the start to the first answer.
  std::chrono::milliseconds answer_timeout = std::chrono::seconds(30);
  // For one chunk to be taken.
  std::chrono::milliseconds chunk_timeout = std::chrono::seconds(60);
  // From the last chunk to the record.
  std::chrono::milliseconds record_timeout = std::chrono::seconds(60);
};

// The calls under way, so that they can be cancelled and waited for. Thread-safe.
//
// gRPC may run a call's last reaction inside TryCancel, so nothing is cancelled with the mutex
// held; the shared pointers keep the contexts alive meanwhile.
class OpenCalls {
 public:
  // False after Stop(): the call must not be made.
  bool Add(std::shared_ptr<grpc::ClientContext> context);
  // The last thing a call does.
  void Remove(grpc::ClientContext* context);
  // Cancels all, and refuses those to come.
  void Stop();
  void WaitUntilNone();

 private:
  std::mutex mutex_;  // Guards all below.
  std::condition_variable none_;
  std::map<grpc::ClientContext*, std::shared_ptr<grpc::ClientContext>> contexts_;
  bool stopped_ = false;
};

// Begins the call; `done` is called exactly once, from a thread of gRPC's. `calls` must outlive it,
// and `documents` must run until then.
void StartRecordCall(case_system::v1::CaseSystemService::Stub& stub, OpenCalls& calls,
                     const boost::asio::any_io_executor& documents, const RecordRequest& request,
                     std::shared_ptr<DocumentSource> source, const RecordCallOptions& options,
                     std::function<void(RecordAnswer)> done);

}  // namespace nightbox
