// OperatorClient: a gateway's OperatorService over mutual TLS, with an operator's certificate.
//
// Each call is made once and never again: what an operator does is journaled, and whether to do it
// twice is for a person to say.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "client/call_failure.h"
#include "core/result.h"
#include "nightbox/operator/v1/operator.pb.h"

namespace nightbox::ctl {

namespace pb = ::nightbox::operator_::v1;

struct OperatorAddress {
  // HOST:PORT of the gateway's intake.
  std::string server;
  // The name the server's certificate must bear; empty: HOST.
  std::string tls_name;
  // PEM files.
  std::filesystem::path certificate;
  std::filesystem::path key;
  // The roots that may vouch for the server.
  std::filesystem::path ca;
  std::chrono::milliseconds limit{30'000};
};

// One thread at a time.
class OperatorClient {
 public:
  // Reads the PEM files; nothing is sent yet.
  static Result<std::unique_ptr<OperatorClient>> Open(const OperatorAddress& address);
  ~OperatorClient();

  // What the policy on public access took out of the last answer, and by what: "balance.held (COR
  // 2.04)". Empty: nothing.
  const std::string& not_shown() const;

  client::CallResult<pb::Status> GetStatus();
  client::CallResult<pb::ListBacklogsResponse> ListBacklogs();
  client::CallResult<pb::ListWaitingFilingsResponse> ListWaitingFilings(
      const pb::ListWaitingFilingsRequest& request);
  client::CallResult<pb::HeldFiling> HoldFiling(const std::string& filing_id,
                                                const std::string& reason);
  client::CallResult<pb::HeldFiling> ReleaseFiling(const std::string& filing_id,
                                                   const std::string& reason);
  // The court was asked and does not have it.
  client::CallResult<pb::ResolvedDelivery> ResolveNotDelivered(const std::string& filing_id,
                                                               const std::string& reason);
  client::CallResult<pb::Termination> TerminateFiling(const std::string& filing_id,
                                                      const std::string& authority,
                                                      const std::string& reason);
  // Hands the record's bytes to `take` as they come; an answer of false gives up. What the gateway
  // said of it first, once all bytes came.
  client::CallResult<pb::CaseRecordSummary> ExportCaseRecord(
      const std::string& court, const std::string& case_number, const std::string& reason,
      const std::function<bool(const std::string& bytes)>& take);

 private:
  struct Connection;
  explicit OperatorClient(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
};

}  // namespace nightbox::ctl
