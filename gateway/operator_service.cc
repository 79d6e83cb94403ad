#include "gateway/operator_service.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <cctype>

#include "core/log.h"
#include "gateway/case_in_reason.h"
#include "gateway/error_catalogue.h"
#include "gateway/filing_view.h"
#include "gateway/grpc_status.h"
#include "gateway/shown_answer.h"
#include "proto/filing_codec.h"
#include "store/case_queue.h"
#include "store/keys.h"
#include "store/waiting_filings.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::operator_::v1;

constexpr std::size_t kReasonMaxBytes = 1000;
constexpr int kPageSizeDefault = 50;
constexpr int kPageSizeMax = 500;
// A number of fewer letters and digits is no case's; whoever files under "1" must not keep
// operators from giving their reasons.
constexpr std::ptrdiff_t kCaseNumberMin = 6;

pb::Balance ToProto(const Balance& balance) {
  pb::Balance out;
  out.set_received(balance.received);
  out.set_docketed(balance.Of(BalanceClass::kDocketed));
  out.set_returned(balance.Of(BalanceClass::kReturned));
  out.set_withdrawn(balance.Of(BalanceClass::kWithdrawn));
  out.set_duplicate_of(balance.Of(BalanceClass::kDuplicateOf));
  out.set_terminated(balance.Of(BalanceClass::kTerminated));
  out.set_held(balance.Of(BalanceClass::kHeld));
  out.set_pending(balance.Of(BalanceClass::kPending));
  out.set_uncertain(balance.Of(BalanceClass::kUncertain));
  out.set_test(balance.Of(BalanceClass::kTest));
  return out;
}

pb::Backlog::Reach ToProto(CourtReach::State state) {
  switch (state) {
    case CourtReach::State::kBackingOff:
      return pb::Backlog::REACH_BACKING_OFF;
    case CourtReach::State::kProbing:
      return pb::Backlog::REACH_PROBING;
    case CourtReach::State::kFlowing:
      return pb::Backlog::REACH_FLOWING;
    case CourtReach::State::kUnknown:
      break;
  }
  return pb::Backlog::REACH_UNSPECIFIED;
}

pb::CourtAvailability ToProto(const CourtId& court, const HeldAvailability& held) {
  const KnownAvailability& known = held.known;
  pb::CourtAvailability out;
  out.set_court_id(court.str());
  out.set_state_of(held.of.str());
  if (known.state == Availability::kAvailable) {
    out.set_state(pb::CourtAvailability::STATE_AVAILABLE);
  } else if (known.state != Availability::kUnknown) {
    out.set_state(pb::CourtAvailability::STATE_UNAVAILABLE);
  }
  *out.mutable_since() = nightbox::ToProto(known.since);
  if (known.checked_at) *out.mutable_last_checked_at() = nightbox::ToProto(*known.checked_at);
  return out;
}

Result<WaitingClass> WaitingClassOf(pb::WaitingFiling::State state) {
  switch (state) {
    case pb::WaitingFiling::STATE_PENDING:
      return WaitingClass::kPending;
    case pb::WaitingFiling::STATE_HELD:
      return WaitingClass::kHeld;
    case pb::WaitingFiling::STATE_UNCERTAIN:
      return WaitingClass::kUncertain;
    default:
      return Catalogued("REQUIRED_MISSING", "say which: pending, held or uncertain", "state");
  }
}

pb::WaitingFiling ToProto(const WaitingFiling& filing, pb::WaitingFiling::State state) {
  pb::WaitingFiling out;
  out.set_filing_id(filing.state.filing_id.str());
  out.set_court_id(filing.state.court.str());
  out.set_state(state);
  *out.mutable_received_at() = nightbox::ToProto(filing.state.received_at);
  *out.mutable_changed_at() = nightbox::ToProto(filing.changed_at);
  out.set_deliveries_started(filing.state.deliveries_started);
  // Of others the state's reason is the filer's own word.
  if (state == pb::WaitingFiling::STATE_HELD) {
    out.set_reason(filing.state.reason);
    out.set_held_by_gateway(filing.state.owner == "nightbox");
  }
  out.set_consistency_group(filing.group);
  out.set_delivery_key(std::string(filing.state.delivery_key.view()));
  return out;
}

