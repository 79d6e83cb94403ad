// nightbox.case_system.v1 over gRPC: the callback API in front of CaseSystem.
//
// gRPC's threads only hand over; every decision and all blocking work happens on the case system's
// workers. Memory per stream is one chunk: documents go to files as they come. Only certificates
// with the URI urn:nightbox:gateway:NAME are served.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>

#include "nightbox/case_system/v1/case_system.grpc.pb.h"
#include "ops/case_system/case_system.h"

namespace nightbox {

class WatchRecordsCall;

inline constexpr int kRecordFilingStreamsMax = 64;
inline constexpr int kWatchStreamsMax = 64;

class CaseSystemService final : public case_system::v1::CaseSystemService::CallbackService {
 public:
  explicit CaseSystemService(CaseSystem& system);

  // No stream may be open any more.
  ~CaseSystemService() override;

  // Refuses new deliveries and watchers, ends the watchers' streams and the ordered delays, and
  // waits for the open deliveries to end, but no longer than `patience`.
  void Drain(std::chrono::milliseconds patience);

  grpc::ServerBidiReactor<case_system::v1::RecordFilingRequest,
                          case_system::v1::RecordFilingResponse>*
  RecordFiling(grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* GetFilingRecord(grpc::CallbackServerContext* context,
                                            const case_system::v1::GetFilingRecordRequest* request,
                                            filing::v1::CourtRecord* response) override;
  grpc::ServerWriteReactor<case_system::v1::WatchRecordsResponse>* WatchRecords(
      grpc::CallbackServerContext* context,
      const case_system::v1::WatchRecordsRequest* request) override;
  grpc::ServerUnaryReactor* RequestWithdrawal(
      grpc::CallbackServerContext* context,
      const case_system::v1::RequestWithdrawalRequest* request,
      filing::v1::CourtRecord* response) override;
  grpc::ServerUnaryReactor* CheckCourts(grpc::CallbackServerContext* context,
                                        const case_system::v1::CheckCourtsRequest* request,
                                        case_system::v1::CheckCourtsResponse* response) override;

 private:
  // Refuses callers without a gateway's certificate, then lets the ordered fault or delay happen,
  // then goes on from a worker.
  void Enter(grpc::CallbackServerContext* context, std::function<void(grpc::Status)> go_on);
  // A unary call: `act` fills the response on a worker.
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context,
                                   std::function<grpc::Status()> act);
  void WakeWatchers();

  CaseSystem& system_;
  std::mutex mutex_;  // Guards all below.
  std::set<WatchRecordsCall*> watchers_;
  std::set<std::shared_ptr<boost::asio::steady_timer>> delays_;
  int record_filing_streams_ = 0;
  std::condition_variable delivery_ended_;
  bool ending_ = false;
};

}  // namespace nightbox
