// Admission: every reason to say no, in one pure function.
//
// A filing is refused only for what a receipt could not stand behind: the caller has no right, the
// court cannot get it, the document cannot be read or is over a limit, a required member is
// missing, or there is no room. All else is a warning that the receipt prints. The gateway never
// asks here whether a case system is reachable (R1).
//
// No problem or warning quotes the request: documents are named by their position.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/filing.h"
#include "core/result.h"
#include "gateway/court_policy.h"
#include "gateway/pdf_finding.h"
#include "gateway/rights.h"
#include "rules/case_check.h"
#include "rules/separate_files.h"

namespace nightbox {

// What is being asked. FindMissingDocuments comes before the bytes, CreateFiling after them;
// ValidateFiling stores nothing and needs no room.
enum class AdmissionPhase { kFindMissing, kCreate, kValidate };

// What is known of a document of the header beyond what the filer states.
struct DocumentFacts {
  bool stored = false;
  std::optional<PdfFinding> pdf = {};
  // Of a good one. 0: not known.
  std::uint32_t pages = 0;
  // What its text seems to hold.
  PersonalPages personal = {};
};

// A document that rode along with CreateFiling.
struct InlineDocument {
  std::int64_t size_bytes = 0;
  // Which document of the header has its SHA-256. Unset: none.
  std::optional<std::size_t> header_index = {};
};

inline constexpr std::int64_t kInlineDocumentMaxBytes = 64 * 1024;
inline constexpr std::int64_t kInlineTotalMaxBytes = 1024 * 1024;

// What is known of the filing that is said to open the case. Only this user's own filings count.
struct OpeningFiling {
  bool known = false;
  CourtId court = {};
  bool opens_a_case = false;
};

enum class DiskState { kPlenty, kNoUploads, kNoFilings };

struct Capacity {
  DiskState disk = DiskState::kPlenty;
  bool user_rate_limited = false;
  bool shutting_down = false;
  // When to try again, for all of these.
  std::chrono::milliseconds retry_after{1000};
};

struct AdmissionInput {
  AdmissionPhase phase = AdmissionPhase::kValidate;
  // Not looked at in kValidate.
  std::string_view request_id;
  std::string_view registered_user;
  const FilingHeader& header;
  PolicyLookup court;
  Rights rights = Rights::kUserNotAllowed;
  // The user's, by the access directory.
  std::set<std::string> filer_classes = {};
  // As header.documents; shorter: nothing is known of the others.
  std::vector<DocumentFacts> documents = {};
  std::vector<InlineDocument> inline_documents = {};
  // Must be set when the header names an opening filing.
  std::optional<OpeningFiling> opening = {};
  // Of a filing in an existing case: CaseNumberWarnings.
  std::vector<Warning> case_number_warnings = {};
  // By what several files in one are recognised. Null: as compiled in.
  const std::vector<SeparateFilesWord>* separate_files = nullptr;
  // The court's day. None: rules are taken as in force.
  std::optional<CourtDay> today = {};
  Capacity capacity = {};
};

struct Admission {
  // The first is what the caller is told by gRPC; ValidateFiling lists all. At most kProblemsMax.
  std::vector<Error> problems;
  std::vector<Warning> warnings;

  bool admitted() const { return problems.empty(); }
};

inline constexpr std::size_t kProblemsMax = 20;

// Rights come first, then content, then the state of other filings, then room: whoever can mend
// something is told that before being told to wait.
Admission Admit(const AdmissionInput& input);

// What is unusual about the number of an existing case: one warning for each thing, so no more than
// there are flags. Never a reason to refuse, and the number goes to the court as typed.
std::vector<Warning> CaseNumberWarnings(std::string_view number, const CaseCheckContext& context);

// The problem that the answer about a court is, with its choices; nullopt when it takes filings.
std::optional<Error> CourtProblem(const PolicyLookup& court, std::string field);

// The problem that a lack of rights is, or nullopt.
std::optional<Error> RightsProblem(Rights rights);
// Whether these rights end the call even before the look-up of a repeat.
bool EndsBeforeRepeat(Rights rights);

}  // namespace nightbox
