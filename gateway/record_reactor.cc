#include "gateway/record_reactor.h"

#include <cctype>
#include <memory>
#include <utility>

#include "core/log.h"
#include "gateway/error_catalogue.h"
#include "gateway/grpc_status.h"
#include "store/case_record.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::operator_::v1;

constexpr std::size_t kReasonMaxBytes = 1000;
constexpr std::size_t kNumberMaxBytes = 100;

// As numbers are compared: white space and small letters do not count.
std::string Squeezed(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (!std::isspace(static_cast<unsigned char>(c)))
      out.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  }
  return out;
}

// Strictly one thing after another: gather, journal, read a piece, write it, read the next. That
// the caller went away is only noted, and ends the call at its next step.
class RecordReactor : public grpc::ServerWriteReactor<pb::CaseRecordPiece>,
                      public std::enable_shared_from_this<RecordReactor> {
 public:
  RecordReactor(const Desk& desk, RecordOffice& office, grpc::CallbackServerContext& context,
                const pb::ExportCaseRecordRequest& request)
      : desk_(desk), office_(office), context_(context), reason_(request.reason()) {
    wanted_.court = CourtId(request.court_id());
    wanted_.case_number = request.case_number();
  }

  void Begin(const Result<Caller>& caller) {
    self_ = shared_from_this();
    if (!caller) return Fail(caller.error());
    operator_ = caller->name;
    if (reason_.empty() || reason_.size() > kReasonMaxBytes)
      return Fail(Catalogued("REQUIRED_MISSING", "say in at most 1000 bytes why", "reason"));
    if (Squeezed(wanted_.case_number).empty() || wanted_.case_number.size() > kNumberMaxBytes)
      return Fail(Catalogued("REQUIRED_MISSING", "say which case", "case_number"));
    // The reason is journaled for ever, and read by more people than the record.
    if (Squeezed(reason_).find(Squeezed(wanted_.case_number)) != std::string::npos)
      return Fail(Error{ErrorCode::kInvalidArgument,
                        "the reason is journaled and must not hold the case number", "", "reason"});
    const PolicyLookup lookup = desk_.parts().policies.Lookup(wanted_.court);
    if (lookup.policy) {
      wanted_.court_name = lookup.policy->court_name;
      wanted_.time_zone = lookup.policy->time_zone;
    } else {
      // Not one of today's courts; what it once took is its record all the same.
      wanted_.court_name = wanted_.court.str();
      wanted_.time_zone = "America/Chicago";
    }
    if (office_.busy.exchange(true))
      return Fail(Error{ErrorCode::kResourceExhausted, "another record is being made; try again",
                        "", "", std::chrono::milliseconds(5'000)});
    holds_office_ = true;
    OnPool([](RecordReactor& self) { self.Gather(); });
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return End(grpc::Status::CANCELLED);
    OnPool([](RecordReactor& self) { self.SendNext(); });
  }

  void OnCancel() override { cancelled_ = true; }

  void OnDone() override {
    record_.reset();
    if (holds_office_) office_.busy = false;
    self_.reset();
  }

 private:
  void Gather() {
    const DeskParts& parts = desk_.parts();
    auto record = CaseRecord::Gather(parts.journal.view(), parts.journal.identity(), parts.segments,
                                     office_.signer, office_.root_pem, parts.clock.Now(), wanted_);
    if (!record) return Fail(record.error());
    record_ = *std::move(record);
    RecordOperatorAct act{operator_,
                          "case_record.exported filings=" + std::to_string(record_->filings()) +
                              " record_sha256=" + record_->sha256().Hex(),
                          reason_};
    parts.committer.Submit(std::move(act), [self = shared_from_this()](const auto& outcome) {
      if (!outcome) return self->Fail(outcome.error());
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
    StartWrite(&piece_);
  }

  void SendNext() {
    auto bytes = record_->Next();
    if (!bytes) return Fail(bytes.error());
    if (bytes->empty()) return End(grpc::Status::OK);
    piece_.set_data(*std::move(bytes));
    StartWrite(&piece_);
  }

  void OnPool(void (*step)(RecordReactor&)) {
    const bool posted = desk_.parts().pool.Post([self = shared_from_this(), step] {
      if (self->cancelled_) return self->End(grpc::Status::CANCELLED);
      if (self->desk_.shutting_down())
        return self->Fail(Catalogued("SHUTTING_DOWN", "the gateway is stopping; ask again"));
      step(*self);
    });
    if (!posted) Fail(Error{ErrorCode::kResourceExhausted, "the document pool is full; try again"});
  }

  void Fail(const Error& why) { End(Refuse(context_, why)); }

  // Once: every step ends the call or begins the next, never both.
  void End(const grpc::Status& status) { Finish(status); }

  const Desk& desk_;
  RecordOffice& office_;
  grpc::CallbackServerContext& context_;
  const std::string reason_;
  CaseRecordRequest wanted_;
  std::string operator_;
  std::unique_ptr<CaseRecord> record_;
  pb::CaseRecordPiece piece_;
  bool holds_office_ = false;
  std::atomic<bool> cancelled_ = false;
  std::shared_ptr<RecordReactor> self_;  // Until OnDone.
};

}  // namespace

grpc::ServerWriteReactor<pb::CaseRecordPiece>* ExportOneRecord(
    const Desk& desk, RecordOffice& office, grpc::CallbackServerContext& context,
    const Result<Caller>& caller, const pb::ExportCaseRecordRequest& request) {
  const auto reactor = std::make_shared<RecordReactor>(desk, office, context, request);
  reactor->Begin(caller);
  return reactor.get();
}

}  // namespace nightbox