// Every number the filing's case is known by.
Result<std::vector<std::string>> CaseNumbersOf(const View& view, const FilingSnapshot& filing) {
  std::vector<std::string> numbers;
  if (const auto* named = std::get_if<ExistingCase>(&filing.record.header.case_reference))
    numbers.push_back(named->number);
  NB_ASSIGN_OR_RETURN(auto given, ReadCaseNumbers(view, filing.state.case_key));
  if (filing.state.record) {
    const auto& told = filing.state.record->case_numbers;
    given.insert(given.end(), told.begin(), told.end());
  }
  for (CaseNumber& each : given) numbers.push_back(std::move(each.number));
  return numbers;
}

bool LooksLikeANumber(const std::string& text) {
  return std::ranges::count_if(text, [](unsigned char c) { return std::isalnum(c) != 0; }) >=
         kCaseNumberMin;
}

// The arrival of the oldest filing that waits for its turn. One key read a court.
Result<std::optional<WallTime>> OldestRunnable(const View& view, const CourtId& court) {
  NB_ASSIGN_OR_RETURN(const auto first, view.ListRunnable(court, 0, 1));
  if (first.empty()) return std::optional<WallTime>();
  NB_ASSIGN_OR_RETURN(const auto state, FindState(view, first.front().filing_sequence));
  return state ? std::optional(state->received_at) : std::nullopt;
}

grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext& context, const Result<void>& result) {
  auto* reactor = context.DefaultReactor();
  reactor->Finish(result ? grpc::Status::OK : Refuse(context, result.error()));
  return reactor;
}

}  // namespace

Result<Caller> OperatorService::Identify(const grpc::CallbackServerContext& context) const {
  const auto auth = context.auth_context();
  NB_ASSIGN_OR_RETURN(Caller caller, CallerOfKind(*auth, CallerKind::kOperator));
  const auto access = desk_.parts().access.Now();
  const Digest certificate = CertificateFingerprint(*auth).value_or(Digest{});
  if (access->IsDenied("", certificate))
    return Catalogued("CERTIFICATE_REVOKED", "this certificate has been revoked");
  if (access->IsDenied(caller.name))
    return Catalogued("SYSTEM_DENIED", "this operator is on the deny list");
  return caller;
}

Result<FilingSnapshot> OperatorService::Find(const std::string& filing_id,
                                             const std::string& reason) const {
  if (reason.empty() || reason.size() > kReasonMaxBytes) {
    return Catalogued("REQUIRED_MISSING", "say in at most 1000 bytes why", "reason");
  }
  const auto view = desk_.parts().journal.view();
  NB_ASSIGN_OR_RETURN(const auto sequence,
                      FindSequence(*view, keys::FilingById(FilingId(filing_id))));
  if (!sequence) return Catalogued("FILING_NOT_FOUND", "no filing has this id", "filing_id");
  // The one whose entry cannot be read back is the one that needs an operator.
  NB_ASSIGN_OR_RETURN(FilingSnapshot filing, ReadFilingOrState(*view, *sequence));
  NB_RETURN_IF_ERROR(CheckWords(filing, reason, "reason"));
  return filing;
}

Result<void> OperatorService::CheckWords(const FilingSnapshot& filing, const std::string& words,
                                         const char* field) const {
  const auto holds = [&](const std::string& number) {
    return LooksLikeANumber(number) && HoldsCaseNumber(words, number);
  };
  NB_ASSIGN_OR_RETURN(const auto numbers, CaseNumbersOf(*desk_.parts().journal.view(), filing));
  if (std::ranges::any_of(numbers, holds) ||
      (filing.receipt_json.empty() && HoldsNumberOfQueue(words, filing.state))) {
    return Catalogued("CASE_NUMBER_IN_REASON", "what is journaled must not hold the case number",
                      field);
  }
  return {};
}

// Of a filing whose entry cannot be read back: which number it names is only known by the key of
// its queue.
bool OperatorService::HoldsNumberOfQueue(const std::string& words, const FilingState& state) const {
  return HoldsCaseNumber(words, [&](const std::string& text) {
    const LedgerIdentity& identity = desk_.parts().journal.identity();
    return LooksLikeANumber(text) && CaseNumberKey(identity, state.court, text) == state.case_key;
  });
}

