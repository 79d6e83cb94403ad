#include "tests/client/gateway_double.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include "core/check.h"
#include "core/fingerprint.h"
#include "core/sha256.h"
#include "evidence/package.h"
#include "proto/filing_codec.h"
#include "tests/support/receipt_samples.h"
#include "tests/support/sample_package.h"
#include "tests/support/temporary_directory.h"

namespace nightbox::client {
namespace {

using grpc::Status;
using grpc::StatusCode;

Status Refusal(grpc::ServerContext* context, StatusCode code, const std::string& message,
               const std::string& reason, bool retry) {
  context->AddTrailingMetadata("nightbox-reason", reason);
  context->AddTrailingMetadata("nightbox-retry", retry ? "yes" : "no");
  context->AddTrailingMetadata("nightbox-attempt-id", "attempt-17");
  return {code, message};
}

Status Give(grpc::ServerContext* context, const GatewayDouble::Answer& answer) {
  for (const auto& [name, value] : answer.metadata) context->AddTrailingMetadata(name, value);
  return answer.status;
}

std::optional<GatewayDouble::Answer> Take(std::deque<GatewayDouble::Answer>& plans) {
  if (plans.empty()) return std::nullopt;
  GatewayDouble::Answer answer = std::move(plans.front());
  plans.pop_front();
  return answer;
}

}  // namespace

GatewayDouble::GatewayDouble(const TestPki& pki, const CertificateFiles& server)
    : pki_(pki), server_files_(server) {
  Start();
}

GatewayDouble::~GatewayDouble() { Stop(); }

void GatewayDouble::Start() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = false;
  }
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = ReadWholeFile(pki_.tls_root());
  options.pem_key_cert_pairs = {
      {ReadWholeFile(server_files_.key), ReadWholeFile(server_files_.certificate)}};
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("localhost:" + std::to_string(port_),
                           grpc::SslServerCredentials(options), &port);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  NB_CHECK(server_ != nullptr && port != 0);
  port_ = port;
  address_ = "localhost:" + std::to_string(port);
}

void GatewayDouble::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (!server_) return;
  server_->Shutdown(std::chrono::system_clock::time_point::min());
  server_->Wait();
  server_.reset();
}

void GatewayDouble::PlanCreate(Answer answer) {
  const std::lock_guard lock(mutex_);
  create_plans_.push_back(std::move(answer));
}
void GatewayDouble::PlanFind(Answer answer) {
  const std::lock_guard lock(mutex_);
  find_plans_.push_back(std::move(answer));
}
void GatewayDouble::PlanPolicy(Answer answer) {
  const std::lock_guard lock(mutex_);
  policy_plans_.push_back(std::move(answer));
}
void GatewayDouble::PlanCut(std::int64_t at_bytes) {
  const std::lock_guard lock(mutex_);
  cuts_.push_back(at_bytes);
}
void GatewayDouble::HoldUploadsAt(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  hold_at_ = bytes;
  changed_.notify_all();
}
void GatewayDouble::AwaitHeldUpload() {
  std::unique_lock lock(mutex_);
  NB_CHECK(changed_.wait_for(lock, std::chrono::seconds(60), [this] { return upload_held_; }));
}
void GatewayDouble::BendReceipts(std::function<void(ReceiptFacts&)> bend) {
  const std::lock_guard lock(mutex_);
  bend_ = std::move(bend);
}
void GatewayDouble::ForgeReceipts() {
  const std::lock_guard lock(mutex_);
  forge_ = true;
}
void GatewayDouble::SetCourt(intake::v1::Filing::Delivery delivery,
                             intake::v1::Filing::Review review, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  delivery_ = delivery;
  review_ = review;
  reason_ = reason;
  changed_.notify_all();
}
void GatewayDouble::PlanMissingPackages(int count) {
  const std::lock_guard lock(mutex_);
  missing_packages_ = count;
}

std::vector<std::string> GatewayDouble::created_request_ids() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  ids.reserve(created_.size());
  for (const auto& each : created_) ids.push_back(each.request_id());
  return ids;
}
std::vector<intake::v1::CreateFilingRequest> GatewayDouble::created() const {
  const std::lock_guard lock(mutex_);
  return created_;
}
std::size_t GatewayDouble::filings() const {
  const std::lock_guard lock(mutex_);
  return filings_.size();
}
std::vector<std::int64_t> GatewayDouble::upload_offsets() const {
  const std::lock_guard lock(mutex_);
  return upload_offsets_;
}
std::int64_t GatewayDouble::bytes_received() const {
  const std::lock_guard lock(mutex_);
  return bytes_received_;
}
int GatewayDouble::finds() const {
  const std::lock_guard lock(mutex_);
  return finds_;
}
int GatewayDouble::queries() const {
  const std::lock_guard lock(mutex_);
  return queries_;
}
std::string GatewayDouble::stored(const std::string& digest) const {
  const std::lock_guard lock(mutex_);
  const auto found = documents_.find(digest);
  return found == documents_.end() ? "" : found->second;
}

