// CreateFiling: from a request to a fact. The filing is admitted, the documents that rode along are
// stored, and the committer makes it so.
#include <algorithm>

#include "core/sha256.h"
#include "gateway/error_catalogue.h"
#include "gateway/grpc_status.h"
#include "gateway/intake_call.h"
#include "gateway/intake_service.h"
#include "proto/filing_codec.h"
#include "store/upload.h"
#include "gateway/shown_answer.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::intake::v1;

constexpr std::size_t kStaffMaxBytes = 200;
constexpr std::size_t kOtherGatewaysMax = 8;

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
  printed.deadline_rules = &desk.parts().deadline_rules;
  printed.case_system_reachable = desk.parts().case_system_reachable(policy.court);
  return printed;
}

bool IsPdf(const Document& document) {
  return BareMediaType(document.media_type) == "application/pdf";
}

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
  Creation(Desk& desk, std::shared_ptr<IntakeCall> call, const pb::CreateFilingRequest& request,
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
      const PdfInspection inspection = desk_.parts().inspect_pdf(
          [&bytes](std::int64_t offset, std::size_t max) -> Result<std::string> {
            return bytes.substr(std::min(bytes.size(), static_cast<std::size_t>(offset)), max);
          },
          static_cast<std::int64_t>(bytes.size()));
      fact.pdf = inspection.finding;
      fact.pages = inspection.pages;
      fact.personal = inspection.personal;
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
      auto extents = StoreWhole(desk_.parts().segments, bytes);
      if (!extents) {
        desk_.parts().segments.PunchLater(PlacesOf(ExtentsOf(draft)));
        return extents.error();
      }
      stored.extents = *std::move(extents);
      if (*matched_[i].header_index < facts.size() && facts[*matched_[i].header_index].pdf) {
        stored.inspection = InspectionText(*facts[*matched_[i].header_index].pdf,
                                           facts[*matched_[i].header_index].personal);
        stored.pages = facts[*matched_[i].header_index].pages;
      }
      draft.inline_documents.push_back(std::move(stored));
    }
    return draft;
  }

  void Answer(const Result<Outcome>& outcome) {
    if (outcome) {
      if (!outcome->repeated) CountDocuments();
      AnswerFiling(desk_, *call_->context, *outcome->filing, WithReceipt::kYes, response_);
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

  void CountDocuments() const {
    for (const InlineDocument& each : matched_) desk_.parts().count_document(each.size_bytes);
  }

  Desk& desk_;
  const std::shared_ptr<IntakeCall> call_;
  // Both live until the call is answered.
  const pb::CreateFilingRequest& request_;
  pb::Filing& response_;
  std::vector<InlineDocument> matched_;  // The documents that rode along: hashed once.
};

}  // namespace

grpc::ServerUnaryReactor* IntakeService::CreateFiling(grpc::CallbackServerContext* context,
                                                      const pb::CreateFilingRequest* request,
                                                      pb::Filing* response) {
  auto* reactor = context->DefaultReactor();
  const auto call = BeginCall(desk_, *context, reactor, request->registered_user(),
                              request->request_id(), request->header());
  if (!call) return reactor;
  const auto repeat = FindRepeat(*desk_.parts().journal.view(), *call);
  if (!repeat) {
    RefuseCall(desk_, call, repeat.error());
  } else if (*repeat) {
    AnswerFiling(desk_, *context, **repeat, WithReceipt::kYes, *response);
    call->Answer(grpc::Status::OK);
  } else {
    std::make_shared<Creation>(desk_, call, *request, *response)->Run();
  }
  return reactor;
}

}  // namespace nightbox
