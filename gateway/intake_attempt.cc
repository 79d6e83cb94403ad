// FindMissingDocuments: the attempt is opened before any byte is sent, and the filer learns which
// bytes are wanted.
#include <algorithm>

#include "core/fingerprint.h"
#include "gateway/error_catalogue.h"
#include "gateway/filing_view.h"
#include "gateway/grpc_status.h"
#include "gateway/intake_call.h"
#include "gateway/intake_service.h"
#include "gateway/shown_answer.h"
#include "proto/filing_codec.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::intake::v1;

OpenAttempt AttemptOf(const Desk& desk, const IntakeCall& call) {
  OpenAttempt draft;
  draft.system = call.caller.system;
  draft.user = call.caller.user;
  draft.request_id = call.request_id;
  draft.court = call.header.court;
  draft.fingerprint = FilingFingerprint(call.caller.user, call.header);
  draft.opened_at = call.arrived_at;
  for (const Document& document : call.header.documents) draft.documents.push_back(document.sha256);
  draft.lease_until = call.arrived_at + desk.parts().config.capacity.upload_lease;
  return draft;
}

// Each document once, with what is durably stored of it.
Result<void> AddMissing(const View& view, const IntakeCall& call,
                        pb::FindMissingDocumentsResponse& response) {
  std::vector<Digest> seen;
  for (const Document& document : call.header.documents) {
    if (std::ranges::find(seen, document.sha256) != seen.end()) continue;
    seen.push_back(document.sha256);
    NB_ASSIGN_OR_RETURN(const auto stored, FindDocument(view, call.caller.system, document.sha256));
    if (stored && stored->complete()) continue;
    pb::MissingDocument& missing = *response.add_missing();
    missing.set_sha256(std::string(document.sha256.view()));
    missing.set_size_bytes(document.size_bytes);
    std::int64_t committed = 0;
    if (stored) {
      for (const auto& extent : stored->extents()) committed += extent.size();
    }
    missing.set_committed_size_bytes(committed);
  }
  return {};
}

void AnswerOpened(const Desk& desk, const IntakeCall& call, const Result<Outcome>& outcome,
                  pb::FindMissingDocumentsResponse& response) {
  if (!outcome) return call.Answer(Refuse(*call.context, outcome.error()));
  response.set_attempt_id(outcome->attempt.first_attempt_id.str());
  if (outcome->attempt.first_at)
    *response.mutable_attempt_opened_at() = ToProto(*outcome->attempt.first_at);
  const auto added = AddMissing(*desk.parts().journal.view(), call, response);
  ShowOnlyAllowed(desk, *call.context, response,
                  [&] { return FactsOf(call.header, desk.parts().shown.categories()); });
  call.Answer(added ? grpc::Status::OK : Refuse(*call.context, added.error()));
}

}  // namespace

grpc::ServerUnaryReactor* IntakeService::FindMissingDocuments(
    grpc::CallbackServerContext* context, const pb::FindMissingDocumentsRequest* request,
    pb::FindMissingDocumentsResponse* response) {
  auto* reactor = context->DefaultReactor();
  const auto call = BeginCall(desk_, *context, reactor, request->registered_user(),
                              request->request_id(), request->header());
  if (!call) return reactor;
  const auto view = desk_.parts().journal.view();
  const auto repeat = FindRepeat(*view, *call);
  if (!repeat) {
    RefuseCall(desk_, call, repeat.error());
    return reactor;
  }
  if (*repeat) {
    AnswerFiling(desk_, *context, **repeat, WithReceipt::kYes, *response->mutable_filing());
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
  desk_.parts().committer.Submit(AttemptOf(desk_, *call),
                                 [this, call, response](const Result<Outcome>& outcome) {
                                   AnswerOpened(desk_, *call, outcome, *response);
                                 });
  return reactor;
}

}  // namespace nightbox