Status GatewayDouble::GetCourtPolicy(grpc::ServerContext* context,
                                     const intake::v1::GetCourtPolicyRequest* request,
                                     intake::v1::CourtPolicy* answer) {
  const std::lock_guard lock(mutex_);
  if (const auto planned = Take(policy_plans_)) return Give(context, *planned);
  answer->set_court_id(request->court_id());
  answer->set_court_name("Circuit Court of Dent County");
  answer->set_version("v1");
  answer->set_document_size_max_bytes(7'000'000);
  answer->add_media_types("application/pdf");
  answer->set_receipt_authority(intake::v1::RECEIPT_AUTHORITY_UNDECIDED);
  answer->set_unavailability_rule("AP 2.10");
  // Two courts of which more is configured than is confirmed.
  if (request->court_id() == "mo.cir.16.jackson" || request->court_id() == "mo.app.ed") {
    answer->add_unconfirmed("receipt_authority");
    const bool gateway = request->court_id() != "mo.app.ed";
    answer->set_gateway_time_unconfirmed(gateway);
    if (gateway) answer->set_receipt_authority_citation("ask Bob");
    if (!gateway) answer->set_receipt_authority(intake::v1::RECEIPT_AUTHORITY_CASE_SYSTEM);
  }
  auto& custodian = *answer->mutable_records_custodian();
  custodian.set_office("circuit clerk");
  custodian.set_clause("COR 2");
  custodian.set_standing("unconfirmed");
  custodian.set_source("a letter");
  answer->add_unconfirmed("enabled");
  answer->add_unconfirmed("records_custodian");
  auto& enabled = *answer->add_standings();
  enabled.set_name("enabled");
  enabled.set_standing("unconfirmed");
  enabled.set_source("the list of courts is not at hand");
  auto& contact = *answer->add_duty_contacts();
  contact.set_role("help desk");
  contact.set_phone("+1 573 555 0100");
  contact.set_hours("8 to 5");
  contact.set_standing("confirmed");
  auto& fees = *answer->mutable_fee_policy();
  fees.set_policy("as at the counter");
  fees.set_collected_by("the court");
  fees.set_standing("recalled");
  return Status::OK;
}

Status GatewayDouble::FindMissingDocuments(grpc::ServerContext* context,
                                           const intake::v1::FindMissingDocumentsRequest* request,
                                           intake::v1::FindMissingDocumentsResponse* answer) {
  const std::lock_guard lock(mutex_);
  ++finds_;
  if (const auto planned = Take(find_plans_)) return Give(context, *planned);
  answer->set_attempt_id("attempt-1");
  if (Stored* stored = Find("", request->request_id())) {
    TellPresentState(*stored);
    *answer->mutable_filing() = stored->filing;
    return Status::OK;
  }
  for (const filing::v1::Document& each : request->header().documents()) {
    sizes_[each.sha256()] = each.size_bytes();
    const auto committed = static_cast<std::int64_t>(documents_[each.sha256()].size());
    if (committed == each.size_bytes()) continue;
    intake::v1::MissingDocument* missing = answer->add_missing();
    missing->set_sha256(each.sha256());
    missing->set_size_bytes(each.size_bytes());
    missing->set_committed_size_bytes(committed);
  }
  return Status::OK;
}

