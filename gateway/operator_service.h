// OperatorService: what operators may see and do, as nightbox.operator.v1 describes it.
//
// Only certificates of kind "operator" are answered; every act is journaled with who and why before
// it is answered.
#pragma once

#include <functional>
#include <string>

#include "gateway/court_reach.h"
#include "gateway/desk.h"
#include "gateway/record_reactor.h"
#include "gateway/terminations.h"
#include "nightbox/operator/v1/operator.grpc.pb.h"

namespace nightbox {

class OperatorService : public operator_::v1::OperatorService::CallbackService {
 public:
  // Has a draft about one filing committed, unless a delivery of it is under way (Replayer::Act).
  using Act = std::function<void(std::uint64_t filing_sequence, Draft draft, Committer::Done done)>;

  // Desk and table outlive it, and so do the signer and the root's text, by which the records of
  // cases are vouched for.
  OperatorService(Desk& desk, WallTime started_at, const CourtReachTable& reach, Act act,
                  const CmsSigner& signer, const std::string& root_pem)
      : desk_(desk),
        started_at_(started_at),
        reach_(reach),
        act_(std::move(act)),
        office_{signer, root_pem} {}

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const operator_::v1::GetStatusRequest* request,
                                      operator_::v1::Status* response) override;
  grpc::ServerUnaryReactor* ListBacklogs(grpc::CallbackServerContext* context,
                                         const operator_::v1::ListBacklogsRequest* request,
                                         operator_::v1::ListBacklogsResponse* response) override;
  grpc::ServerUnaryReactor* ListWaitingFilings(
      grpc::CallbackServerContext* context, const operator_::v1::ListWaitingFilingsRequest* request,
      operator_::v1::ListWaitingFilingsResponse* response) override;
  grpc::ServerUnaryReactor* HoldFiling(grpc::CallbackServerContext* context,
                                       const operator_::v1::HoldFilingRequest* request,
                                       operator_::v1::HeldFiling* response) override;
  grpc::ServerUnaryReactor* ReleaseFiling(grpc::CallbackServerContext* context,
                                          const operator_::v1::ReleaseFilingRequest* request,
                                          operator_::v1::HeldFiling* response) override;
  grpc::ServerUnaryReactor* ResolveDelivery(grpc::CallbackServerContext* context,
                                            const operator_::v1::ResolveDeliveryRequest* request,
                                            operator_::v1::ResolvedDelivery* response) override;
  grpc::ServerUnaryReactor* TerminateFiling(grpc::CallbackServerContext* context,
                                            const operator_::v1::TerminateFilingRequest* request,
                                            operator_::v1::Termination* response) override;
  grpc::ServerWriteReactor<operator_::v1::CaseRecordPiece>* ExportCaseRecord(
      grpc::CallbackServerContext* context,
      const operator_::v1::ExportCaseRecordRequest* request) override;

 private:
  Result<Caller> Identify(const grpc::CallbackServerContext& context) const;
  // The filing an operator's act is about, by its state alone where what was received cannot be
  // read back. What the operator writes is journaled: it must be there, and not say which case.
  Result<FilingSnapshot> Find(const std::string& filing_id, const std::string& reason) const;
  Result<void> CheckWords(const FilingSnapshot& filing, const std::string& words,
                          const char* field) const;
  bool HoldsNumberOfQueue(const std::string& words, const FilingState& state) const;
  // What a wish to end the filing means, as things stand.
  Result<Terminations::Answer> AskToTerminate(const FilingSnapshot& filing,
                                              const std::string& person,
                                              const std::string& authority);
  // Two persons have said so.
  void CarryOut(grpc::ServerContextBase& context, grpc::ServerUnaryReactor& reactor,
                const std::string& first_person, nightbox::TerminateFiling draft,
                operator_::v1::Termination& response);
  // Takes out of an answer about the filing what the policy on public access denies.
  void LeaveOut(grpc::ServerContextBase& context, const FilingSnapshot& filing,
                google::protobuf::Message& answer) const;
  // Has `Which` journaled, which is HoldFiling or ReleaseFiling of store/draft.h, and answers with
  // the filing as it stands then.
  template <class Which>
  grpc::ServerUnaryReactor* Carry(grpc::CallbackServerContext& context,
                                  const std::string& filing_id, const std::string& reason,
                                  operator_::v1::HeldFiling& response) const;

  Desk& desk_;
  const WallTime started_at_;
  const CourtReachTable& reach_;
  const Act act_;
  Terminations terminations_;
  RecordOffice office_;
};

}  // namespace nightbox
