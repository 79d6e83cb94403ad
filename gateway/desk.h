// Desk: what every call at the front door needs, and the few things that are the same for all of
// them.
//
// The parts are owned by gateway/gateway.cc and outlive every call. All members are safe for any
// thread.
#pragma once

#include <grpcpp/server_context.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/random.h"
#include "gateway/admission.h"
#include "gateway/attempt_limiter.h"
#include "gateway/config.h"
#include "gateway/court_policy.h"
#include "gateway/directory.h"
#include "gateway/identity.h"
#include "gateway/pdf_finding.h"
#include "gateway/rate_limiter.h"
#include "gateway/upload_registry.h"
#include "gateway/watchers.h"
#include "rules/court_directory.h"
#include "rules/deadline_rules.h"
#include "rules/official_record.h"
#include "store/committer.h"
#include "store/segment_file.h"
#include "store/worker_pool.h"

namespace nightbox {

class ShownFields;

// Who calls, and whether this system may act for the user it names.
struct CallerRights {
  SystemName system;
  UserId user;
  Rights rights = Rights::kUserNotAllowed;
};

struct DeskParts {
  const GatewayConfig& config;
  Journal& journal;
  Committer& committer;
  SegmentFiles& segments;
  WorkerPool& pool;
  const CourtPolicies& policies;
  const DeadlineRules& deadline_rules;
  // What of an answer the policy on public access denies just now; every answer passes it.
  const ShownFields& shown;
  AccessDirectory& access;
  Watchers& watchers;
  AttemptLimiter& attempts;
  UploadRegistry& uploads;
  RateLimiter& rates;
  const Clock& clock;
  Random& random;
  // What is known of a court's case system just now. Empty: nothing fresh.
  std::function<std::optional<bool>(const CourtId&)> case_system_reachable;
  // Room on the disk, as the loop saw it last.
  std::function<DiskState()> disk_state;
  // What a PDF is found to be; runs on the document pool and may take as long as the check's limits
  // say.
  std::function<PdfInspection(
      const std::function<Result<std::string>(std::int64_t offset, std::size_t max)>& read,
      std::int64_t size)>
      inspect_pdf;
  // The evidence package of a filing that a checkpoint covers; empty when none does yet. On the
  // document pool.
  std::function<Result<std::string>(const FilingSnapshot&)> make_package;
  // The categories the court's circuit chose for the year of the case number. Empty, or an empty
  // answer: not known.
  std::function<ChosenCategories(const CourtId&, const std::string& case_number)>
      categories_chosen = {};
  // The court system's own tables. Null: as compiled in.
  const CircuitHistory* circuits = nullptr;
  const std::vector<CaseYears>* case_years = nullptr;
  const std::vector<CaseNumberLength>* case_lengths = nullptr;
  const std::vector<SeparateFilesWord>* separate_files = nullptr;
  const RecordRules* official_record = nullptr;
  // For monitoring (gateway/metrics.h): an attempt or an upload was refused; a document has come
  // whole. Any thread.
  std::function<void(std::string_view reason)> count_refusal = [](std::string_view) {};
  std::function<void(std::int64_t size_bytes)> count_document = [](std::int64_t) {};
};

class Desk {
 public:
  explicit Desk(DeskParts parts) : parts_(std::move(parts)) {}

  const DeskParts& parts() const { return parts_; }

  // The submitting system, by the certificate of the connection; a denied one goes no further. For
  // calls that concern no user.
  Result<SystemName> IdentifySystem(const grpc::CallbackServerContext& context) const;
  // From the certificate of the connection; CERTIFICATE_NOT_NAMED and the like otherwise.
  Result<CallerRights> Identify(const grpc::CallbackServerContext& context,
                                const std::string& registered_user) const;
  // For calls that read: any lack of rights ends them.
  Result<CallerRights> IdentifyReader(const grpc::CallbackServerContext& context,
                                      const std::string& registered_user) const;

  AttemptId NewAttemptId() const;

  // Journals the refusal of an attempt, then calls `answer` with the id to quote; at once, and
  // without one, when refusals have no room, or too many came from this user, which is counted
  // instead.
  void Refused(const CallerRights& caller, const RequestId& request_id, const CourtId& court,
               const Error& why, std::function<void(const AttemptId&)> answer) const;

  // What admission needs to know that is not in the header.
  Result<Admission> AdmitHeader(const View& view, AdmissionPhase phase, const CallerRights& caller,
                                const std::string& request_id, const FilingHeader& header,
                                std::vector<InlineDocument> inline_documents,
                                std::vector<DocumentFacts> facts) const;

  // A filing of this user, or NOT_FOUND: other people's filings do not exist.
  Result<FilingSnapshot> FindOwn(const View& view, const CallerRights& caller,
                                 const FilingId& filing_id) const;

  void BeginShutdown() { shutting_down_ = true; }
  bool shutting_down() const { return shutting_down_; }

 private:
  const DeskParts parts_;
  std::atomic<bool> shutting_down_ = false;
};

// How a finding is kept in the document index.
std::string InspectionText(PdfFinding finding);
// The same with what the text seems to hold: "good", or "good 3 0 1", of each PersonalKind the
// page.
std::string InspectionText(PdfFinding finding, const PersonalPages& personal);
PersonalPages ParsePersonalPages(const std::string& text);
std::optional<PdfFinding> ParseInspection(const std::string& text);

}  // namespace nightbox
