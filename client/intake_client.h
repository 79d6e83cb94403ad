// IntakeClient: a gateway's IntakeService over mutual TLS, one method per call.
//
// A thin shell: it makes a call once, keeps its deadline, gives way to the filer's wish to stop
// within a tenth of a second, and turns the answer into plain structs. Whether a call is made again
// is for client/sender.h to say; gRPC's own retries are off, because only the sender knows what may
// be repeated.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/call_failure.h"
#include "client/court_policy.h"
#include "client/filing_state.h"
#include "client/package.h"
#include "client/stop_signal.h"
#include "client/upload_meter.h"
#include "core/result.h"

namespace nightbox::client {

// Where the gateway is and who we are.
struct GatewayAddress {
  // HOST:PORT.
  std::string server;
  // The name the server's certificate must bear; empty: HOST.
  std::string tls_name;
  // PEM files.
  std::filesystem::path certificate;
  std::filesystem::path key;
  // The roots that may vouch for the server.
  std::filesystem::path ca;
};

struct MissingDocument {
  Digest sha256;
  std::int64_t size_bytes = 0;
  std::int64_t committed_size_bytes = 0;
};

struct MissingDocuments {
  AttemptId attempt_id;
  std::vector<MissingDocument> missing;
  // This request id has its receipt already.
  std::optional<FilingState> filing;
  std::vector<Warning> warnings;
};

struct UploadState {
  std::int64_t committed_size_bytes = 0;
  bool complete = false;
};

struct ValidationProblem {
  std::string reason;
  std::string field;
  std::string message;
  std::string what_now;
};

struct Validation {
  std::vector<ValidationProblem> problems;
  std::vector<Warning> warnings;
};

// One thread at a time.
class IntakeClient {
 public:
  // Reads the PEM files and looks whether they fit together; nothing is sent yet. `stop` outlives
  // the client.
  static Result<std::unique_ptr<IntakeClient>> Open(const GatewayAddress& address,
                                                    StopSignal& stop);
  ~IntakeClient();

  // Until when our certificate holds.
  WallTime certificate_ends() const { return certificate_ends_; }

  // What the policy on public access took out of the last answer (not of a watch), and by what:
  // "receipt (COR 2.04)". Empty: nothing.
  const std::string& not_shown() const;

  CallResult<CourtPolicy> GetCourtPolicy(const CourtId& court);
  CallResult<MissingDocuments> FindMissingDocuments(const Package& package);
  CallResult<Validation> ValidateFiling(const Package& package);

  // Sends the document's bytes from `offset` on, paced and counted by `meter`. When the stream
  // breaks the failure says so; what arrived is kept by the gateway.
  CallResult<UploadState> WriteDocument(const UserId& user, const Document& document,
                                        const std::filesystem::path& bytes, std::int64_t offset,
                                        UploadMeter& meter);
  CallResult<UploadState> QueryDocumentWrite(const UserId& user, const Digest& sha256);

  // `inline_documents`: bytes that ride along, in any order; empty when all are uploaded.
  CallResult<FilingState> CreateFiling(const Package& package, WallTime first_tried_at,
                                       const std::vector<std::string>& inline_documents);

  CallResult<FilingState> GetFiling(const UserId& user, const FilingId& id);
  CallResult<FilingState> GetFiling(const UserId& user, const RequestId& id);

  // The newest filings of the user, without receipts: at most `max`, which is at most 100.
  CallResult<std::vector<FilingState>> ListFilings(const UserId& user, std::int32_t max);

  // Calls `on_state` with the filing as it is and after every change, until the gateway ends the
  // stream, `on_state` answers false, or `silence` (at most a minute) passes without a word; then
  // returns without failure.
  CallResult<void> WatchFiling(const UserId& user, const FilingId& id,
                               std::chrono::milliseconds silence,
                               const std::function<bool(const FilingState&)>& on_state);

  CallResult<ReceiptBytes> GetReceipt(const UserId& user, const FilingId& id);
  CallResult<FilingState> WithdrawFiling(const UserId& user, const FilingId& id,
                                         const std::string& reason);

 private:
  struct Connection;
  IntakeClient(std::unique_ptr<Connection> connection, WallTime certificate_ends);

  std::unique_ptr<Connection> connection_;
  WallTime certificate_ends_;
};

}  // namespace nightbox::client