Status GatewayDouble::WriteDocument(grpc::ServerContext* context,
                                    grpc::ServerReader<intake::v1::WriteDocumentRequest>* reader,
                                    intake::v1::WriteDocumentResponse* answer) {
  intake::v1::WriteDocumentRequest request;
  if (!reader->Read(&request) || !request.has_start()) {
    return Refusal(context, StatusCode::INVALID_ARGUMENT, "no start", "CHUNK_INVALID", false);
  }
  const intake::v1::WriteDocumentStart start = request.start();
  std::int64_t cut = 0;
  {
    const std::lock_guard lock(mutex_);
    upload_offsets_.push_back(start.offset_bytes());
    if (start.offset_bytes() != static_cast<std::int64_t>(documents_[start.sha256()].size())) {
      return Refusal(context, StatusCode::FAILED_PRECONDITION, "other offset", "OFFSET_MISMATCH",
                     true);
    }
    if (!cuts_.empty()) {
      cut = cuts_.front();
      cuts_.pop_front();
    }
  }
  while (reader->Read(&request)) {
    std::unique_lock lock(mutex_);
    std::string& document = documents_[start.sha256()];
    bytes_received_ += static_cast<std::int64_t>(request.chunk().size());
    document += request.chunk();
    const auto size = static_cast<std::int64_t>(document.size());
    if (cut > 0 && size >= cut) return {StatusCode::UNAVAILABLE, "Socket closed"};
    while (hold_at_ > 0 && size >= hold_at_ && !stopping_ && !context->IsCancelled()) {
      upload_held_ = true;
      changed_.notify_all();
      changed_.wait_for(lock, std::chrono::milliseconds(20));
    }
  }
  const std::lock_guard lock(mutex_);
  std::string& document = documents_[start.sha256()];
  answer->set_committed_size_bytes(static_cast<std::int64_t>(document.size()));
  if (answer->committed_size_bytes() < start.size_bytes()) return Status::OK;
  if (Sha256(document).view() != start.sha256()) {
    document.clear();
    return Refusal(context, StatusCode::INVALID_ARGUMENT, "other bytes", "DIGEST_MISMATCH", true);
  }
  answer->set_complete(true);
  return Status::OK;
}

Status GatewayDouble::QueryDocumentWrite(grpc::ServerContext* context,
                                         const intake::v1::QueryDocumentWriteRequest* request,
                                         intake::v1::WriteDocumentResponse* answer) {
  const std::lock_guard lock(mutex_);
  ++queries_;
  const auto found = documents_.find(request->sha256());
  if (found == documents_.end()) {
    return Refusal(context, StatusCode::NOT_FOUND, "no such upload", "DOCUMENT_NOT_FOUND", false);
  }
  const auto committed = static_cast<std::int64_t>(found->second.size());
  answer->set_committed_size_bytes(committed);
  answer->set_complete(committed == sizes_[request->sha256()]);
  return Status::OK;
}

Status GatewayDouble::ValidateFiling(grpc::ServerContext*,
                                     const intake::v1::ValidateFilingRequest* request,
                                     intake::v1::ValidateFilingResponse* answer) {
  for (const filing::v1::Document& each : request->header().documents()) {
    if (each.size_bytes() <= 1'000'000) continue;
    intake::v1::Problem* problem = answer->add_problems();
    problem->set_reason("DOCUMENT_TOO_LARGE");
    problem->set_what_now("Split it into volumes.");
  }
  return Status::OK;
}

bool GatewayDouble::IsStored(const intake::v1::CreateFilingRequest& request) const {
  for (const filing::v1::Document& each : request.header().documents()) {
    const auto found = documents_.find(each.sha256());
    if (found == documents_.end() ||
        static_cast<std::int64_t>(found->second.size()) != each.size_bytes()) {
      return false;
    }
  }
  return true;
}

Status GatewayDouble::CreateFiling(grpc::ServerContext* context,
                                   const intake::v1::CreateFilingRequest* request,
                                   intake::v1::Filing* answer) {
  const std::lock_guard lock(mutex_);
  created_.push_back(*request);
  const auto planned = Take(create_plans_);
  if (planned && !planned->after_storing) return Give(context, *planned);
  for (const std::string& each : request->inline_documents()) {
    documents_[std::string(Sha256(each).view())] = each;
  }
  Stored* stored = Find("", request->request_id());
  if (stored == nullptr) {
    if (!IsStored(*request)) {
      return Refusal(context, StatusCode::FAILED_PRECONDITION, "not stored", "DOCUMENT_MISSING",
                     true);
    }
    stored = &Store(*request);
  }
  if (planned) return Give(context, *planned);
  TellPresentState(*stored);
  *answer = stored->filing;
  *answer->mutable_receipt() = stored->receipt;
  answer->mutable_receipt()->clear_evidence_zip();
  return Status::OK;
}

