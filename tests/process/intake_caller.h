// IntakeCaller: one connection of a submitting system, acting for one registered user, and the
// requests it makes.
//
// Every call has a deadline and is made once. What the gateway said beside the status (the trailing
// metadata of docs/errors.md) is kept with the answer. Any thread.
#pragma once

#include <grpc/support/time.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "nightbox/intake/v1/intake.grpc.pb.h"
#include "tests/support/test_pki.h"

namespace nightbox {

using IntakeStub = intake::v1::IntakeService::Stub;

inline constexpr char kDent[] = "mo.cir.42.dent";
inline constexpr char kJackson[] = "mo.cir.16.jackson";
inline constexpr char kStLouis[] = "mo.cir.21.st-louis";
inline constexpr int kCallSeconds = 60;

template <class Response>
struct Answer {
  grpc::Status status;
  Response response;
  std::map<std::string, std::string> trailers;

  bool ok() const { return status.ok(); }
  grpc::StatusCode code() const { return status.error_code(); }
  std::string Trailer(const std::string& name) const {
    const auto found = trailers.find("nightbox-" + name);
    return found == trailers.end() ? std::string() : found->second;
  }
  std::string reason() const { return Trailer("reason"); }
};

inline void WithinSeconds(grpc::ClientContext& context, int seconds) {
  context.set_deadline(gpr_time_from_seconds(seconds, GPR_TIMESPAN));
}

std::map<std::string, std::string> TrailersOf(const grpc::ClientContext& context);

// A connection of its own to a program on this machine. Without `who`: no client certificate.
std::shared_ptr<grpc::Channel> Connect(const std::filesystem::path& root,
                                       const CertificateFiles* who, int port);

class IntakeCaller {
 public:
  IntakeCaller(const TestPki& pki, const CertificateFiles& who, int port, std::string user);

  const std::string& user() const { return user_; }
  IntakeStub& stub() const { return *stub_; }

  // One unary call: Call(&IntakeStub::GetFiling, request). The user is filled in where the request
  // names none.
  template <class Request, class Response>
  Answer<Response> Call(
      grpc::Status (IntakeStub::*method)(grpc::ClientContext*, const Request&, Response*),
      Request request,  // NOLINT(performance-unnecessary-value-param): completed below.
      int seconds = kCallSeconds) const {
    if constexpr (requires { request.set_registered_user(user_); }) {
      if (request.registered_user().empty()) request.set_registered_user(user_);
    }
    grpc::ClientContext context;
    WithinSeconds(context, seconds);
    Answer<Response> answer;
    answer.status = (stub_.get()->*method)(&context, request, &answer.response);
    answer.trailers = TrailersOf(context);
    return answer;
  }

  Answer<intake::v1::Filing> Create(const intake::v1::CreateFilingRequest& request) const {
    return Call(&IntakeStub::CreateFiling, request);
  }
  Answer<intake::v1::Filing> Get(const std::string& filing_id) const;
  Answer<intake::v1::Receipt> GetReceipt(const std::string& filing_id) const;
  Answer<intake::v1::Filing> Withdraw(const std::string& filing_id) const;
  Answer<intake::v1::ListFilingsResponse> List(int page_size = 0,
                                               const std::string& page_token = "") const;
  Answer<intake::v1::FindMissingDocumentsResponse> FindMissing(
      const intake::v1::CreateFilingRequest& filing) const;
  // How much of a document is stored.
  Answer<intake::v1::WriteDocumentResponse> Query(const Digest& sha256) const;
  // All the states a watch tells until it ends by itself. `first` is called after the first.
  Answer<std::vector<intake::v1::Filing>> Watch(
      const std::string& filing_id, const std::function<void()>& first = [] {}) const;
  // Sends bytes[offset, end of bytes) in chunks of 256 KB and ends the stream.
  Answer<intake::v1::WriteDocumentResponse> Upload(std::string_view bytes,
                                                   std::int64_t offset = 0) const;

 private:
  const std::string user_;
  std::unique_ptr<IntakeStub> stub_;
};

// One WriteDocument stream, step by step, so that a test can stop anywhere. It is cut off when the
// object goes without Finish().
class UploadStream {
 public:
  UploadStream(const IntakeCaller& caller, const Digest& sha256, std::int64_t size_bytes,
               std::int64_t offset_bytes);
  ~UploadStream();

  // False: the gateway or the connection has ended the stream.
  bool Send(std::string_view bytes);
  // Sends as many chunks of 256 KB as it takes.
  bool SendAll(std::string_view bytes);
  void Cut() { context_.TryCancel(); }
  Answer<intake::v1::WriteDocumentResponse> Finish();

 private:
  grpc::ClientContext context_;
  intake::v1::WriteDocumentResponse response_;
  std::unique_ptr<grpc::ClientWriter<intake::v1::WriteDocumentRequest>> stream_;
  bool finished_ = false;
};

// A PDF as small as they come; `text` makes it another one.
std::string SmallPdf(std::string_view text);

// A filing of these documents (all PDF) in an existing case, without their bytes.
intake::v1::CreateFilingRequest FilingWithout(const std::string& request_id,
                                              const std::string& court,
                                              const std::string& case_number,
                                              const std::vector<std::string_view>& documents);
// The same with the bytes riding along.
intake::v1::CreateFilingRequest FilingWith(const std::string& request_id, const std::string& court,
                                           const std::string& case_number,
                                           const std::vector<std::string_view>& documents);

// A request id like "request-0000000000-NAME".
std::string RequestIdFor(std::string_view name);

}  // namespace nightbox
