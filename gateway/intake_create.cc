// CreateFiling: from a request to a fact. The filing is admitted, the documents that rode along are
// stored, and the committer makes it so.
#include <algorithm>
#include <map>

#include "core/sha256.h"
#include "gateway/error_catalogue.h"
#include "gateway/grpc_status.h"
#include "gateway/header_text.h"
#include "gateway/intake_call.h"
#include "gateway/intake_service.h"
#include "gateway/shown_answer.h"
#include "proto/filing_codec.h"
#include "rules/case_category.h"
#include "store/upload.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::intake::v1;

constexpr std::size_t kNameMaxBytes = 200;
constexpr int kOtherGatewaysMax = 8;

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
  printed.authority_standing = policy.receipt_authority_standing;
  printed.gateway_unconfirmed = policy.gateway_unconfirmed;
  printed.policy_version = policy.version;
  printed.deadline_rules = &desk.parts().deadline_rules;
  if (desk.parts().case_lengths != nullptr)
    printed.case_numbers = NumberOptions(*desk.parts().case_lengths);
  printed.case_system_reachable = desk.parts().case_system_reachable(policy.court);
  return printed;
}

bool IsPdf(const Document& document) {
  return BareMediaType(document.media_type) == "application/pdf";
}

// What is journaled beside the header. Like its texts it is refused, never cut: half a character in
// an entry would make that entry unreadable.
std::optional<Error> NameProblem(const std::string& name, const std::string& field) {
  if (name.size() > kNameMaxBytes)
    return Catalogued("FIELD_TOO_LONG", field + " has more than 200 bytes", field);
  if (!IsPlainText(name, false))
    return Catalogued("FIELD_NOT_TEXT", field + " holds control characters or is not UTF-8", field);
  return std::nullopt;
}

std::optional<Error> ProblemBesideHeader(const pb::CreateFilingRequest& request) {
  if (auto problem = NameProblem(request.staff(), "staff")) return problem;
  if (request.possibly_received_by_size() > kOtherGatewaysMax)
    return Catalogued("TOO_MANY_VALUES", "more than 8 other gateways", "possibly_received_by");
  for (const std::string& gateway : request.possibly_received_by()) {
    if (auto problem = NameProblem(gateway, "possibly_received_by")) return problem;
  }
  if (request.inline_documents_size() > kDocumentsHardMax)
    return Catalogued("TOO_MANY_DOCUMENTS", "more documents are sent along than any court takes",
                      "inline_documents");
  return std::nullopt;
}

std::vector<InlineDocument> MatchInline(const pb::CreateFilingRequest& request,
                                        const FilingHeader& header) {
  std::map<Digest, std::size_t> places;
  for (std::size_t i = 0; i < header.documents.size(); ++i)
    places.emplace(header.documents[i].sha256, i);
  std::vector<InlineDocument> matched;
  for (const std::string& bytes : request.inline_documents()) {
    InlineDocument each;
    each.size_bytes = static_cast<std::int64_t>(bytes.size());
    if (const auto place = places.find(Sha256(bytes)); place != places.end())
      each.header_index = place->second;
    matched.push_back(each);
  }
  return matched;
}

// CreateFiling of what has no receipt yet; on the document pool when documents rode along.
class Creation : public std::enable_shared_from_this<Creation> {
 public:
  Creation(Desk& desk, std::shared_ptr<IntakeCall> call, const pb::CreateFilingRequest& request,
           pb::Filing& response)
      : desk_(desk), call_(std::move(call)), request_(request), response_(response) {}

  void Run() {
    if (const auto problem = ProblemBesideHeader(request_)) {
      RefuseCall(desk_, call_, *problem);
      return;
    }
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
    matched_ = MatchInline(request_, call_->header);
    std::vector<DocumentFacts> facts(call_->header.documents.size());
    for (const InlineDocument& each : matched_) {
      if (each.header_index) facts[*each.header_index].stored = true;
    }
    // An examination is a process: it is for those who may file, within their rate, what a court
    // may be sent.
    if (!Admitted(AdmissionPhase::kFindMissing, {}, facts)) return;
    for (std::size_t i = 0; i < matched_.size(); ++i) {
      // What is too large to ride along is refused by admission; it is not worth a look.
      if (!matched_[i].header_index || matched_[i].size_bytes > kInlineDocumentMaxBytes) continue;
      DocumentFacts& fact = facts[*matched_[i].header_index];
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

  // Nothing, and the call is refused, when the filing is not admitted.
  std::optional<Admission> Admitted(AdmissionPhase phase, const std::vector<InlineDocument>& sent,
                                    const std::vector<DocumentFacts>& facts) {
    auto admission = desk_.AdmitHeader(*desk_.parts().journal.view(), phase, call_->caller,
                                       call_->request_id.str(), call_->header, sent, facts);
    if (admission && admission->admitted()) return std::move(*admission);
    RefuseCall(desk_, call_, admission ? admission->problems.front() : admission.error());
    return std::nullopt;
  }

  void AdmitAndSubmit(const std::vector<DocumentFacts>& facts) {
    const auto admission = Admitted(AdmissionPhase::kCreate, matched_, facts);
    if (!admission) return;
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
    draft.staff = request_.staff();
    draft.request_id = call_->request_id;
    draft.header = call_->header;
    draft.received_at = call_->arrived_at;
    draft.client_authorized_at =
        OptionalTime(request_.has_authorized_at(), request_.authorized_at());
    draft.client_first_tried_at =
        OptionalTime(request_.has_first_tried_at(), request_.first_tried_at());
    draft.possibly_received_by.assign(request_.possibly_received_by().begin(),
                                      request_.possibly_received_by().end());
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
