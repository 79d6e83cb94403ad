// GatewayDouble: the remote side of the intake conversation, as a filer meets it, over real mutual
// TLS on a free loopback port.
//
// It keeps what the real one keeps as far as a client can see: uploads by digest, one filing per
// request id, receipts that really verify. And it can misbehave: break an upload in the middle,
// lose an answer after the filing is stored, refuse, send a receipt for something else.
#pragma once

#include <grpcpp/server.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "evidence/receipt.h"
#include "nightbox/intake/v1/intake.grpc.pb.h"
#include "tests/support/test_pki.h"

namespace nightbox::client {

class GatewayDouble final : public intake::v1::IntakeService::Service {
 public:
  // A planned end of a call. `metadata` is sent beside it.
  struct Answer {
    grpc::Status status;
    std::vector<std::pair<std::string, std::string>> metadata;
    // The filing is stored before the answer is given: the outcome the client cannot know.
    bool after_storing = false;
  };

  explicit GatewayDouble(const TestPki& pki, const CertificateFiles& server);
  ~GatewayDouble() override;

  // "localhost:PORT".
  const std::string& address() const { return address_; }
  // Stops and starts again on the same port, with everything it had.
  void Stop();
  void Start();

  // ---- How to misbehave; each is used up once ----
  void PlanCreate(Answer answer);
  void PlanFind(Answer answer);
  void PlanPolicy(Answer answer);
  // The next upload breaks once so many bytes of the document are stored.
  void PlanCut(std::int64_t at_bytes);
  // Holds uploads before taking their bytes beyond this; 0 lets them go. For tests that stop a
  // client in the middle.
  void HoldUploadsAt(std::int64_t bytes);
  // Waits until an upload is held.
  void AwaitHeldUpload();
  // Bends the facts of every receipt made from now on.
  void BendReceipts(std::function<void(ReceiptFacts&)> bend);
  // Signs with a root nobody trusts.
  void ForgeReceipts();
  // What the court says of every filing from now on; wakes the watchers.
  void SetCourt(intake::v1::Filing::Delivery delivery, intake::v1::Filing::Review review,
                const std::string& reason);
  // Evidence packages are not made yet, for so many requests.
  void PlanMissingPackages(int count);

  // ---- What it saw ----
  std::vector<std::string> created_request_ids() const;
  std::vector<intake::v1::CreateFilingRequest> created() const;
  std::size_t filings() const;
  std::vector<std::int64_t> upload_offsets() const;
  std::int64_t bytes_received() const;
  int finds() const;
  int queries() const;
  // The bytes of a completely stored document, or empty.
  std::string stored(const std::string& digest) const;

  // ---- IntakeService ----
  grpc::Status GetCourtPolicy(grpc::ServerContext* context,
                              const intake::v1::GetCourtPolicyRequest* request,
                              intake::v1::CourtPolicy* answer) override;
  grpc::Status FindMissingDocuments(grpc::ServerContext* context,
                                    const intake::v1::FindMissingDocumentsRequest* request,
                                    intake::v1::FindMissingDocumentsResponse* answer) override;
  grpc::Status WriteDocument(grpc::ServerContext* context,
                             grpc::ServerReader<intake::v1::WriteDocumentRequest>* reader,
                             intake::v1::WriteDocumentResponse* answer) override;
  grpc::Status QueryDocumentWrite(grpc::ServerContext* context,
                                  const intake::v1::QueryDocumentWriteRequest* request,
                                  intake::v1::WriteDocumentResponse* answer) override;
  grpc::Status ValidateFiling(grpc::ServerContext* context,
                              const intake::v1::ValidateFilingRequest* request,
                              intake::v1::ValidateFilingResponse* answer) override;
  grpc::Status CreateFiling(grpc::ServerContext* context,
                            const intake::v1::CreateFilingRequest* request,
                            intake::v1::Filing* answer) override;
  grpc::Status GetFiling(grpc::ServerContext* context, const intake::v1::GetFilingRequest* request,
                         intake::v1::Filing* answer) override;
  grpc::Status ListFilings(grpc::ServerContext* context,
                           const intake::v1::ListFilingsRequest* request,
                           intake::v1::ListFilingsResponse* answer) override;
  grpc::Status WatchFiling(grpc::ServerContext* context,
                           const intake::v1::WatchFilingRequest* request,
                           grpc::ServerWriter<intake::v1::Filing>* writer) override;
  grpc::Status GetReceipt(grpc::ServerContext* context,
                          const intake::v1::GetReceiptRequest* request,
                          intake::v1::Receipt* answer) override;
  grpc::Status WithdrawFiling(grpc::ServerContext* context,
                              const intake::v1::WithdrawFilingRequest* request,
                              intake::v1::Filing* answer) override;

 private:
  struct Stored {
    intake::v1::Filing filing;
    intake::v1::Receipt receipt;
  };

  // All with mutex_ held.
  bool IsStored(const intake::v1::CreateFilingRequest& request) const;
  Stored& Store(const intake::v1::CreateFilingRequest& request);
  Stored* Find(const std::string& filing_id, const std::string& request_id);
  void TellPresentState(Stored& stored) const;

  const TestPki& pki_;
  CertificateFiles server_files_;
  std::string address_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;

  mutable std::mutex mutex_;  // Guards all below.
  std::condition_variable changed_;
  std::deque<Answer> create_plans_;
  std::deque<Answer> find_plans_;
  std::deque<Answer> policy_plans_;
  std::deque<std::int64_t> cuts_;
  std::int64_t hold_at_ = 0;
  bool upload_held_ = false;
  bool stopping_ = false;
  std::function<void(ReceiptFacts&)> bend_;
  bool forge_ = false;
  int missing_packages_ = 0;
  intake::v1::Filing::Delivery delivery_ = intake::v1::Filing::DELIVERY_PENDING;
  intake::v1::Filing::Review review_ = intake::v1::Filing::REVIEW_UNSPECIFIED;
  std::string reason_;
  std::map<std::string, std::string> documents_;  // By digest.
  std::map<std::string, std::int64_t> sizes_;     // As announced.
  std::map<std::string, Stored> filings_;         // By request id.
  std::vector<intake::v1::CreateFilingRequest> created_;
  std::vector<std::int64_t> upload_offsets_;
  std::int64_t bytes_received_ = 0;
  int finds_ = 0;
  int queries_ = 0;
};

}  // namespace nightbox::client
