// From a request to a fact: the attempt is opened, the filing admitted, its inline documents
// stored, and the committer makes it so.
#include <algorithm>

#include "core/fingerprint.h"
#include "core/sha256.h"
#include "gateway/error_catalogue.h"
#include "gateway/filing_view.h"
#include "gateway/grpc_status.h"
#include "gateway/intake_service.h"
#include "proto/filing_codec.h"
#include "store/upload.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::intake::v1;

constexpr std::size_t kStaffMaxBytes = 200;
constexpr std::size_t kOtherGatewaysMax = 8;

// What a call needs from its beginning to its answer. Shared by the callbacks it is handed to.
struct Call {
  grpc::CallbackServerContext* context;
  grpc::ServerUnaryReactor* reactor;
  CallerRights caller;
  RequestId request_id;
  FilingHeader header;
  WallTime arrived_at;

  void Answer(const grpc::Status& status) const { reactor->Finish(status); }
};

// Refuses, journals the refusal as evidence, then answers with the attempt's id to quote.
void RefuseCall(const Desk& desk, const std::shared_ptr<Call>& call, const Error& why) {
  const AttemptId attempt = desk.NewAttemptId();
  desk.Refused(call->caller, call->request_id, call->header.court, attempt, why,
               [call, why, attempt] { call->Answer(Refuse(*call->context, why, attempt)); });
}

// The checks that come before everything else: who calls; then whether this request_id has its
// receipt already, which no later change of rights, limits or configuration may take away. nullopt:
// a new filing.
Result<std::optional<FilingSnapshot>> FindRepeat(const Desk& desk, const View& view,
                                                 const Call& call) {
  if (EndsBeforeRepeat(call.caller.rights)) return *RightsProblem(call.caller.rights);
  if (!IsRequestId(call.request_id.str()))
    return std::optional<FilingSnapshot>();  // Admission says why not.
  NB_ASSIGN_OR_RETURN(auto filing,
                      view.FindFilingByKey(DeliveryKey(call.caller.system, call.request_id)));
  (void)desk;
  if (!filing) return std::optional<FilingSnapshot>();
  if (filing->record.fingerprint != FilingFingerprint(call.caller.user, call.header)) {
    return Catalogued("REQUEST_ID_REUSED",
                      "this request_id has a receipt for other content; nothing was changed",
                      "request_id");
  }
  return filing;
}

std::optional<WallTime> OptionalTime(bool present, const google::protobuf::Timestamp& time) {
  if (!present) return std::nullopt;
  const auto read = FromProto(time, "time");
  return read ? std::optional(*read)
              : std::nullopt;  // The client's own clock is carried, never relied on.
}

ReceiptPolicy PolicyOnReceipt(const Desk& desk, const CourtPolicy& policy) {
  ReceiptPolicy printed;
  printed.court_name = policy.court_name;
  printed.time_zone = policy.time_zone;
  printed.authority = policy.receipt_authority;
  printed.authority_citation = policy.receipt_authority_citation;
  printed.policy_version = policy.version;
  printed.case_system_reachable = desk.parts().case_system_reachable(policy.court);
  return printed;
}

bool IsPdf(const Document& document) { return document.media_type == "application/pdf"; }

std::vector<InlineDocument> MatchInline(const pb::CreateFilingRequest& request,
                                        const FilingHeader& header) {
  std::vector<InlineDocument> matched;
  for (const std::string& bytes : request.inline_documents()) {
    InlineDocument each;
    each.size_bytes = static_cast<std::int64_t>(bytes.size());
    const Digest sha256 = Sha256(bytes);
    for (std::size_t i = 0; i < header.documents.size(); ++i) {
      if (header.documents[i].sha256 == sha256) {
        each.header_index = i;
        break;
      }
    }
    matched.push_back(each);
  }
  return matched;
}

// CreateFiling after admission without bytes; on the document pool when documents rode along.
class Creation : public std::enable_shared_from_this<Creation> {
 public:
  Creation(Desk& desk, std::shared_ptr<Call> call, const pb::CreateFilingRequest& request,
           pb::Filing& response)
      : desk_(desk), call_(std::move(call)), request_(request), response_(response) {}