void OperatorService::LeaveOut(grpc::ServerContextBase& context, const FilingSnapshot& filing,
                               google::protobuf::Message& answer) const {
  const ShownFields& shown = desk_.parts().shown;
  SayLeftOut(context, LeaveOutDenied(shown, desk_.parts().clock.Now(), answer,
                                     [&] { return FactsOf(filing, shown.categories()); }));
}

grpc::ServerUnaryReactor* OperatorService::GetStatus(grpc::CallbackServerContext* context,
                                                     const pb::GetStatusRequest*,
                                                     pb::Status* response) {
  const auto answer = [&]() -> Result<void> {
    NB_ASSIGN_OR_RETURN(const Caller caller, Identify(*context));
    const auto view = desk_.parts().journal.view();
    NB_ASSIGN_OR_RETURN(const Balance balance, ReadBalance(*view, CourtId()));
    response->set_gateway(desk_.parts().journal.identity().gateway);
    response->set_log_id(desk_.parts().journal.identity().log_id);
    response->set_published_sequence(view->published());
    *response->mutable_started_at() = ToProto(started_at_);
    *response->mutable_balance() = ToProto(balance);
    response->set_clock_synchronized(desk_.parts().journal.clock_synchronized());
    const WallTime now = desk_.parts().clock.Now();
    for (const auto& policy : desk_.parts().policies.Enabled()) {
      *response->add_courts() = ToProto(policy->court, reach_.Held(policy->court, now));
    }
    SayLeftOut(*context, LeaveOutDenied(desk_.parts().shown, now, *response));
    return {};
  };
  return Finish(*context, answer());
}

grpc::ServerUnaryReactor* OperatorService::ListBacklogs(grpc::CallbackServerContext* context,
                                                        const pb::ListBacklogsRequest*,
                                                        pb::ListBacklogsResponse* response) {
  const auto answer = [&]() -> Result<void> {
    NB_ASSIGN_OR_RETURN(const Caller caller, Identify(*context));
    const auto view = desk_.parts().journal.view();
    NB_ASSIGN_OR_RETURN(const auto balances, view->ListBalances());
    const WallTime now = desk_.parts().clock.Now();
    for (const CourtBalance& court : balances) {
      pb::Backlog& row = *response->add_backlogs();
      row.set_court_id(court.court.str());
      row.set_pending(court.balance.Of(BalanceClass::kPending));
      row.set_held(court.balance.Of(BalanceClass::kHeld));
      row.set_uncertain(court.balance.Of(BalanceClass::kUncertain));
      const CourtReach reach = reach_.Of(court.court, now);
      row.set_reach(ToProto(reach.state));
      if (reach.next_try_at) *row.mutable_next_try_at() = nightbox::ToProto(*reach.next_try_at);
      NB_ASSIGN_OR_RETURN(const auto oldest, OldestRunnable(*view, court.court));
      if (oldest) {
        *row.mutable_oldest_age() = google::protobuf::util::TimeUtil::MicrosecondsToDuration(
            std::max<std::int64_t>(0, (now - *oldest).count()));
      }
    }
    SayLeftOut(*context, LeaveOutDenied(desk_.parts().shown, now, *response));
    return {};
  };
  return Finish(*context, answer());
}

grpc::ServerUnaryReactor* OperatorService::ListWaitingFilings(
    grpc::CallbackServerContext* context, const pb::ListWaitingFilingsRequest* request,
    pb::ListWaitingFilingsResponse* response) {
  const auto answer = [&]() -> Result<void> {
    NB_ASSIGN_OR_RETURN(const Caller caller, Identify(*context));
    WaitingQuery query;
    NB_ASSIGN_OR_RETURN(query.which, WaitingClassOf(request->state()));
    query.court = CourtId(request->court_id());
    query.after = request->page_token();
    query.rows = static_cast<std::size_t>(request->page_size() <= 0
                                              ? kPageSizeDefault
                                              : std::min(request->page_size(), kPageSizeMax));
    const auto view = desk_.parts().journal.view();
    if (!query.court.empty()) {
      // "None" must not be the answer to a slip of the pen. A court that is not enabled any more
      // may have filings all the same.
      NB_ASSIGN_OR_RETURN(const Balance balance, ReadBalance(*view, query.court));
      const auto lookup = desk_.parts().policies.Lookup(query.court);
      if (balance.received == 0 && !lookup.policy) {
        if (auto problem = CourtProblem(lookup, "court_id")) return *std::move(problem);
      }
    }
    const auto page = ListWaiting(*view, query);
    if (!page && page.error().code == ErrorCode::kInvalidArgument)
      return Catalogued("PAGE_TOKEN_INVALID", page.error().message, "page_token");
    if (!page) return page.error();
    for (const WaitingFiling& filing : page->filings)
      *response->add_filings() = ToProto(filing, request->state());
    response->set_next_page_token(page->next);
    SayLeftOut(*context, LeaveOutDenied(desk_.parts().shown, desk_.parts().clock.Now(), *response));
    return {};
  };
  return Finish(*context, answer());
}

