// Goal: of the documents of a filing only what a receipt could not stand behind refuses: their
// number, sizes, types, a password, bytes that are not there. Method: one good filing, changed in
// one place; both sides of every bound.
#include "gateway/admission.h"
#include "tests/gateway/admission_case.h"

namespace nightbox {
namespace {

using Case = AdmissionCase;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(AdmissionTest, DocumentsAreNeededLeadFirst) {
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.documents.clear(); }),
              ElementsAre("DOCUMENTS_MISSING"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.documents[0].role = DocumentRole::kAttachment; }),
              ElementsAre("FIRST_DOCUMENT_NOT_LEAD"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.AddDocument(DocumentRole::kUnspecified, 1); }),
              ElementsAre("REQUIRED_MISSING"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.documents[0].sha256 = Digest{}; }),
              ElementsAre("FIELD_INVALID"));
}

TEST(AdmissionTest, AHundredDocumentsAreTakenAndOneMoreIsNot) {
  const auto with = [](int count) {
    return RefusalsWhen([=](Case& c) {
      while (c.header.documents.size() < static_cast<std::size_t>(count)) {
        c.AddDocument(DocumentRole::kAttachment, 1000);
      }
    });
  };
  EXPECT_THAT(with(100), IsEmpty());
  EXPECT_THAT(with(101), ElementsAre("TOO_MANY_DOCUMENTS"));
}

TEST(AdmissionTest, SizesAreBoundedOnBothSides) {
  const auto with = [](std::int64_t size, std::int64_t court_max = 7'000'000) {
    return RefusalsWhen([=](Case& c) {
      c.policy.document_size_max_bytes = court_max;
      c.policy.filing_size_max_bytes = 300'000'000;
      c.header.documents[0].size_bytes = size;
    });
  };
  EXPECT_THAT(with(0), ElementsAre("DOCUMENT_EMPTY"));
  EXPECT_THAT(with(-1), ElementsAre("FIELD_INVALID"));
  EXPECT_THAT(with(1), IsEmpty());
  EXPECT_THAT(with(7'000'000), IsEmpty());
  EXPECT_THAT(with(7'000'001), ElementsAre("DOCUMENT_TOO_LARGE"));
  EXPECT_THAT(with(100'000'000, 100'000'000), IsEmpty());
  EXPECT_THAT(with(100'000'001, 100'000'000), ElementsAre("DOCUMENT_TOO_LARGE"));
}

TEST(AdmissionTest, TheSumIsBoundedAndCannotOverflow) {
  const auto with = [](std::int64_t second) {
    return RefusalsWhen([=](Case& c) {
      c.policy.filing_size_max_bytes = 6'000'000;
      c.header.documents[0].size_bytes = 3'000'000;
      c.AddDocument(DocumentRole::kAttachment, second);
    });
  };
  EXPECT_THAT(with(3'000'000), IsEmpty());
  EXPECT_THAT(with(3'000'001), ElementsAre("FILING_TOO_LARGE"));
  EXPECT_THAT(with(std::numeric_limits<std::int64_t>::max()),
              ElementsAre("DOCUMENT_TOO_LARGE", "FILING_TOO_LARGE"));
}

TEST(AdmissionTest, OnlyTheCourtsMediaTypesAreTaken) {
  const auto with = [](const char* type) {
    return RefusalsWhen([=](Case& c) { c.header.documents[0].media_type = type; });
  };
  EXPECT_THAT(with("Application/PDF; version=1.7"), IsEmpty());
  EXPECT_THAT(with("application/msword"), ElementsAre("MEDIA_TYPE_NOT_ALLOWED"));
  EXPECT_THAT(with(""), ElementsAre("REQUIRED_MISSING"));
}

TEST(AdmissionTest, OnlyAPasswordToOpenRefusesAPdf) {
  const auto found = [](PdfFinding finding) {
    return [=](Case& c) { c.documents[0].pdf = finding; };
  };
  EXPECT_THAT(RefusalsWhen(found(PdfFinding::kNeedsPassword)), ElementsAre("PASSWORD_PROTECTED"));
  EXPECT_THAT(WarningsWhen(found(PdfFinding::kDamaged)), ElementsAre("PDF_DAMAGED"));
  EXPECT_THAT(WarningsWhen(found(PdfFinding::kTooComplex)), ElementsAre("PDF_TOO_COMPLEX"));
  EXPECT_THAT(WarningsWhen(found(PdfFinding::kNotChecked)), ElementsAre("PDF_NOT_CHECKED"));
}

TEST(AdmissionTest, WhatIsNoPdfIsNotBlamedForIt) {
  const auto text = [](PdfFinding finding) {
    return [=](Case& c) {
      c.policy.media_types = {"application/pdf", "text/plain"};
      c.header.documents[0].media_type = "text/plain";
      c.documents[0].pdf = finding;
    };
  };
  EXPECT_THAT(WarningsWhen(text(PdfFinding::kDamaged)), IsEmpty());
  EXPECT_THAT(WarningsWhen(text(PdfFinding::kNotChecked)), IsEmpty());
  // A locked PDF is not let in under another name.
  EXPECT_THAT(RefusalsWhen(text(PdfFinding::kNeedsPassword)), ElementsAre("PASSWORD_PROTECTED"));
}

TEST(AdmissionTest, CreatingNeedsEveryDocumentStoredOrSentAlong) {
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.documents[0].stored = false; }),
              ElementsAre("DOCUMENT_MISSING"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.documents.clear(); }), ElementsAre("DOCUMENT_MISSING"));
  EXPECT_THAT(RefusalsWhen([](Case& c) {
                c.documents.clear();
                c.inline_documents = {{.size_bytes = 20'000, .header_index = 0}};
              }),
              IsEmpty());
  // Before the bytes it is no problem.
  for (const auto phase : {AdmissionPhase::kFindMissing, AdmissionPhase::kValidate}) {
    EXPECT_THAT(RefusalsWhen([=](Case& c) {
                  c.phase = phase;
                  c.documents.clear();
                }),
                IsEmpty());
  }
}

TEST(AdmissionTest, InlineDocumentsAreBoundedAndTheHeadersOwn) {
  const auto with = [](std::int64_t size, std::optional<std::size_t> index) {
    return RefusalsWhen([=](Case& c) {
      c.header.documents[0].size_bytes = size;
      c.inline_documents = {{.size_bytes = size, .header_index = index}};
    });
  };
  EXPECT_THAT(with(65'536, 0), IsEmpty());
  EXPECT_THAT(with(65'537, 0), ElementsAre("INLINE_TOO_LARGE"));
  EXPECT_THAT(with(100, std::nullopt), ElementsAre("INLINE_NOT_IN_HEADER"));
  EXPECT_THAT(RefusalsWhen([](Case& c) {
                c.inline_documents.assign(16, {.size_bytes = 65'536, .header_index = 0});
                c.header.documents[0].size_bytes = 65'536;
              }),
              IsEmpty());
  EXPECT_THAT(RefusalsWhen([](Case& c) {
                c.inline_documents.assign(17, {.size_bytes = 65'536, .header_index = 0});
                c.header.documents[0].size_bytes = 65'536;
              }),
              ElementsAre("INLINE_TOO_LARGE"));
  EXPECT_THAT(RefusalsWhen([](Case& c) {
                c.inline_documents = {{.size_bytes = 19'999, .header_index = 0}};
              }),
              ElementsAre("FIELD_INVALID"));
}

}  // namespace
}  // namespace nightbox