  void Run() {
    if (request_.inline_documents().empty()) {
      AdmitAndSubmit({});
      return;
    }
    const bool posted =
        desk_.parts().pool.Post([self = shared_from_this()] { self->InspectThenAdmit(); });
    if (!posted) RefuseCall(desk_, call_, PoolFull());
  }

 private:
  static Error PoolFull() {
    return Catalogued("QUEUE_FULL",
                      "more documents wait to be stored than may wait; try again shortly", "",
                      std::chrono::milliseconds(500));
  }

  void InspectThenAdmit() {
    std::vector<DocumentFacts> facts(call_->header.documents.size());
    matched_ = MatchInline(request_, call_->header);
    for (std::size_t i = 0; i < matched_.size(); ++i) {
      // What is too large to ride along is refused by admission; it is not worth a look.
      if (!matched_[i].header_index || matched_[i].size_bytes > kInlineDocumentMaxBytes) continue;
      DocumentFacts& fact = facts[*matched_[i].header_index];
      fact.stored = true;
      if (!IsPdf(call_->header.documents[*matched_[i].header_index])) continue;
      const std::string& bytes = request_.inline_documents(static_cast<int>(i));
      fact.pdf = desk_.parts().inspect_pdf(
          [&bytes](std::int64_t offset, std::size_t max) -> Result<std::string> {
            return bytes.substr(std::min(bytes.size(), static_cast<std::size_t>(offset)), max);
          },
          static_cast<std::int64_t>(bytes.size()));
    }
    AdmitAndSubmit(facts);
  }

  void AdmitAndSubmit(const std::vector<DocumentFacts>& facts) {
    const auto view = desk_.parts().journal.view();
    const auto admission =
        desk_.AdmitHeader(*view, AdmissionPhase::kCreate, call_->caller, call_->request_id.str(),
                          call_->header, matched_, facts);
    if (!admission) {
      RefuseCall(desk_, call_, admission.error());
      return;
    }
    if (!admission->admitted()) {
      RefuseCall(desk_, call_, admission->problems.front());
      return;
    }
    auto draft = MakeDraft(admission->warnings, facts);
    if (!draft) {
      RefuseCall(desk_, call_, draft.error());
      return;
    }
    desk_.parts().committer.Submit(
        std::move(*draft),
        [self = shared_from_this()](const Result<Outcome>& outcome) { self->Answer(outcome); });
  }

  Result<ReceiveFiling> MakeDraft(const std::vector<Warning>& warnings,
                                  const std::vector<DocumentFacts>& facts) {
    ReceiveFiling draft;
    draft.system = call_->caller.system;
    draft.user = call_->caller.user;
    draft.staff = request_.staff().substr(0, kStaffMaxBytes);
    draft.request_id = call_->request_id;
    draft.header = call_->header;
    draft.received_at = call_->arrived_at;
    draft.client_authorized_at =
        OptionalTime(request_.has_authorized_at(), request_.authorized_at());
    draft.client_first_tried_at =
        OptionalTime(request_.has_first_tried_at(), request_.first_tried_at());
    for (const std::string& gateway : request_.possibly_received_by()) {
      if (draft.possibly_received_by.size() < kOtherGatewaysMax) {
        draft.possibly_received_by.push_back(gateway.substr(0, kStaffMaxBytes));
      }
    }
    draft.warnings = warnings;
    draft.policy =
        PolicyOnReceipt(desk_, *desk_.parts().policies.Lookup(call_->header.court).policy);
    for (std::size_t i = 0; i < matched_.size(); ++i) {
      const Document& document = call_->header.documents[*matched_[i].header_index];
      const std::string& bytes = request_.inline_documents(static_cast<int>(i));
      StoredDocument stored;
      stored.sha256 = document.sha256;
      stored.size_bytes = matched_[i].size_bytes;
      NB_ASSIGN_OR_RETURN(stored.extents, StoreWhole(desk_.parts().segments, bytes));
      if (*matched_[i].header_index < facts.size() && facts[*matched_[i].header_index].pdf) {
        stored.inspection = InspectionText(*facts[*matched_[i].header_index].pdf);
      }
      draft.inline_documents.push_back(std::move(stored));
    }
    return draft;
  }

