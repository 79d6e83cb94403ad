#include "gateway/intake_call.h"

#include "core/fingerprint.h"
#include "gateway/error_catalogue.h"
#include "gateway/grpc_status.h"
#include "gateway/id_shape.h"
#include "proto/filing_codec.h"

namespace nightbox {

std::shared_ptr<IntakeCall> BeginCall(const Desk& desk, grpc::CallbackServerContext& context,
                                      grpc::ServerUnaryReactor* reactor, const std::string& user,
                                      const std::string& request_id,
                                      const filing::v1::FilingHeader& header) {
  auto call = std::make_shared<IntakeCall>();
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

Result<std::optional<FilingSnapshot>> FindRepeat(const View& view, const IntakeCall& call) {
  // Of another shape it has no receipt, and admission says what is wrong with it.
  if (!IsRequestId(call.request_id.str())) return std::optional<FilingSnapshot>();
  NB_ASSIGN_OR_RETURN(auto filing,
                      view.FindFilingByKey(DeliveryKey(call.caller.system, call.request_id)));
  if (filing && filing->record.fingerprint != FilingFingerprint(call.caller.user, call.header)) {
    return Catalogued("REQUEST_ID_REUSED",
                      "this request_id has a receipt for other content; nothing was changed",
                      "request_id");
  }
  return filing;
}

void RefuseCall(const Desk& desk, const std::shared_ptr<IntakeCall>& call, const Error& why) {
  desk.Refused(call->caller, call->request_id, call->header.court, why,
               [call, why](const AttemptId& attempt) {
                 call->Answer(Refuse(*call->context, why, attempt));
               });
}

}  // namespace nightbox
