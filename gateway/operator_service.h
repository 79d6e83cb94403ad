// OperatorService: what operators may see and do, as nightbox.operator.v1 describes it.
//
// Only certificates of kind "operator" are answered; every act is journaled with who and why before
// it is answered.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "gateway/desk.h"
#include "nightbox/operator/v1/operator.grpc.pb.h"

namespace nightbox {

// What replay knows of one court just now.
struct CourtReach {
  enum class State { kUnknown, kBackingOff, kProbing, kFlowing };
  CourtId court;
  State state = State::kUnknown;
  std::optional<WallTime> next_try_at;
};

class OperatorService : public operator_::v1::OperatorService::CallbackService {
 public:
  OperatorService(Desk& desk, WallTime started_at, std::function<CourtReach(const CourtId&)> reach)
      : desk_(desk), started_at_(started_at), reach_(std::move(reach)) {}

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const operator_::v1::GetStatusRequest* request,
                                      operator_::v1::Status* response) override;
  grpc::ServerUnaryReactor* ListBacklogs(grpc::CallbackServerContext* context,
                                         const operator_::v1::ListBacklogsRequest* request,
                                         operator_::v1::ListBacklogsResponse* response) override;
  grpc::ServerUnaryReactor* HoldFiling(grpc::CallbackServerContext* context,
                                       const operator_::v1::HoldFilingRequest* request,
                                       operator_::v1::HeldFiling* response) override;
  grpc::ServerUnaryReactor* ReleaseFiling(grpc::CallbackServerContext* context,
                                          const operator_::v1::ReleaseFilingRequest* request,
                                          operator_::v1::HeldFiling* response) override;

 private:
  Result<Caller> Identify(const grpc::CallbackServerContext& context) const;
  // The filing an operator's act is about.
  Result<FilingSnapshot> Find(const std::string& filing_id, const std::string& reason) const;

  Desk& desk_;
  const WallTime started_at_;
  const std::function<CourtReach(const CourtId&)> reach_;
};

}  // namespace nightbox
