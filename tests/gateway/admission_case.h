// What the tests of admission share: one good filing, with all that is known of it, to change in
// one place at a time.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gateway/admission.h"

namespace nightbox {

// A filing and all that is known of it, owned in one place so that tests can change any of it.
struct AdmissionCase {
  FilingHeader header;
  CourtPolicy policy;
  AdmissionPhase phase = AdmissionPhase::kCreate;
  std::string request_id = "0123456789abcdef";
  std::string user = "mo-bar-12345";
  Rights rights = Rights::kAllowed;
  std::set<std::string> filer_classes;
  PolicyLookup::Answer answer = PolicyLookup::Answer::kPolicy;
  std::vector<CourtChoice> choices;
  std::vector<DocumentFacts> documents;
  std::vector<InlineDocument> inline_documents;
  std::optional<OpeningFiling> opening;
  std::vector<Warning> case_number_warnings;
  const std::vector<SeparateFilesWord>* separate_files = nullptr;
  std::optional<CourtDay> today;
  Capacity capacity;

  AdmissionCase() {
    policy.court = CourtId("mo.cir.42.dent");
    policy.court_name = "Circuit Court of Dent County";
    policy.receipt_authority = ReceiptAuthority::kGateway;
    policy.receipt_authority_citation = "order";
    header.court = policy.court;
    header.case_reference = ExistingCase{"24DE-CC00001"};
    AddDocument(DocumentRole::kLead, 20'000);
  }

  void AddDocument(DocumentRole role, std::int64_t size) {
    Document document{"Motion", role, "motion.pdf", "application/pdf", size, {}, {}};
    document.sha256.bytes.fill(static_cast<std::uint8_t>(header.documents.size() + 1));
    header.documents.push_back(document);
    documents.push_back({.stored = true, .pdf = PdfFinding::kGood});
  }

  Admission Run() const {
    PolicyLookup lookup{answer, nullptr, choices};
    const bool known =
        answer == PolicyLookup::Answer::kPolicy || answer == PolicyLookup::Answer::kNotEnabled;
    if (known) lookup.policy = std::make_shared<const CourtPolicy>(policy);
    return Admit({.phase = phase,
                  .request_id = request_id,
                  .registered_user = user,
                  .header = header,
                  .court = lookup,
                  .rights = rights,
                  .filer_classes = filer_classes,
                  .documents = documents,
                  .inline_documents = inline_documents,
                  .opening = opening,
                  .case_number_warnings = case_number_warnings,
                  .separate_files = separate_files,
                  .today = today,
                  .capacity = capacity});
  }
};

inline const CourtDirectory& Missouri() {
  static const CourtDirectory courts =
      CourtDirectory::Load(NIGHTBOX_SOURCE_DIR "/rules/data").value();
  return courts;
}

using AdmissionChange = std::function<void(AdmissionCase&)>;

inline std::vector<std::string> Reasons(const Admission& admission) {
  std::vector<std::string> reasons;
  reasons.reserve(admission.problems.size());
  for (const Error& problem : admission.problems) reasons.push_back(problem.reason);
  return reasons;
}

inline std::vector<std::string> RefusalsWhen(const AdmissionChange& change) {
  AdmissionCase filing;
  change(filing);
  return Reasons(filing.Run());
}

inline std::vector<std::string> WarningsWhen(const AdmissionChange& change) {
  AdmissionCase filing;
  change(filing);
  const Admission admission = filing.Run();
  EXPECT_THAT(admission.problems, testing::IsEmpty()) << admission.problems.front().message;
  std::vector<std::string> codes;
  codes.reserve(admission.warnings.size());
  for (const Warning& warning : admission.warnings) codes.push_back(warning.code);
  return codes;
}

}  // namespace nightbox
