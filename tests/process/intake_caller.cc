#include "tests/process/intake_caller.h"

#include "core/sha256.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

namespace pb = intake::v1;

constexpr std::size_t kChunk = 256'000;

}  // namespace

std::map<std::string, std::string> TrailersOf(const grpc::ClientContext& context) {
  std::map<std::string, std::string> trailers;
  for (const auto& [name, value] : context.GetServerTrailingMetadata()) {
    trailers.emplace(std::string(name.data(), name.size()),
                     std::string(value.data(), value.size()));
  }
  return trailers;
}

std::shared_ptr<grpc::Channel> Connect(const std::filesystem::path& root,
                                       const CertificateFiles* who, int port) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = ReadWholeFile(root);
  if (who != nullptr) {
    tls.pem_cert_chain = ReadWholeFile(who->certificate);
    tls.pem_private_key = ReadWholeFile(who->key);
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // What a test sees is one try of one call.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port), grpc::SslCredentials(tls),
                                   arguments);
}

IntakeCaller::IntakeCaller(const TestPki& pki, const CertificateFiles& who, int port,
                           std::string user)
    : user_(std::move(user)),
      stub_(pb::IntakeService::NewStub(Connect(pki.tls_root(), &who, port))) {}

Answer<pb::Filing> IntakeCaller::Get(const std::string& filing_id) const {
  pb::GetFilingRequest request;
  request.set_filing_id(filing_id);
  return Call(&IntakeStub::GetFiling, request);
}

Answer<pb::Receipt> IntakeCaller::GetReceipt(const std::string& filing_id) const {
  pb::GetReceiptRequest request;
  request.set_filing_id(filing_id);
  return Call(&IntakeStub::GetReceipt, request);
}

Answer<pb::Filing> IntakeCaller::Withdraw(const std::string& filing_id) const {
  pb::WithdrawFilingRequest request;
  request.set_filing_id(filing_id);
  request.set_reason("filed in error");
  return Call(&IntakeStub::WithdrawFiling, request);
}

Answer<pb::ListFilingsResponse> IntakeCaller::List(int page_size,
                                                   const std::string& page_token) const {
  pb::ListFilingsRequest request;
  request.set_page_size(page_size);
  request.set_page_token(page_token);
  return Call(&IntakeStub::ListFilings, request);
}

Answer<pb::FindMissingDocumentsResponse> IntakeCaller::FindMissing(
    const pb::CreateFilingRequest& filing) const {
  pb::FindMissingDocumentsRequest request;
  request.set_request_id(filing.request_id());
  *request.mutable_header() = filing.header();
  return Call(&IntakeStub::FindMissingDocuments, request);
}

Answer<pb::WriteDocumentResponse> IntakeCaller::Query(const Digest& sha256) const {
  pb::QueryDocumentWriteRequest request;
  request.set_sha256(std::string(sha256.view()));
  return Call(&IntakeStub::QueryDocumentWrite, request);
}

Answer<std::vector<pb::Filing>> IntakeCaller::Watch(const std::string& filing_id,
                                                    const std::function<void()>& first) const {
  pb::WatchFilingRequest request;
  request.set_registered_user(user_);
  request.set_filing_id(filing_id);
  grpc::ClientContext context;
  WithinSeconds(context, kCallSeconds);
  Answer<std::vector<pb::Filing>> answer;
  const auto stream = stub_->WatchFiling(&context, request);
  pb::Filing filing;
  while (stream->Read(&filing)) {
    answer.response.push_back(filing);
    if (answer.response.size() == 1) first();
  }
  answer.status = stream->Finish();
  answer.trailers = TrailersOf(context);
  return answer;
}

Answer<pb::WriteDocumentResponse> IntakeCaller::Upload(std::string_view bytes,
                                                       std::int64_t offset) const {
  UploadStream stream(*this, Sha256(bytes), static_cast<std::int64_t>(bytes.size()), offset);
  stream.SendAll(bytes.substr(static_cast<std::size_t>(offset)));
  return stream.Finish();
}

UploadStream::UploadStream(const IntakeCaller& caller, const Digest& sha256,
                           std::int64_t size_bytes, std::int64_t offset_bytes) {
  WithinSeconds(context_, 2 * kCallSeconds);
  stream_ = caller.stub().WriteDocument(&context_, &response_);
  pb::WriteDocumentRequest request;
  request.mutable_start()->set_registered_user(caller.user());
  request.mutable_start()->set_sha256(std::string(sha256.view()));
  request.mutable_start()->set_size_bytes(size_bytes);
  request.mutable_start()->set_offset_bytes(offset_bytes);
  stream_->Write(request);
}

UploadStream::~UploadStream() {
  if (finished_) return;
  Cut();
  (void)stream_->Finish();
}

bool UploadStream::Send(std::string_view bytes) {
  pb::WriteDocumentRequest request;
  request.set_chunk(std::string(bytes));
  return stream_->Write(request);
}

bool UploadStream::SendAll(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += kChunk) {
    if (!Send(bytes.substr(at, kChunk))) return false;
  }
  return true;
}

Answer<pb::WriteDocumentResponse> UploadStream::Finish() {
  finished_ = true;
  stream_->WritesDone();
  Answer<pb::WriteDocumentResponse> answer;
  answer.status = stream_->Finish();
  answer.response = response_;
  answer.trailers = TrailersOf(context_);
  return answer;
}

std::string SmallPdf(std::string_view text) {
  return "%PDF-1.4\n% " + std::string(text) +
         "\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
         "2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
         "trailer\n<< /Root 1 0 R /Size 3 >>\n%%EOF\n";
}

pb::CreateFilingRequest FilingWithout(const std::string& request_id, const std::string& court,
                                      const std::string& case_number,
                                      const std::vector<std::string_view>& documents) {
  pb::CreateFilingRequest request;
  request.set_request_id(request_id);
  auto& header = *request.mutable_header();
  header.set_court_id(court);
  header.set_case_number(case_number);
  for (const std::string_view bytes : documents) {
    auto& document = *header.add_documents();
    document.set_title("Motion to continue");
    document.set_role(filing::v1::Document::ROLE_LEAD);
    document.set_file_name("motion.pdf");
    document.set_media_type("application/pdf");
    document.set_size_bytes(static_cast<std::int64_t>(bytes.size()));
    document.set_sha256(std::string(Sha256(bytes).view()));
  }
  return request;
}

pb::CreateFilingRequest FilingWith(const std::string& request_id, const std::string& court,
                                   const std::string& case_number,
                                   const std::vector<std::string_view>& documents) {
  auto request = FilingWithout(request_id, court, case_number, documents);
  for (const std::string_view bytes : documents) request.add_inline_documents(std::string(bytes));
  return request;
}

std::string RequestIdFor(std::string_view name) {
  return "request-0000000000-" + std::string(name);
}

}  // namespace nightbox