  void Answer(const Result<Outcome>& outcome) {
    if (outcome) {
      response_ = ToProto(*outcome->filing, WithReceipt::kYes);
      call_->Answer(grpc::Status::OK);
      return;
    }
    const Error& why = outcome.error();
    // After a fail-stop nothing can be journaled any more; everything else is evidence.
    if (why.reason == "OUTCOME_UNKNOWN") {
      call_->Answer(Refuse(*call_->context, why));
    } else {
      RefuseCall(desk_, call_, why);
    }
  }

  Desk& desk_;
  const std::shared_ptr<Call> call_;
  // Both live until the call is answered.
  const pb::CreateFilingRequest& request_;
  pb::Filing& response_;
  std::vector<InlineDocument> matched_;  // The documents that rode along: hashed once.
};

// Parses and identifies. An error has been answered already; then null is returned.
std::shared_ptr<Call> BeginCall(Desk& desk, grpc::CallbackServerContext& context,
                                grpc::ServerUnaryReactor* reactor, const std::string& user,
                                const std::string& request_id,
                                const filing::v1::FilingHeader& header) {
  auto call = std::make_shared<Call>();
  call->context = &context;
  call->reactor = reactor;
  call->arrived_at = desk.parts().clock.Now();
  call->request_id = RequestId(request_id);
  const auto caller = desk.Identify(context, user);
  if (!caller) {
    call->Answer(Refuse(context, caller.error()));
    return nullptr;
  }
  call->caller = *caller;
  if (EndsBeforeRepeat(call->caller.rights)) {
    RefuseCall(desk, call, *RightsProblem(call->caller.rights));
    return nullptr;
  }
  auto read = FromProto(header);
  if (!read) {
    RefuseCall(desk, call, read.error());
    return nullptr;
  }
  call->header = std::move(*read);
  return call;
}

}  // namespace

grpc::ServerUnaryReactor* IntakeService::CreateFiling(grpc::CallbackServerContext* context,
                                                      const pb::CreateFilingRequest* request,
                                                      pb::Filing* response) {
  auto* reactor = context->DefaultReactor();
  const auto call = BeginCall(desk_, *context, reactor, request->registered_user(),
                              request->request_id(), request->header());
  if (!call) return reactor;
  const auto repeat = FindRepeat(desk_, *desk_.parts().journal.view(), *call);
  if (!repeat) {
    RefuseCall(desk_, call, repeat.error());
  } else if (*repeat) {
    *response = ToProto(**repeat, WithReceipt::kYes);
    call->Answer(grpc::Status::OK);
  } else {
    std::make_shared<Creation>(desk_, call, *request, *response)->Run();
  }
  return reactor;
}

grpc::ServerUnaryReactor* IntakeService::FindMissingDocuments(
    grpc::CallbackServerContext* context, const pb::FindMissingDocumentsRequest* request,
    pb::FindMissingDocumentsResponse* response) {
  auto* reactor = context->DefaultReactor();
  const auto call = BeginCall(desk_, *context, reactor, request->registered_user(),
                              request->request_id(), request->header());
  if (!call) return reactor;
  const auto view = desk_.parts().journal.view();
  const auto repeat = FindRepeat(desk_, *view, *call);
  if (!repeat) {
    RefuseCall(desk_, call, repeat.error());
    return reactor;
  }
  if (*repeat) {
    *response->mutable_filing() = ToProto(**repeat, WithReceipt::kYes);
    call->Answer(grpc::Status::OK);
    return reactor;
  }
  const auto admission = desk_.AdmitHeader(*view, AdmissionPhase::kFindMissing, call->caller,
                                           call->request_id.str(), call->header, {}, {});
  if (!admission || !admission->admitted()) {
    RefuseCall(desk_, call, admission ? admission->problems.front() : admission.error());
    return reactor;
  }
  for (const Warning& warning : admission->warnings) *response->add_warnings() = ToProto(warning);
  OpenAttempt draft;
  draft.system = call->caller.system;
  draft.user = call->caller.user;
  draft.request_id = call->request_id;
  draft.court = call->header.court;
  draft.fingerprint = FilingFingerprint(call->caller.user, call->header);
  draft.opened_at = call->arrived_at;
  for (const Document& document : call->header.documents)
    draft.documents.push_back(document.sha256);
  draft.lease_until = call->arrived_at + desk_.parts().config.capacity.upload_lease;
  desk_.parts().committer.Submit(
      std::move(draft), [this, call, response](const Result<Outcome>& outcome) {
        if (!outcome) {
          call->Answer(Refuse(*call->context, outcome.error()));
          return;
        }
        response->set_attempt_id(outcome->attempt.first_attempt_id.str());
        if (outcome->attempt.first_at)
          *response->mutable_attempt_opened_at() = ToProto(*outcome->attempt.first_at);
        const auto now = desk_.parts().journal.view();
        std::vector<Digest> seen;
        for (const Document& document : call->header.documents) {
          if (std::find(seen.begin(), seen.end(), document.sha256) != seen.end()) continue;
          seen.push_back(document.sha256);
          const auto stored = FindDocument(*now, call->caller.system, document.sha256);
          if (!stored) {
            call->Answer(Refuse(*call->context, stored.error()));
            return;
          }
          if (*stored && (*stored)->complete()) continue;
          pb::MissingDocument& missing = *response->add_missing();
          missing.set_sha256(std::string(document.sha256.view()));
          missing.set_size_bytes(document.size_bytes);
          std::int64_t committed = 0;
          if (*stored) {
            for (const auto& extent : (*stored)->extents()) committed += extent.size();
          }
          missing.set_committed_size_bytes(committed);
        }
        call->Answer(grpc::Status::OK);
      });
  return reactor;
}

