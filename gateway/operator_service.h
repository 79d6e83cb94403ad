// OperatorService: what operators may see and do, as nightbox.operator.v1 describes it.
//
// Only certificates of kind "operator" are answered; every act is journaled with who and why before
// it is answered.
#pragma once

#include <string>

#include "gateway/court_reach.h"
#include "gateway/desk.h"
#include "gateway/record_reactor.h"
#include "nightbox/operator/v1/operator.grpc.pb.h"

namespace nightbox {

class OperatorService : public operator_::v1::OperatorService::CallbackService {
 public:
  // Desk and table outlive it, and so do the signer and the root's text, by which the records of
  // cases are vouched for.
  OperatorService(Desk& desk, WallTime started_at, const CourtReachTable& reach,
                  const CmsSigner& signer, const std::string& root_pem)
      : desk_(desk), started_at_(started_at), reach_(reach), office_{signer, root_pem} {}

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
  grpc::ServerWriteReactor<operator_::v1::CaseRecordPiece>* ExportCaseRecord(
      grpc::CallbackServerContext* context,
      const operator_::v1::ExportCaseRecordRequest* request) override;

 private:
  Result<Caller> Identify(const grpc::CallbackServerContext& context) const;
  // The filing an operator's act is about.
  Result<FilingSnapshot> Find(const std::string& filing_id, const std::string& reason) const;
  // Has `Act` journaled, which is HoldFiling or ReleaseFiling of store/draft.h, and answers with
  // the filing as it stands then.
  template <class Act>
  grpc::ServerUnaryReactor* Carry(grpc::CallbackServerContext& context,
                                  const std::string& filing_id, const std::string& reason,
                                  operator_::v1::HeldFiling& response) const;

  Desk& desk_;
  const WallTime started_at_;
  const CourtReachTable& reach_;
  RecordOffice office_;
};

}  // namespace nightbox
