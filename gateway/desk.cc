#include "gateway/desk.h"

#include <charconv>

#include "core/log.h"
#include "gateway/error_catalogue.h"
#include "gateway/id_shape.h"
#include "rules/court_day.h"

namespace nightbox {
namespace {

Rights Look(const AccessDirectory& access, const grpc::AuthContext& context,
            const SystemName& system, const UserId& user) {
  const auto snapshot = access.Now();
  const Digest certificate = snapshot->denies_certificates()
                                 ? CertificateFingerprint(context).value_or(Digest{})
                                 : Digest{};
  return snapshot->MayAct(system, user, certificate);
}

// Nothing where the zone is not known.
std::optional<CourtDay> DayAt(WallTime now, const CourtPolicy* policy) {
  const auto day = DayIn(now, policy == nullptr ? "America/Chicago" : policy->time_zone);
  return day ? std::optional(*day) : std::nullopt;
}

// 0 where the zone is not known: then nothing is said of years to come.
int YearAt(WallTime now, const CourtPolicy* policy) {
  const auto day = DayAt(now, policy);
  return day ? static_cast<int>(std::chrono::year_month_day(*day).year()) : 0;
}

}  // namespace

Result<SystemName> Desk::IdentifySystem(const grpc::CallbackServerContext& context) const {
  NB_ASSIGN_OR_RETURN(const CallerRights caller, Identify(context, ""));
  if (EndsBeforeRepeat(caller.rights)) return *RightsProblem(caller.rights);
  return caller.system;
}

Result<CallerRights> Desk::Identify(const grpc::CallbackServerContext& context,
                                    const std::string& registered_user) const {
  const auto auth = context.auth_context();
  NB_ASSIGN_OR_RETURN(const Caller caller, CallerOfKind(*auth, CallerKind::kSystem));
  // What has no user's shape names nobody, and is remembered nowhere.
  CallerRights rights{SystemName(caller.name),
                      UserId(IsUserId(registered_user) ? registered_user : std::string()),
                      Rights::kUserNotAllowed};
  rights.rights = Look(parts_.access, *auth, rights.system, rights.user);
  return rights;
}

Result<CallerRights> Desk::IdentifyReader(const grpc::CallbackServerContext& context,
                                          const std::string& registered_user) const {
  NB_ASSIGN_OR_RETURN(CallerRights caller, Identify(context, registered_user));
  if (const auto problem = RightsProblem(caller.rights)) return *problem;
  return caller;
}

AttemptId Desk::NewAttemptId() const { return AttemptId(Base32Encode(parts_.random.Bytes(16))); }

void Desk::Refused(const CallerRights& caller, const RequestId& request_id, const CourtId& court,
                   const Error& why, std::function<void(const AttemptId&)> answer) const {
  parts_.count_refusal(EntryFor(why).reason);
  const WallTime now = parts_.clock.Now();
  // Who may not act for a user may make one up: such attempts share the system's own bucket.
  const UserId bucket = caller.rights == Rights::kAllowed ? caller.user : UserId();
  if (!parts_.attempts.Admit(caller.system, bucket, now, parts_.clock.BootNow())) {
    answer(AttemptId());
    return;
  }
  const AttemptId attempt = NewAttemptId();
  RefuseAttempt refusal;
  refusal.system = caller.system;
  refusal.user = caller.user;
  // Texts of the request are kept only where they have the shape of what they claim to be.
  if (IsRequestId(request_id.str())) refusal.request_id = request_id;
  if (parts_.policies.Lookup(court).answer != PolicyLookup::Answer::kUnknown) refusal.court = court;
  refusal.attempt_id = attempt;
  refusal.reason = std::string(EntryFor(why).reason);
  refusal.refused_at = now;
  // A full queue answers at once; the refusal is journaled with the next group and says so.
  refusal.journaled_after_answer = why.reason == "QUEUE_FULL";
  Log(LogLevel::kInfo, "an attempt was refused",
      {{"attempt_id", attempt.str()},
       {"reason", refusal.reason},
       {"system", refusal.system.str()}});
  if (refusal.journaled_after_answer) {
    answer(attempt);
    parts_.committer.Submit(std::move(refusal), [](const Result<Outcome>&) {});
    return;
  }
  parts_.committer.Submit(std::move(refusal),
                          [attempt, answer = std::move(answer)](const Result<Outcome>& outcome) {
                            answer(outcome ? attempt : AttemptId());
                          });
}

Result<Admission> Desk::AdmitHeader(const View& view, AdmissionPhase phase,
                                    const CallerRights& caller, const std::string& request_id,
                                    const FilingHeader& header,
                                    std::vector<InlineDocument> inline_documents,
                                    std::vector<DocumentFacts> facts) const {
  AdmissionInput input{
      phase,        request_id, caller.user.str(), header, parts_.policies.Lookup(header.court),
      caller.rights};
  input.filer_classes = parts_.access.Now()->FilerClassesOf(caller.user);
  input.separate_files = parts_.separate_files;
  input.today = DayAt(parts_.clock.Now(), input.court.policy.get());
  const std::size_t inline_count = inline_documents.size();
  input.inline_documents = std::move(inline_documents);
  input.documents = std::move(facts);
  input.documents.resize(header.documents.size());
  for (std::size_t i = 0;
       i < header.documents.size() && i < static_cast<std::size_t>(kDocumentsHardMax); ++i) {
    if (input.documents[i].stored) continue;
    NB_ASSIGN_OR_RETURN(const auto stored,
                        FindDocument(view, caller.system, header.documents[i].sha256));
    if (!stored || !stored->complete()) continue;
    input.documents[i].stored = true;
    input.documents[i].pdf = ParseInspection(stored->inspection());
    input.documents[i].personal = ParsePersonalPages(stored->inspection());
  }
  if (const auto* opener = std::get_if<OpenedBy>(&header.case_reference)) {
    OpeningFiling opening;
    NB_ASSIGN_OR_RETURN(const auto filing, view.FindFiling(opener->filing_id));
    if (filing && filing->record.system == caller.system && filing->record.user == caller.user) {
      opening.known = true;
      opening.court = filing->state.court;
      opening.opens_a_case = filing->state.opens_case;
      // An opener that has ended does not refuse its follower: it is received, and held with the
      // reason.
    }
    input.opening = opening;
  }
  if (const auto* existing = std::get_if<ExistingCase>(&header.case_reference)) {
    CaseCheckContext context;
    context.courts = &parts_.policies.directory();
    context.court = header.court;
    if (parts_.categories_chosen) {
      context.categories_chosen = parts_.categories_chosen(header.court, existing->number);
    }
    context.this_year = YearAt(parts_.clock.Now(), input.court.policy.get());
    context.years = parts_.case_years;
    context.lengths = parts_.case_lengths;
    context.circuits = parts_.circuits;
    if (const CourtPolicy* policy = input.court.policy.get()) {
      context.case_types = &policy->case_types;
      context.case_types_confirmed =
          std::ranges::find(policy->unconfirmed, "case_types") == policy->unconfirmed.end();
    }
    input.case_number_warnings = CaseNumberWarnings(existing->number, context);
  }
  input.capacity.disk = parts_.disk_state();
  input.capacity.shutting_down = shutting_down();
  // Checking costs nothing that lasts; trying does. A filing whose documents ride along has been
  // counted at its first look.
  if (phase != AdmissionPhase::kValidate && inline_count == 0) {
    input.capacity.user_rate_limited =
        !parts_.rates.Take(caller.system, caller.user, parts_.clock.BootNow());
  }
  return Admit(input);
}

Result<FilingSnapshot> Desk::FindOwn(const View& view, const CallerRights& caller,
                                     const FilingId& filing_id) const {
  NB_ASSIGN_OR_RETURN(auto filing, view.FindFiling(filing_id));
  if (!filing || filing->record.system != caller.system || filing->record.user != caller.user) {
    return Catalogued("FILING_NOT_FOUND", "no filing of this user has this id");
  }
  return std::move(*filing);
}

std::string InspectionText(PdfFinding finding) {
  switch (finding) {
    case PdfFinding::kGood:
      return "good";
    case PdfFinding::kNeedsPassword:
      return "needs-password";
    case PdfFinding::kDamaged:
      return "damaged";
    case PdfFinding::kTooComplex:
      return "too-complex";
    case PdfFinding::kNotChecked:
      return "not-checked";
  }
  return "";
}

std::optional<PdfFinding> ParseInspection(const std::string& text) {
  for (const PdfFinding finding :
       {PdfFinding::kGood, PdfFinding::kNeedsPassword, PdfFinding::kDamaged,
        PdfFinding::kTooComplex, PdfFinding::kNotChecked}) {
    if (InspectionText(finding) == text.substr(0, text.find(' '))) return finding;
  }
  return std::nullopt;
}

std::string InspectionText(PdfFinding finding, const PersonalPages& personal) {
  std::string text = InspectionText(finding);
  if (!personal.any()) return text;
  for (const std::uint16_t page : personal.first_page) text += ' ' + std::to_string(page);
  return text;
}

PersonalPages ParsePersonalPages(const std::string& text) {
  PersonalPages pages;
  std::size_t at = text.find(' ');
  for (std::size_t i = 0; i < kPersonalKinds && at != std::string::npos; ++i) {
    (void)std::from_chars(text.data() + at + 1, text.data() + text.size(), pages.first_page[i]);
    at = text.find(' ', at + 1);
  }
  return pages;
}

}  // namespace nightbox