grpc::ServerUnaryReactor* IntakeService::ValidateFiling(grpc::CallbackServerContext* context,
                                                        const pb::ValidateFilingRequest* request,
                                                        pb::ValidateFilingResponse* response) {
  auto* reactor = context->DefaultReactor();
  const auto caller = desk_.Identify(*context, request->registered_user());
  if (!caller) {
    reactor->Finish(Refuse(*context, caller.error()));
    return reactor;
  }
  std::vector<Error> problems;
  const auto header = FromProto(request->header());
  if (!header) {
    problems.push_back(header.error());
  } else {
    const auto admission = desk_.AdmitHeader(
        *desk_.parts().journal.view(), AdmissionPhase::kValidate, *caller, "", *header, {}, {});
    if (!admission) {
      reactor->Finish(Refuse(*context, admission.error()));
      return reactor;
    }
    problems = admission->problems;
    for (const Warning& warning : admission->warnings) *response->add_warnings() = ToProto(warning);
  }
  for (const Error& problem : problems) {
    const CatalogueEntry& entry = EntryFor(problem);
    pb::Problem& out = *response->add_problems();
    out.set_reason(std::string(entry.reason));
    out.set_field(problem.field);
    out.set_message(problem.message);
    out.set_what_now(std::string(entry.what_now));
  }
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerUnaryReactor* IntakeService::WithdrawFiling(grpc::CallbackServerContext* context,
                                                        const pb::WithdrawFilingRequest* request,
                                                        pb::Filing* response) {
  auto* reactor = context->DefaultReactor();
  const auto prepared = [&]() -> Result<nightbox::WithdrawFiling> {
    NB_ASSIGN_OR_RETURN(const CallerRights caller,
                        desk_.IdentifyReader(*context, request->registered_user()));
    NB_ASSIGN_OR_RETURN(
        const FilingSnapshot filing,
        desk_.FindOwn(*desk_.parts().journal.view(), caller, FilingId(request->filing_id())));
    if (request->reason().empty() || request->reason().size() > 1000) {
      return Catalogued("REQUIRED_MISSING", "say in at most 1000 bytes why the filing is withdrawn",
                        "reason");
    }
    return nightbox::WithdrawFiling{filing.sequence, caller.user, request->reason()};
  }();
  if (!prepared) {
    reactor->Finish(Refuse(*context, prepared.error()));
    return reactor;
  }
  desk_.parts().committer.Submit(*prepared,
                                 [context, reactor, response](const Result<Outcome>& outcome) {
                                   if (!outcome) {
                                     reactor->Finish(Refuse(*context, outcome.error()));
                                     return;
                                   }
                                   *response = ToProto(*outcome->filing, WithReceipt::kNo);
                                   reactor->Finish(grpc::Status::OK);
                                 });
  return reactor;
}

}  // namespace nightbox
