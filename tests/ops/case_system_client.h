// A gateway's side of the conversation with the reference case system, for its tests: step by step,
// so that a test can stop anywhere.
#pragma once

#include <grpc/support/time.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "core/fingerprint.h"
#include "core/sha256.h"
#include "nightbox/case_system/v1/case_system.grpc.pb.h"
#include "proto/filing_codec.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_pki.h"

namespace nightbox {

using CaseSystemStub = case_system::v1::CaseSystemService::Stub;

inline std::shared_ptr<grpc::Channel> ConnectWith(const TestPki& pki, const CertificateFiles& who,
                                                  int port) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = ReadWholeFile(pki.tls_root());
  tls.pem_cert_chain = ReadWholeFile(who.certificate);
  tls.pem_private_key = ReadWholeFile(who.key);
  grpc::ChannelArguments arguments;
  // Channels of different tests must not share connections or their back-off.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel("localhost:" + std::to_string(port), grpc::SslCredentials(tls),
                                   arguments);
}

inline void WithinMilliseconds(grpc::ClientContext& context, int milliseconds) {
  context.set_deadline(gpr_time_from_millis(milliseconds, GPR_TIMESPAN));
}

inline void WithinSeconds(grpc::ClientContext& context, int seconds) {
  WithinMilliseconds(context, seconds * 1000);
}

// A filing of documents with these bytes, as a gateway would start delivering it.
inline case_system::v1::RecordFilingStart StartOf(const std::string& court, const std::string& name,
                                                  const std::vector<std::string>& documents,
                                                  const std::string& category = "CC") {
  FilingHeader header;
  header.court = CourtId(court);
  header.case_reference = NewCase{category, "type", "Doe v. Roe", {}};
  for (const std::string& bytes : documents) {
    header.documents.push_back({"Petition", DocumentRole::kLead, "petition.pdf", "application/pdf",
                                static_cast<std::int64_t>(bytes.size()), Sha256(bytes),
                                Confidentiality::kPublic});
  }
  case_system::v1::RecordFilingStart start;
  start.set_delivery_key(std::string(Sha256(name).view()));
  start.set_fingerprint(std::string(FilingFingerprint(UserId("user-1"), header).view()));
  start.set_filing_id("filing-" + name);
  start.set_gateway("gw1");
  *start.mutable_received_at() = ToProto(FromMicros(1'719'853'200'000'000));  // 1 July 2024.
  start.set_submitting_system("acme");
  start.set_registered_user("user-1");
  *start.mutable_header() = ToProto(header);
  start.set_receipt_json("{}");
  return start;
}

// One RecordFiling stream.
class RecordFilingStream {
 public:
  explicit RecordFilingStream(CaseSystemStub& stub) {
    WithinSeconds(context_, 30);
    stream_ = stub.RecordFiling(&context_);
  }

  void Start(const case_system::v1::RecordFilingStart& start) {
    case_system::v1::RecordFilingRequest request;
    *request.mutable_start() = start;
    stream_->Write(request);
  }
  bool Send(std::uint32_t index, std::int64_t offset, const std::string& data) {
    case_system::v1::RecordFilingRequest request;
    request.mutable_chunk()->set_document_index(index);
    request.mutable_chunk()->set_offset_bytes(offset);
    request.mutable_chunk()->set_data(data);
    return stream_->Write(request);
  }
  // The next answer; an unset one when there is none.
  case_system::v1::RecordFilingResponse Read() {
    case_system::v1::RecordFilingResponse response;
    if (!stream_->Read(&response)) response.Clear();
    return response;
  }
  grpc::Status Finish() {
    stream_->WritesDone();
    return stream_->Finish();
  }
  void Cancel() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<case_system::v1::RecordFilingRequest,
                                           case_system::v1::RecordFilingResponse>>
      stream_;
};

struct Delivered {
  grpc::Status status;
  filing::v1::CourtRecord record;
  std::size_t documents_wanted = 0;
};

// Delivers a whole filing.
inline Delivered Deliver(CaseSystemStub& stub, const case_system::v1::RecordFilingStart& start,
                         const std::vector<std::string>& documents) {
  RecordFilingStream stream(stub);
  stream.Start(start);
  auto answer = stream.Read();
  Delivered delivered;
  if (answer.has_wanted()) {
    delivered.documents_wanted = static_cast<std::size_t>(answer.wanted().document_indexes_size());
    for (const std::uint32_t index : answer.wanted().document_indexes()) {
      stream.Send(index, 0, documents.at(index));
    }
    answer = stream.Read();
  }
  delivered.record = answer.record();
  delivered.status = stream.Finish();
  return delivered;
}

}  // namespace nightbox
