// WithdrawFiling: before submission the filer ends the filing; afterwards the wish is passed on to
// the court. Which of the two it is the committer decides. The evidence stays.
#include "gateway/error_catalogue.h"
#include "gateway/grpc_status.h"
#include "gateway/header_text.h"
#include "gateway/intake_service.h"
#include "gateway/shown_answer.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::intake::v1;

constexpr std::size_t kReasonMaxBytes = 1000;

}  // namespace

grpc::ServerUnaryReactor* IntakeService::WithdrawFiling(grpc::CallbackServerContext* context,
                                                        const pb::WithdrawFilingRequest* request,
                                                        pb::Filing* response) {
  auto* reactor = context->DefaultReactor();
  const auto prepare = [&]() -> Result<nightbox::WithdrawFiling> {
    NB_ASSIGN_OR_RETURN(const CallerRights caller,
                        desk_.IdentifyReader(*context, request->registered_user()));
    NB_ASSIGN_OR_RETURN(
        const FilingSnapshot filing,
        desk_.FindOwn(*desk_.parts().journal.view(), caller, FilingId(request->filing_id())));
    if (request->reason().empty() || request->reason().size() > kReasonMaxBytes) {
      return Catalogued("REQUIRED_MISSING", "say in at most 1000 bytes why the filing is withdrawn",
                        "reason");
    }
    if (!IsPlainText(request->reason(), /*lines=*/true))
      return Catalogued("FIELD_NOT_TEXT", "reason holds control characters", "reason");
    if (!desk_.parts().rates.Take(caller.system, caller.user, desk_.parts().clock.BootNow())) {
      return Catalogued("USER_RATE_LIMITED",
                        "this registered user sends more requests than one person's share", "",
                        std::chrono::milliseconds(1'000));
    }
    return nightbox::WithdrawFiling{filing.sequence, caller.user, request->reason()};
  };
  const auto wish = prepare();
  if (!wish) {
    reactor->Finish(Refuse(*context, wish.error()));
    return reactor;
  }
  desk_.parts().committer.Submit(
      *wish, [this, context, reactor, response](const Result<Outcome>& outcome) {
        if (outcome) AnswerFiling(desk_, *context, *outcome->filing, WithReceipt::kNo, *response);
        reactor->Finish(outcome ? grpc::Status::OK : Refuse(*context, outcome.error()));
      });
  return reactor;
}

}  // namespace nightbox
