// The calls that only read: nothing here changes anything, and nothing beyond what is promised is
// shown.
#include <charconv>

#include "core/fingerprint.h"
#include "gateway/error_catalogue.h"
#include "gateway/filing_view.h"
#include "gateway/grpc_status.h"
#include "gateway/intake_service.h"
#include "gateway/shown_answer.h"
#include "gateway/watch_reactor.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::intake::v1;

constexpr int kPageSizeDefault = 50;
constexpr int kPageSizeMax = 100;

grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext& context, const Result<void>& result) {
  auto* reactor = context.DefaultReactor();
  reactor->Finish(result ? grpc::Status::OK : Refuse(context, result.error()));
  return reactor;
}

Result<std::optional<std::uint64_t>> ReadPageToken(const std::string& token) {
  if (token.empty()) return std::optional<std::uint64_t>();
  std::uint64_t sequence = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), sequence);
  if (error != std::errc() || end != token.data() + token.size()) {
    return Catalogued("PAGE_TOKEN_INVALID", "page_token is not one this gateway gave",
                      "page_token");
  }
  return std::optional(sequence);
}

}  // namespace

grpc::ServerUnaryReactor* IntakeService::GetCourtPolicy(grpc::CallbackServerContext* context,
                                                        const pb::GetCourtPolicyRequest* request,
                                                        pb::CourtPolicy* response) {
  const auto system = desk_.IdentifySystem(*context);
  if (!system) return Finish(*context, system.error());
  const PolicyLookup lookup = desk_.parts().policies.Lookup(CourtId(request->court_id()));
  if (const auto problem = CourtProblem(lookup, "court_id")) return Finish(*context, *problem);
  *response = ToProto(*lookup.policy);
  SayLeftOut(*context, LeaveOutDenied(desk_.parts().shown, desk_.parts().clock.Now(), *response));
  return Finish(*context, {});
}

grpc::ServerUnaryReactor* IntakeService::GetFiling(grpc::CallbackServerContext* context,
                                                   const pb::GetFilingRequest* request,
                                                   pb::Filing* response) {
  const auto answer = [&]() -> Result<void> {
    NB_ASSIGN_OR_RETURN(const CallerRights caller,
                        desk_.IdentifyReader(*context, request->registered_user()));
    const auto view = desk_.parts().journal.view();
    FilingId filing_id(request->filing_id());
    if (filing_id.empty()) {
      NB_ASSIGN_OR_RETURN(
          const auto by_request,
          view->FindFilingByKey(DeliveryKey(caller.system, RequestId(request->request_id()))));
      if (by_request) filing_id = by_request->record.filing_id;
    }
    NB_ASSIGN_OR_RETURN(const FilingSnapshot filing, desk_.FindOwn(*view, caller, filing_id));
    AnswerFiling(desk_, *context, filing, WithReceipt::kYes, *response);
    return {};
  };
  return Finish(*context, answer());
}

grpc::ServerUnaryReactor* IntakeService::ListFilings(grpc::CallbackServerContext* context,
                                                     const pb::ListFilingsRequest* request,
                                                     pb::ListFilingsResponse* response) {
  const auto answer = [&]() -> Result<void> {
    NB_ASSIGN_OR_RETURN(const CallerRights caller,
                        desk_.IdentifyReader(*context, request->registered_user()));
    NB_ASSIGN_OR_RETURN(const auto before, ReadPageToken(request->page_token()));
    const int wanted =
        request->page_size() <= 0 ? kPageSizeDefault : std::min(request->page_size(), kPageSizeMax);
    // One more than asked for tells whether there is another page.
    NB_ASSIGN_OR_RETURN(auto filings, desk_.parts().journal.view()->ListFilings(
                                          caller.system, caller.user, before,
                                          static_cast<std::size_t>(wanted) + 1));
    const bool more = filings.size() > static_cast<std::size_t>(wanted);
    if (more) filings.pop_back();
    const WallTime now = desk_.parts().clock.Now();
    DeniedFields left_out;
    for (const FilingSnapshot& filing : filings) {
      *response->add_filings() =
          ShownToFiler(desk_.parts().shown, now, filing, WithReceipt::kNo, left_out);
    }
    SayLeftOut(*context, left_out);
    if (more) response->set_next_page_token(std::to_string(filings.back().sequence));
    return {};
  };
  return Finish(*context, answer());
}

grpc::ServerUnaryReactor* IntakeService::GetReceipt(grpc::CallbackServerContext* context,
                                                    const pb::GetReceiptRequest* request,
                                                    pb::Receipt* response) {
  const auto view = desk_.parts().journal.view();
  Result<FilingSnapshot> filing = Error{ErrorCode::kInternal, "not looked up"};
  const auto caller = desk_.IdentifyReader(*context, request->registered_user());
  if (!caller) return Finish(*context, caller.error());
  filing = desk_.FindOwn(*view, *caller, FilingId(request->filing_id()));
  if (!filing) return Finish(*context, filing.error());
  const ShownFields& shown = desk_.parts().shown;
  const DeniedFields denied = shown.Denied(
      pb::Receipt::descriptor()->full_name(), desk_.parts().clock.Now(),
      [&] { return FactsOf(*filing, shown.categories()); },
      desk_.parts().policies.CustodianOf(filing->record.header.court));
  if (!denied.empty()) return Finish(*context, NotShown(denied.begin()->second));
  response->set_receipt_json(filing->receipt_json);
  response->set_receipt_p7s(filing->receipt_p7s);
  const auto kept = view->FindPackage(filing->sequence);
  if (!kept) return Finish(*context, kept.error());
  if (*kept) {
    response->set_evidence_zip(**kept);
    return Finish(*context, {});
  }
  // Made once, by whoever asks first after a checkpoint covers the filing; the committer keeps the
  // first one.
  auto* reactor = context->DefaultReactor();
  const bool posted = desk_.parts().pool.Post([this, reactor, response, filing = *filing] {
    auto made = desk_.parts().make_package(filing);
    if (!made || made->empty()) {
      reactor->Finish(grpc::Status::OK);  // No checkpoint yet, or no package: the receipt itself is
                                          // answered all the same.
      return;
    }
    const std::uint64_t sequence = filing.sequence;
    desk_.parts().committer.Submit(
        KeepPackage{sequence, std::move(*made)},
        [this, reactor, response, sequence](const Result<Outcome>& outcome) {
          const auto now_kept =
              outcome ? desk_.parts().journal.view()->FindPackage(sequence) : outcome.error();
          if (now_kept && *now_kept) response->set_evidence_zip(**now_kept);
          reactor->Finish(grpc::Status::OK);
        });
  });
  if (!posted) reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerWriteReactor<pb::Filing>* IntakeService::WatchFiling(
    grpc::CallbackServerContext* context, const pb::WatchFilingRequest* request) {
  return WatchOneFiling(desk_, *context, *request);
}

}  // namespace nightbox
