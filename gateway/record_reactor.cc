#include "gateway/record_reactor.h"

#include <grpcpp/alarm.h>

#include <memory>
#include <mutex>
#include <utility>

#include "core/log.h"
#include "core/patience.h"
#include "gateway/case_in_reason.h"
#include "gateway/error_catalogue.h"
#include "gateway/grpc_status.h"
#include "gateway/shown_answer.h"
#include "store/case_record.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::operator_::v1;

constexpr std::size_t kReasonMaxBytes = 1000;
constexpr std::size_t kNumberMaxBytes = 100;

// Strictly one thing after another: gather, journal, read a piece, write it, read the next. That
// the caller went away is only noted, and ends the call at its next step.
class RecordReactor : public grpc::ServerWriteReactor<pb::CaseRecordPiece>,
                      public std::enable_shared_from_this<RecordReactor> {
 public:
  RecordReactor(const Desk& desk, RecordOffice& office, grpc::CallbackServerContext& context,
                std::function<Result<Caller>()> identify,
                const pb::ExportCaseRecordRequest& request)
      : desk_(desk),
        office_(office),
        context_(context),
        identify_(std::move(identify)),
        reason_(request.reason()) {
    wanted_.court = CourtId(request.court_id());
    wanted_.case_number = request.case_number();
  }

  void Begin() {
    self_ = shared_from_this();
    const Result<Caller> caller = identify_();
    if (!caller) return Fail(caller.error());
    operator_ = caller->name;
    if (reason_.empty() || reason_.size() > kReasonMaxBytes)
      return Fail(Catalogued("REQUIRED_MISSING", "say in at most 1000 bytes why", "reason"));
    if (wanted_.case_number.empty() || wanted_.case_number.size() > kNumberMaxBytes)
      return Fail(Catalogued("REQUIRED_MISSING", "say which case", "case_number"));
    if (HoldsCaseNumber(reason_, wanted_.case_number))
      return Fail(Catalogued("CASE_NUMBER_IN_REASON",
                             "the reason is journaled and must not hold the case number",
                             "reason"));
    const PolicyLookup lookup = desk_.parts().policies.Lookup(wanted_.court);
    if (lookup.policy) {
      wanted_.court_name = lookup.policy->court_name;
      wanted_.time_zone = lookup.policy->time_zone;
      wanted_.records_custodian = lookup.policy->records_custodian;
    } else {
      // Not one of today's courts; what it once took is its record all the same.
      wanted_.court_name = wanted_.court.str();
      wanted_.time_zone = "America/Chicago";
    }
    wanted_.rules = desk_.parts().official_record;
    wanted_.separate_files = desk_.parts().separate_files;
    if (office_.busy.exchange(true))
      return Fail(Error{ErrorCode::kResourceExhausted, "another record is being made; try again",
                        "", "", std::chrono::milliseconds(5'000)});
    holds_office_ = true;
    time_is_over_.Set(DeadlineIn(kRecordTimeMax), [weak = weak_from_this()](bool expired) {
      const auto self = expired ? weak.lock() : nullptr;
      if (self) self->EndEarly();
    });
    OnPool([](RecordReactor& self) { self.Gather(); });
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return End(grpc::Status::CANCELLED);
    OnPool([](RecordReactor& self) { self.SendNext(); });
  }

  void OnCancel() override { cancelled_ = true; }

  void OnDone() override {
    {
      const std::lock_guard lock(context_mutex_);
      done_ = true;
    }
    time_is_over_.Cancel();
    record_.reset();
    if (holds_office_) office_.busy = false;
    self_.reset();
  }

 private:
  void Gather() {
    const DeskParts& parts = desk_.parts();
    CaseRecordCompany company;
    company.go_on = [this] { return !cancelled_ && !desk_.shutting_down(); };
    company.on_damage = [&parts](QuarantineDocument damage) {
      Log(LogLevel::kError, "a stored document is damaged", {{"where", damage.what}});
      damage.found_at = parts.clock.Now();
      parts.committer.Submit(std::move(damage), [](const Result<Outcome>&) {});
    };
    auto record =
        CaseRecord::Gather(parts.journal.view(), parts.journal.identity(), parts.segments,
                           office_.signer, office_.root_pem, parts.clock.Now(), wanted_, company);
    // Before the act is journaled: gathering may have taken minutes.
    if (EndIfOver()) return;
    if (!record) return Fail(record.error());
    record_ = *std::move(record);
    RecordOperatorAct act{operator_,
                          "case_record.exported filings=" + std::to_string(record_->filings()) +
                              " record_sha256=" + record_->sha256().Hex(),
                          reason_};
    parts.committer.Submit(std::move(act), [self = shared_from_this()](const auto& outcome) {
      if (!outcome) return self->Fail(outcome.error());
      self->reason_journaled_ = true;
      self->SendSummary();
    });
  }

  void SendSummary() {
    Log(LogLevel::kInfo, "case record exported",
        {{"operator", operator_},
         {"court", wanted_.court.str()},
         {"filings", std::uint64_t{record_->filings()}},
         {"bytes", record_->size()},
         {"complete", record_->complete()}});
    pb::CaseRecordSummary& summary = *piece_.mutable_summary();
    summary.set_filings(record_->filings());
    summary.set_size_bytes(record_->size());
    summary.set_complete(record_->complete());
    summary.set_record_sha256(std::string(record_->sha256().view()));
    left_out_ = Denied(reason_journaled_);
    TakeOut(left_out_, piece_);
    StartWrite(&piece_);
  }

  void SendNext() {
    if (EndIfDenied(reason_journaled_)) return;
    auto bytes = record_->Next();
    if (!bytes) return Fail(bytes.error());
    if (bytes->empty()) return End(grpc::Status::OK);
    piece_.set_data(*std::move(bytes));
    StartWrite(&piece_);
  }

  void OnPool(void (*step)(RecordReactor&)) {
    const bool posted = desk_.parts().pool.Post([self = shared_from_this(), step] {
      if (!self->EndIfOver()) step(*self);
    });
    if (!posted) Fail(Error{ErrorCode::kResourceExhausted, "the document pool is full; try again"});
  }

  // Ends the call, and says so, when there is no reason to go on.
  bool EndIfOver() {
    if (cancelled_) {
      End(grpc::Status::CANCELLED);
      return true;
    }
    if (desk_.shutting_down()) {
      Fail(Catalogued("SHUTTING_DOWN", "the gateway is stopping; ask again"));
      return true;
    }
    // The context still stands, since nobody has finished the call.
    if (const Result<Caller> caller = identify_(); !caller) {
      Fail(caller.error());
      return true;
    }
    // What would be denied with its reason journaled is not even gathered.
    return EndIfDenied(/*reason_journaled=*/true);
  }

  // An operator takes the record for the court; without it nothing is left of the answer.
  bool EndIfDenied(bool reason_journaled) {
    const DeniedFields denied = Denied(reason_journaled);
    const auto record = denied.find("data");
    if (record == denied.end()) return false;
    Fail(NotShown(record->second));
    return true;
  }

  // At this moment, of this case.
  DeniedFields Denied(bool reason_journaled) const {
    const ShownFields& shown = desk_.parts().shown;
    return shown.Denied(
        pb::CaseRecordPiece::descriptor()->full_name(), desk_.parts().clock.Now(),
        [&] {
          CaseFacts facts = FactsFromNumber(wanted_.case_number, shown.categories());
          facts.reason_journaled = reason_journaled ? Known::kYes : Known::kNo;
          return facts;
        },
        desk_.parts().policies.CustodianOf(wanted_.court));
  }

  // The time is over. What waits for a caller that does not read comes back by this, too.
  void EndEarly() {
    cancelled_ = true;
    const std::lock_guard lock(context_mutex_);
    if (!done_) context_.TryCancel();
  }

  void Fail(const Error& why) { End(Refuse(context_, why)); }

  // Once: every step ends the call or begins the next, never both.
  void End(const grpc::Status& status) {
    SayLeftOut(context_, left_out_);
    Finish(status);
  }

  const Desk& desk_;
  RecordOffice& office_;
  grpc::CallbackServerContext& context_;
  const std::function<Result<Caller>()> identify_;
  const std::string reason_;
  CaseRecordRequest wanted_;
  std::string operator_;
  std::unique_ptr<CaseRecord> record_;
  pb::CaseRecordPiece piece_;
  DeniedFields left_out_;  // Of the summary.
  bool holds_office_ = false;
  bool reason_journaled_ = false;  // Of the steps, which follow one another.
  std::atomic<bool> cancelled_ = false;
  grpc::Alarm time_is_over_;
  std::mutex context_mutex_;  // Guards done_, until which the context stands.
  bool done_ = false;
  std::shared_ptr<RecordReactor> self_;  // Until OnDone.
};

}  // namespace

grpc::ServerWriteReactor<pb::CaseRecordPiece>* ExportOneRecord(
    const Desk& desk, RecordOffice& office, grpc::CallbackServerContext& context,
    std::function<Result<Caller>()> identify, const pb::ExportCaseRecordRequest& request) {
  const auto reactor =
      std::make_shared<RecordReactor>(desk, office, context, std::move(identify), request);
  reactor->Begin();
  return reactor.get();
}

}  // namespace nightbox