template <class Which>
grpc::ServerUnaryReactor* OperatorService::Carry(grpc::CallbackServerContext& context,
                                                 const std::string& filing_id,
                                                 const std::string& reason,
                                                 pb::HeldFiling& response) const {
  const auto caller = Identify(context);
  if (!caller) return Finish(context, caller.error());
  const auto filing = Find(filing_id, reason);
  if (!filing) return Finish(context, filing.error());
  auto* reactor = context.DefaultReactor();
  desk_.parts().committer.Submit(
      Which{filing->sequence, caller->name, reason},
      [this, &context, reactor, &response](const Result<Outcome>& outcome) {
        if (!outcome) {
          reactor->Finish(Refuse(context, outcome.error()));
          return;
        }
        const FilingState& state = outcome->filing->state;
        const bool held = ClassOf(state) == BalanceClass::kHeld;
        response.set_filing_id(outcome->filing->record.filing_id.str());
        response.set_court_id(state.court.str());
        response.set_held(held);
        if (held) response.set_reason(state.reason);
        LeaveOut(context, *outcome->filing, response);
        reactor->Finish(grpc::Status::OK);
      });
  return reactor;
}

grpc::ServerUnaryReactor* OperatorService::HoldFiling(grpc::CallbackServerContext* context,
                                                      const pb::HoldFilingRequest* request,
                                                      pb::HeldFiling* response) {
  return Carry<nightbox::HoldFiling>(*context, request->filing_id(), request->reason(), *response);
}

grpc::ServerUnaryReactor* OperatorService::ReleaseFiling(grpc::CallbackServerContext* context,
                                                         const pb::ReleaseFilingRequest* request,
                                                         pb::HeldFiling* response) {
  return Carry<nightbox::ReleaseFiling>(*context, request->filing_id(), request->reason(),
                                        *response);
}

grpc::ServerUnaryReactor* OperatorService::ResolveDelivery(
    grpc::CallbackServerContext* context, const pb::ResolveDeliveryRequest* request,
    pb::ResolvedDelivery* response) {
  const auto caller = Identify(*context);
  if (!caller) return Finish(*context, caller.error());
  if (request->outcome() != pb::ResolveDeliveryRequest::OUTCOME_NOT_DELIVERED) {
    return Finish(*context,
                  Catalogued("REQUIRED_MISSING", "say what the court answered", "outcome"));
  }
  const auto filing = Find(request->filing_id(), request->reason());
  if (!filing) return Finish(*context, filing.error());
  auto* reactor = context->DefaultReactor();
  act_(filing->sequence,
       nightbox::ResolveDelivery{filing->sequence, caller->name, request->reason()},
       [this, context, reactor, response, who = caller->name](const Result<Outcome>& outcome) {
         if (!outcome) return reactor->Finish(Refuse(*context, outcome.error()));
         const FilingState& state = outcome->filing->state;
         Log(LogLevel::kInfo, "an operator has resolved a delivery: not delivered",
             {{"operator", who},
              {"court", state.court.str()},
              {"filing_sequence", state.filing_sequence}});
         response->set_filing_id(state.filing_id.str());
         response->set_court_id(state.court.str());
         response->set_pending(state.delivery == Delivery::kPending);
         LeaveOut(*context, *outcome->filing, *response);
         reactor->Finish(grpc::Status::OK);
       });
  return reactor;
}

