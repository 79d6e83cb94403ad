#include "gateway/operator_service.h"

#include <google/protobuf/util/time_util.h>

#include "gateway/error_catalogue.h"
#include "gateway/grpc_status.h"
#include "proto/filing_codec.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::operator_::v1;

constexpr std::size_t kReasonMaxBytes = 1000;

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

pb::CourtAvailability ToProto(const CourtId& court, const KnownAvailability& known) {
  pb::CourtAvailability out;
  out.set_court_id(court.str());
  if (known.state == Availability::kAvailable) {
    out.set_state(pb::CourtAvailability::STATE_AVAILABLE);
  } else if (known.state != Availability::kUnknown) {
    out.set_state(pb::CourtAvailability::STATE_UNAVAILABLE);
  }
  *out.mutable_since() = nightbox::ToProto(known.since);
  if (known.checked_at) *out.mutable_last_checked_at() = nightbox::ToProto(*known.checked_at);
  return out;
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
  NB_ASSIGN_OR_RETURN(auto filing, desk_.parts().journal.view()->FindFiling(FilingId(filing_id)));
  if (!filing) return Catalogued("FILING_NOT_FOUND", "no filing has this id", "filing_id");
  return std::move(*filing);
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
    response->set_clock_synchronized(desk_.parts().clock.Quality().synchronized);
    const WallTime now = desk_.parts().clock.Now();
    for (const auto& policy : desk_.parts().policies.Enabled()) {
      *response->add_courts() = ToProto(policy->court, reach_.Known(policy->court, now));
    }
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
    return {};
  };
  return Finish(*context, answer());
}

template <class Act>
grpc::ServerUnaryReactor* OperatorService::Carry(grpc::CallbackServerContext& context,
                                                 const std::string& filing_id,
                                                 const std::string& reason,
                                                 pb::HeldFiling& response) const {
  const auto caller = Identify(context);
  if (!caller) return Finish(context, caller.error());
  const auto filing = Find(filing_id, reason);
  if (!filing) return Finish(context, filing.error());
  auto* reactor = context.DefaultReactor();
  desk_.parts().committer.Submit(Act{filing->sequence, caller->name, reason},
                                 [&context, reactor, &response](const Result<Outcome>& outcome) {
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

grpc::ServerWriteReactor<pb::CaseRecordPiece>* OperatorService::ExportCaseRecord(
    grpc::CallbackServerContext* context, const pb::ExportCaseRecordRequest* request) {
  return ExportOneRecord(
      desk_, office_, *context, [this, context] { return Identify(*context); }, *request);
}

}  // namespace nightbox