GatewayDouble::Stored& GatewayDouble::Store(const intake::v1::CreateFilingRequest& request) {
  ReceiptFacts facts = PlainReceipt();
  facts.request_id = RequestId(request.request_id());
  facts.filing_id = FilingId(Base32Encode(Sha256(request.request_id()).view().substr(0, 16)));
  facts.registered_user = UserId(request.registered_user());
  facts.header = FromProto(request.header()).value();
  facts.fingerprint = FilingFingerprint(facts.registered_user, facts.header);
  const std::string filing_id = facts.filing_id.str();
  if (bend_) bend_(facts);
  const PackageParts parts = forge_ ? SamplePackage(pki_, facts, 0, 1, pki_.forged_receipt_signer(),
                                                    pki_.forged_receipt_root())
                                    : SamplePackage(pki_, facts, 0, 1);
  Stored& stored = filings_[request.request_id()];
  stored.receipt.set_receipt_json(parts.receipt_json);
  stored.receipt.set_receipt_p7s(parts.signature);
  stored.receipt.set_evidence_zip(BuildPackage(parts).value());
  stored.filing.set_filing_id(filing_id);
  stored.filing.set_request_id(request.request_id());
  stored.filing.set_court_id(request.header().court_id());
  *stored.filing.mutable_received_at() = ToProto(facts.received_at);
  *stored.filing.mutable_committed_at() = ToProto(facts.committed_at);
  stored.filing.set_test(request.header().test());
  stored.filing.set_journal_sequence(filings_.size());
  return stored;
}

void GatewayDouble::TellPresentState(Stored& stored) const {
  stored.filing.set_delivery(stored.filing.test() ? intake::v1::Filing::DELIVERY_TEST : delivery_);
  stored.filing.set_review(stored.filing.test() ? intake::v1::Filing::REVIEW_UNSPECIFIED : review_);
  stored.filing.set_reason(reason_);
}

GatewayDouble::Stored* GatewayDouble::Find(const std::string& filing_id,
                                           const std::string& request_id) {
  for (auto& [id, stored] : filings_) {
    if (id == request_id || stored.filing.filing_id() == filing_id) return &stored;
  }
  return nullptr;
}

Status GatewayDouble::GetFiling(grpc::ServerContext* context,
                                const intake::v1::GetFilingRequest* request,
                                intake::v1::Filing* answer) {
  const std::lock_guard lock(mutex_);
  Stored* stored = Find(request->filing_id(), request->request_id());
  if (stored == nullptr) {
    return Refusal(context, StatusCode::NOT_FOUND, "no such filing", "FILING_NOT_FOUND", false);
  }
  TellPresentState(*stored);
  *answer = stored->filing;
  return Status::OK;
}

Status GatewayDouble::ListFilings(grpc::ServerContext*, const intake::v1::ListFilingsRequest*,
                                  intake::v1::ListFilingsResponse* answer) {
  const std::lock_guard lock(mutex_);
  for (auto& [id, stored] : filings_) {
    TellPresentState(stored);
    *answer->add_filings() = stored.filing;
  }
  return Status::OK;
}

Status GatewayDouble::WatchFiling(grpc::ServerContext* context,
                                  const intake::v1::WatchFilingRequest* request,
                                  grpc::ServerWriter<intake::v1::Filing>* writer) {
  std::unique_lock lock(mutex_);
  std::string told;
  while (!stopping_ && !context->IsCancelled()) {
    Stored* stored = Find(request->filing_id(), "");
    if (stored == nullptr) {
      return Refusal(context, StatusCode::NOT_FOUND, "no such filing", "FILING_NOT_FOUND", false);
    }
    TellPresentState(*stored);
    const std::string state = stored->filing.SerializeAsString();
    if (state != told) {
      told = state;
      if (!writer->Write(stored->filing)) return Status::OK;
    }
    changed_.wait_for(lock, std::chrono::milliseconds(20));
  }
  return {StatusCode::UNAVAILABLE, "shutting down"};
}

Status GatewayDouble::GetReceipt(grpc::ServerContext* context,
                                 const intake::v1::GetReceiptRequest* request,
                                 intake::v1::Receipt* answer) {
  const std::lock_guard lock(mutex_);
  const Stored* stored = Find(request->filing_id(), "");
  if (stored == nullptr) {
    return Refusal(context, StatusCode::NOT_FOUND, "no such filing", "FILING_NOT_FOUND", false);
  }
  *answer = stored->receipt;
  if (missing_packages_ > 0) {
    --missing_packages_;
    answer->clear_evidence_zip();
  }
  return Status::OK;
}

Status GatewayDouble::WithdrawFiling(grpc::ServerContext* context,
                                     const intake::v1::WithdrawFilingRequest* request,
                                     intake::v1::Filing* answer) {
  const std::lock_guard lock(mutex_);
  Stored* stored = Find(request->filing_id(), "");
  if (stored == nullptr) {
    return Refusal(context, StatusCode::NOT_FOUND, "no such filing", "FILING_NOT_FOUND", false);
  }
  delivery_ = intake::v1::Filing::DELIVERY_WITHDRAWN;
  reason_ = request->reason();
  TellPresentState(*stored);
  *answer = stored->filing;
  return Status::OK;
}

}  // namespace nightbox::client