Result<Terminations::Answer> OperatorService::AskToTerminate(const FilingSnapshot& filing,
                                                             const std::string& person,
                                                             const std::string& authority) {
  const FilingId& id = filing.record.filing_id;
  const BootTime now = desk_.parts().clock.BootNow();
  const WallTime wall = desk_.parts().clock.Now();
  NB_ASSIGN_OR_RETURN(Terminations::Answer asked,
                      terminations_.Ask(id, person, authority, now, wall));
  const bool first_may_act = !desk_.parts().access.Now()->IsDenied(asked.first_person);
  if (asked.step != Terminations::Step::kCarryOut || first_may_act) return asked;
  // The word of somebody who may not operate any more: then this one is the first.
  terminations_.Forget(id, asked.first_person);
  return terminations_.Ask(id, person, authority, now, wall);
}

grpc::ServerUnaryReactor* OperatorService::TerminateFiling(
    grpc::CallbackServerContext* context, const pb::TerminateFilingRequest* request,
    pb::Termination* response) {
  const auto caller = Identify(*context);
  if (!caller) return Finish(*context, caller.error());
  const auto filing = Find(request->filing_id(), request->reason());
  if (!filing) return Finish(*context, filing.error());
  const std::string& authority = request->authority();
  if (authority.empty() || authority.size() > kReasonMaxBytes) {
    return Finish(*context, Catalogued("REQUIRED_MISSING",
                                       "say in at most 1000 bytes by whose order", "authority"));
  }
  if (const auto words = CheckWords(*filing, authority, "authority"); !words)
    return Finish(*context, words.error());
  if (HasEnded(filing->state))
    return Finish(*context, Catalogued("FILING_SETTLED", "the filing has come to its end"));
  const auto asked = AskToTerminate(*filing, caller->name, authority);
  if (!asked) return Finish(*context, asked.error());

  const FilingId id = filing->record.filing_id;
  response->set_filing_id(id.str());
  response->set_court_id(filing->state.court.str());
  auto* reactor = context->DefaultReactor();
  if (asked->step == Terminations::Step::kCarryOut) {
    CarryOut(*context, *reactor, asked->first_person,
             {filing->sequence, {asked->first_person, caller->name}, authority, request->reason()},
             *response);
    return reactor;
  }
  *response->mutable_waits_until() = nightbox::ToProto(asked->until);
  LeaveOut(*context, *filing, *response);
  if (asked->step == Terminations::Step::kWait) {
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  RecordOperatorAct proposal{
      caller->name, "filing.termination_proposed filing_id=" + id.str() + " authority=" + authority,
      request->reason()};
  desk_.parts().committer.Submit(
      std::move(proposal),
      [this, context, reactor, id, who = caller->name](const Result<Outcome>& outcome) {
        // Before the call is finished: until then this service stands.
        if (outcome) {
          terminations_.Journaled(id, who);
        } else {
          terminations_.Forget(id, who);
        }
        reactor->Finish(outcome ? grpc::Status::OK : Refuse(*context, outcome.error()));
      });
  return reactor;
}

void OperatorService::CarryOut(grpc::ServerContextBase& context, grpc::ServerUnaryReactor& reactor,
                               const std::string& first_person, nightbox::TerminateFiling draft,
                               pb::Termination& response) {
  const std::uint64_t filing_sequence = draft.filing_sequence;
  act_(filing_sequence, std::move(draft),
       [this, &context, &reactor, &response, first_person](const Result<Outcome>& outcome) {
         if (!outcome) return reactor.Finish(Refuse(context, outcome.error()));
         const FilingState& state = outcome->filing->state;
         terminations_.Forget(state.filing_id, first_person);
         Log(LogLevel::kWarning, "two operators have ended a filing",
             {{"court", state.court.str()}, {"filing_sequence", state.filing_sequence}});
         response.set_terminated(true);
         LeaveOut(context, *outcome->filing, response);
         reactor.Finish(grpc::Status::OK);
       });
}

grpc::ServerWriteReactor<pb::CaseRecordPiece>* OperatorService::ExportCaseRecord(
    grpc::CallbackServerContext* context, const pb::ExportCaseRecordRequest* request) {
  return ExportOneRecord(
      desk_, office_, *context, [this, context] { return Identify(*context); }, *request);
}

}  // namespace nightbox
