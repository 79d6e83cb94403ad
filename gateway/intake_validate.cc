// ValidateFiling: every check that CreateFiling would make of the header, and nothing that lasts:
// no entry, no lease, no place in anybody's share.
#include "gateway/error_catalogue.h"
#include "gateway/filing_view.h"
#include "gateway/grpc_status.h"
#include "gateway/intake_service.h"
#include "gateway/shown_answer.h"
#include "proto/filing_codec.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::intake::v1;

pb::Problem ToProto(const Error& problem) {
  const CatalogueEntry& entry = EntryFor(problem);
  pb::Problem out;
  out.set_reason(std::string(entry.reason));
  out.set_field(problem.field);
  out.set_message(problem.message);
  out.set_what_now(std::string(entry.what_now));
  return out;
}

}  // namespace

grpc::ServerUnaryReactor* IntakeService::ValidateFiling(grpc::CallbackServerContext* context,
                                                        const pb::ValidateFilingRequest* request,
                                                        pb::ValidateFilingResponse* response) {
  auto* reactor = context->DefaultReactor();
  CaseFacts facts;
  const auto examine = [&]() -> Result<Admission> {
    NB_ASSIGN_OR_RETURN(const CallerRights caller,
                        desk_.Identify(*context, request->registered_user()));
    const auto header = FromProto(request->header());
    if (!header) return Admission{{header.error()}, {}};
    facts = FactsOf(*header, desk_.parts().shown.categories());
    return desk_.AdmitHeader(*desk_.parts().journal.view(), AdmissionPhase::kValidate, caller, "",
                             *header, {}, {});
  };
  const auto admission = examine();
  if (!admission) {
    reactor->Finish(Refuse(*context, admission.error()));
    return reactor;
  }
  for (const Error& problem : admission->problems) *response->add_problems() = ToProto(problem);
  for (const Warning& warning : admission->warnings)
    *response->add_warnings() = nightbox::ToProto(warning);
  ShowOnlyAllowed(desk_, *context, *response, [&] { return facts; });
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

}  // namespace nightbox
