// The rules of admission, one paragraph a function. Admit (gateway/admission.h) calls them in their
// order; nobody else does. All are pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "gateway/admission.h"
#include "gateway/error_catalogue.h"

namespace nightbox::admission {

// What is being examined: the input, and the parts of it that every rule looks at.
struct Examined {
  const AdmissionInput& input;
  const FilingHeader& header;
  const CourtPolicy* policy;  // Null when the court is unknown or a circuit.
};

// Collects problems, of which at most kProblemsMax are kept, and warnings.
class Findings {
 public:
  void Add(Error problem) {
    if (admission_.problems.size() < kProblemsMax)
      admission_.problems.push_back(std::move(problem));
  }
  void Add(std::string_view reason, std::string message, std::string field = {}) {
    Add(Catalogued(reason, std::move(message), std::move(field)));
  }
  void Warn(std::string_view code, std::string message, std::string field = {}) {
    admission_.warnings.push_back({std::string(code), std::move(message), std::move(field)});
  }
  Admission Take() { return std::move(admission_); }

 private:
  Admission admission_;
};

// admission_case.cc: whether the court can get it, and which case it belongs to.
void ExamineCourt(const Examined& filing, Findings& findings);
void ExamineCase(const Examined& filing, Findings& findings);
void ExamineOpeningFiling(const Examined& filing, Findings& findings);
void WarnAboutCase(const Examined& filing, Findings& findings);

// admission_documents.cc: what the header says of the documents, and what became of their bytes.
void ExamineDocuments(const Examined& filing, Findings& findings);
void ExamineSizes(const Examined& filing, Findings& findings);
void ExamineInlineDocuments(const Examined& filing, Findings& findings);
void ExaminePdfFindings(const Examined& filing, Findings& findings);
void ExamineWhatIsStored(const Examined& filing, Findings& findings);
void WarnAboutDocuments(const Examined& filing, Findings& findings);
// What the filer ought to have left out, in the header and in what could be read of the documents.
void WarnAboutRedaction(const Examined& filing, Findings& findings);
// Whether some document's bytes are not stored yet.
bool NeedsBytes(const Examined& filing);

}  // namespace nightbox::admission
