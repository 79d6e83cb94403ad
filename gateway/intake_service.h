// IntakeService: the front door, as nightbox.intake.v1 describes it.
//
// Parses, asks who calls, admits or refuses, and hands over: to the document pool for bytes, to the
// committer for facts. gRPC's threads never wait for a disk or a lock held across one. Every call
// ends exactly once, also at shutdown.
#pragma once

#include "gateway/desk.h"
#include "nightbox/intake/v1/intake.grpc.pb.h"

namespace nightbox {

class IntakeService : public intake::v1::IntakeService::CallbackService {
 public:
  explicit IntakeService(Desk& desk) : desk_(desk) {}

  // intake_read.cc
  grpc::ServerUnaryReactor* GetCourtPolicy(grpc::CallbackServerContext* context,
                                           const intake::v1::GetCourtPolicyRequest* request,
                                           intake::v1::CourtPolicy* response) override;
  grpc::ServerUnaryReactor* GetFiling(grpc::CallbackServerContext* context,
                                      const intake::v1::GetFilingRequest* request,
                                      intake::v1::Filing* response) override;
  grpc::ServerUnaryReactor* ListFilings(grpc::CallbackServerContext* context,
                                        const intake::v1::ListFilingsRequest* request,
                                        intake::v1::ListFilingsResponse* response) override;
  grpc::ServerUnaryReactor* GetReceipt(grpc::CallbackServerContext* context,
                                       const intake::v1::GetReceiptRequest* request,
                                       intake::v1::Receipt* response) override;
  grpc::ServerWriteReactor<intake::v1::Filing>* WatchFiling(
      grpc::CallbackServerContext* context, const intake::v1::WatchFilingRequest* request) override;

  // intake_attempt.cc
  grpc::ServerUnaryReactor* FindMissingDocuments(
      grpc::CallbackServerContext* context, const intake::v1::FindMissingDocumentsRequest* request,
      intake::v1::FindMissingDocumentsResponse* response) override;

  // intake_validate.cc
  grpc::ServerUnaryReactor* ValidateFiling(grpc::CallbackServerContext* context,
                                           const intake::v1::ValidateFilingRequest* request,
                                           intake::v1::ValidateFilingResponse* response) override;

  // intake_create.cc
  grpc::ServerUnaryReactor* CreateFiling(grpc::CallbackServerContext* context,
                                         const intake::v1::CreateFilingRequest* request,
                                         intake::v1::Filing* response) override;

  // intake_withdraw.cc
  grpc::ServerUnaryReactor* WithdrawFiling(grpc::CallbackServerContext* context,
                                           const intake::v1::WithdrawFilingRequest* request,
                                           intake::v1::Filing* response) override;

  // intake_documents.cc
  grpc::ServerReadReactor<intake::v1::WriteDocumentRequest>* WriteDocument(
      grpc::CallbackServerContext* context, intake::v1::WriteDocumentResponse* response) override;
  grpc::ServerUnaryReactor* QueryDocumentWrite(
      grpc::CallbackServerContext* context, const intake::v1::QueryDocumentWriteRequest* request,
      intake::v1::WriteDocumentResponse* response) override;

 private:
  Desk& desk_;
};

}  // namespace nightbox
