// Goal: a filing is refused for exactly the reasons a receipt could not stand behind, each named
// with its field; everything else is at most a warning. Method: one good filing, changed in one
// place at a time; both sides of every bound.
#include "gateway/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "gateway/error_catalogue.h"
#include "gateway/header_text.h"
#include "gateway/id_shape.h"
#include "rules/card_number.h"

namespace nightbox {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A filing and all that is known of it, owned in one place so that tests can change any of it.
struct Case {
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
  Capacity capacity;

  Case() {
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
                  .capacity = capacity});
  }
};

const CourtDirectory& Missouri() {
  static const CourtDirectory courts =
      CourtDirectory::Load(NIGHTBOX_SOURCE_DIR "/rules/data").value();
  return courts;
}

using Change = std::function<void(Case&)>;

std::vector<std::string> Reasons(const Admission& admission) {
  std::vector<std::string> reasons;
  reasons.reserve(admission.problems.size());
  for (const Error& problem : admission.problems) reasons.push_back(problem.reason);
  return reasons;
}

std::vector<std::string> RefusalsWhen(const Change& change) {
  Case filing;
  change(filing);
  return Reasons(filing.Run());
}

std::vector<std::string> WarningsWhen(const Change& change) {
  Case filing;
  change(filing);
  const Admission admission = filing.Run();
  EXPECT_THAT(admission.problems, IsEmpty()) << admission.problems.front().message;
  std::vector<std::string> codes;
  codes.reserve(admission.warnings.size());
  for (const Warning& warning : admission.warnings) codes.push_back(warning.code);
  return codes;
}

TEST(AdmissionTest, AGoodFilingIsTakenInEveryPhaseWithoutAWord) {
  for (const auto phase :
       {AdmissionPhase::kFindMissing, AdmissionPhase::kCreate, AdmissionPhase::kValidate}) {
    Case filing;
    filing.phase = phase;
    const Admission admission = filing.Run();
    EXPECT_TRUE(admission.admitted());
    EXPECT_THAT(admission.warnings, IsEmpty());
  }
}

TEST(AdmissionTest, EveryRefusalNamesItsFieldAndIsInTheCatalogue) {
  Case filing;
  filing.header.documents[0].size_bytes = 7'000'001;
  const Admission admission = filing.Run();
  ASSERT_EQ(admission.problems.size(), 1U);
  EXPECT_EQ(admission.problems[0].reason, "DOCUMENT_TOO_LARGE");
  EXPECT_EQ(admission.problems[0].code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(admission.problems[0].field, "header.documents[0].size_bytes");
  EXPECT_THAT(admission.problems[0].message, HasSubstr("7,000,001 bytes"));
  EXPECT_THAT(admission.problems[0].message, HasSubstr("7,000,000 (7 MB)"));
}

TEST(AdmissionTest, RightsRefuse) {
  const auto with = [](Rights rights) { return RefusalsWhen([=](Case& c) { c.rights = rights; }); };
  EXPECT_THAT(with(Rights::kSystemDenied), ElementsAre("SYSTEM_DENIED"));
  EXPECT_THAT(with(Rights::kCertificateDenied), ElementsAre("CERTIFICATE_REVOKED"));
  EXPECT_THAT(with(Rights::kUserSuspended), ElementsAre("USER_SUSPENDED"));
  EXPECT_THAT(with(Rights::kSystemUnknown), ElementsAre("SYSTEM_UNKNOWN"));
  EXPECT_THAT(with(Rights::kUserNotAllowed), ElementsAre("USER_NOT_ALLOWED"));
}

TEST(AdmissionTest, OnlyDenialAndSuspensionComeBeforeARepeat) {
  // A receipt once given is given again even when the directory has changed since.
  EXPECT_TRUE(EndsBeforeRepeat(Rights::kSystemDenied));
  EXPECT_TRUE(EndsBeforeRepeat(Rights::kCertificateDenied));
  EXPECT_TRUE(EndsBeforeRepeat(Rights::kUserSuspended));
  EXPECT_FALSE(EndsBeforeRepeat(Rights::kSystemUnknown));
  EXPECT_FALSE(EndsBeforeRepeat(Rights::kUserNotAllowed));
  EXPECT_FALSE(EndsBeforeRepeat(Rights::kAllowed));
}

TEST(AdmissionTest, RequestIdsAreSixteenToSixtyFourPlainCharacters) {
  EXPECT_TRUE(IsRequestId("3b241101-e2bb-4255-8caf-4136c566a962"));
  EXPECT_TRUE(IsRequestId(std::string(16, 'a')));
  EXPECT_TRUE(IsRequestId(std::string(64, '_')));
  EXPECT_FALSE(IsRequestId(std::string(15, 'a')));
  EXPECT_FALSE(IsRequestId(std::string(65, 'a')));
  EXPECT_FALSE(IsRequestId("0123456789abcde/"));
  EXPECT_FALSE(IsRequestId("0123456789abcde\xC3\xA9"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.request_id = "short"; }),
              ElementsAre("REQUEST_ID_INVALID"));
  // Validation needs none.
  Case filing;
  filing.phase = AdmissionPhase::kValidate;
  filing.request_id.clear();
  EXPECT_TRUE(filing.Run().admitted());
}

TEST(AdmissionTest, UserIdsArePlain) {
  EXPECT_TRUE(IsUserId("j.doe+filing@example.org"));
  EXPECT_FALSE(IsUserId(""));
  EXPECT_FALSE(IsUserId("two words"));
  EXPECT_FALSE(IsUserId(std::string(129, 'a')));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.user = "a b"; }), ElementsAre("USER_INVALID"));
}

TEST(AdmissionTest, ACourtThatCannotGetTheFilingRefuses) {
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.court = CourtId(); }),
              ElementsAre("REQUIRED_MISSING"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.answer = PolicyLookup::Answer::kUnknown; }),
              ElementsAre("COURT_UNKNOWN"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.answer = PolicyLookup::Answer::kNotEnabled; }),
              ElementsAre("COURT_NOT_ENABLED"));
}

TEST(AdmissionTest, ACircuitIsAnsweredWithItsCourtsAndAnUnknownCourtWithTheNearest) {
  Case filing;
  filing.answer = PolicyLookup::Answer::kIsCircuit;
  filing.choices = {{CourtId("mo.cir.42.dent"), "Dent"}, {CourtId("mo.cir.42.iron"), "Iron"}};
  const Admission circuit = filing.Run();
  EXPECT_EQ(circuit.problems.at(0).reason, "COURT_IS_A_CIRCUIT");
  EXPECT_THAT(circuit.problems[0].message,
              HasSubstr("mo.cir.42.dent (Dent), mo.cir.42.iron (Iron)"));
  filing.answer = PolicyLookup::Answer::kUnknown;
  EXPECT_THAT(filing.Run().problems.at(0).message, HasSubstr("did you mean mo.cir.42.dent (Dent)"));
}

TEST(AdmissionTest, TheCaseMustBeNamedAndItsTypeEnabled) {
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.case_reference = std::monostate(); }),
              ElementsAre("CASE_MISSING"));
  const NewCase contract{"CC", "Breach of contract", "Doe v. Roe", {{"Doe", "Plaintiff"}}};
  const auto with_types = [&](std::vector<std::string> types) {
    return RefusalsWhen([&](Case& c) {
      c.header.case_reference = contract;
      c.policy.case_types = std::move(types);
    });
  };
  EXPECT_THAT(with_types({}), IsEmpty());
  EXPECT_THAT(with_types({"Breach of contract"}), IsEmpty());
  EXPECT_THAT(with_types({"CC"}), IsEmpty());
  EXPECT_THAT(with_types({"PR"}), ElementsAre("CASE_TYPE_NOT_ENABLED"));
}

TEST(AdmissionTest, ACourtTakesFilingsOfTheFilersEnabledForItOnly) {
  const auto asked_as = [](std::set<std::string> classes, std::vector<std::string> enabled) {
    return RefusalsWhen([&](Case& c) {
      c.filer_classes = std::move(classes);
      c.policy.filer_classes = std::move(enabled);
    });
  };
  EXPECT_THAT(asked_as({}, {}), IsEmpty());
  EXPECT_THAT(asked_as({"attorney"}, {}), IsEmpty());
  EXPECT_THAT(asked_as({"attorney", "agency"}, {"agency", "clerk"}), IsEmpty());
  EXPECT_THAT(asked_as({"self-represented"}, {"attorney"}), ElementsAre("FILER_CLASS_NOT_ENABLED"));
  EXPECT_THAT(asked_as({}, {"attorney"}), ElementsAre("FILER_CLASS_NOT_ENABLED"));
}

TEST(AdmissionTest, ANewCaseNeedsCategoryTypeAndTitle) {
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.case_reference = NewCase{}; }),
              ElementsAre("REQUIRED_MISSING", "REQUIRED_MISSING", "REQUIRED_MISSING"));
}

TEST(AdmissionTest, AnOddCaseNumberIsAWarningOnly) {
  const auto warnings = [](std::string_view number, std::string_view court) {
    CaseCheckContext context;
    context.courts = &Missouri();
    context.court = CourtId(std::string(court));
    context.this_year = 2024;
    return CaseNumberWarnings(number, context);
  };
  const auto with = [&](std::string_view number, std::string_view court = "mo.cir.13.boone") {
    return [warned = warnings(number, court)](Case& c) { c.case_number_warnings = warned; };
  };
  EXPECT_THAT(WarningsWhen(with("24BA-CV00001")), IsEmpty());
  EXPECT_THAT(WarningsWhen(with("no number at all")), ElementsAre("CASE_NUMBER_UNUSUAL"));
  EXPECT_THAT(RefusalsWhen(with("no number at all")), IsEmpty());
  // Everything that can be odd at once: one warning each, with its clause, and never the number.
  const std::vector<Warning> many = warnings(" 25zz-qq00000", "mo.cir.13.boone");
  EXPECT_GE(many.size(), 4U);
  EXPECT_LE(many.size(), 12U);
  std::set<std::string> messages;
  for (const Warning& each : many) {
    EXPECT_EQ(each.code, "CASE_NUMBER_UNUSUAL");
    EXPECT_EQ(each.field, "header.case_number");
    EXPECT_THAT(each.message, HasSubstr("(COR 4.04.1"));
    EXPECT_THAT(each.message, Not(HasSubstr("25zz")));
    EXPECT_TRUE(messages.insert(each.message).second) << each.message;
  }
}

TEST(AdmissionTest, WhatOnlyWeDoNotKnowIsNoWarning) {
  CaseCheckContext context;
  context.courts = &Missouri();
  context.this_year = 2024;
  const auto warnings = [&](std::string_view number, std::string_view court) {
    context.court = CourtId(std::string(court));
    return CaseNumberWarnings(number, context).size();
  };
  // No code of Dent County is known, so any may be its own; Clay County's is not confirmed.
  EXPECT_EQ(warnings("24DN-CV00001", "mo.cir.42.dent"), 0U);
  EXPECT_EQ(warnings("24CY-CV00001", "mo.cir.07.clay"), 0U);
  EXPECT_EQ(warnings("24DN-CV00001", "mo.cir.13.boone"), 1U);
  // A division's cases bear its county's code. Of citations and appellate numbers no rule is at
  // hand.
  EXPECT_EQ(warnings("2431-MU00001", "mo.cir.31.greene.springfield"), 0U);
  EXPECT_EQ(warnings("703480001", "mo.cir.13.boone"), 0U);
  EXPECT_EQ(warnings("SC101600", "mo.sup"), 0U);
  EXPECT_EQ(warnings("42V0196123", "mo.cir.42.dent"), 1U);
  // Another court's, and that this is not confirmed.
  EXPECT_EQ(warnings("24CY-CV00001", "mo.cir.13.boone"), 2U);
}

TEST(AdmissionTest, TheOpeningFilingMustBeTheUsersOwnAndOpenACaseHere) {
  const auto with = [](std::optional<OpeningFiling> opening) {
    return RefusalsWhen([&](Case& c) {
      c.header.case_reference = OpenedBy{FilingId("abcdefghijklmnopqrstuvwxyz")};
      c.opening = opening;
    });
  };
  const CourtId here("mo.cir.42.dent");
  EXPECT_THAT(with(OpeningFiling{true, here, true, false}), IsEmpty());
  EXPECT_THAT(with(std::nullopt), ElementsAre("OPENER_UNKNOWN"));
  EXPECT_THAT(with(OpeningFiling{}), ElementsAre("OPENER_UNKNOWN"));
  EXPECT_THAT(with(OpeningFiling{true, here, false, false}), ElementsAre("OPENER_OPENS_NO_CASE"));
  EXPECT_THAT(with(OpeningFiling{true, CourtId("mo.sup"), true, false}),
              ElementsAre("OPENER_ELSEWHERE"));
  EXPECT_THAT(with(OpeningFiling{true, here, true, true}), ElementsAre("OPENER_ENDED"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.case_reference = OpenedBy{FilingId("x")}; }),
              ElementsAre("FIELD_INVALID"));
}

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

TEST(AdmissionTest, TextsAreBoundedAndPlain) {
  const auto titled = [](std::string title) {
    return RefusalsWhen([&](Case& c) { c.header.documents[0].title = title; });
  };
  EXPECT_THAT(titled(std::string(500, 'x')), IsEmpty());
  EXPECT_THAT(titled(std::string(501, 'x')), ElementsAre("FIELD_TOO_LONG"));
  EXPECT_THAT(titled("Petici\xC3\xB3n"), IsEmpty());
  EXPECT_THAT(titled("a\nb"), ElementsAre("FIELD_NOT_TEXT"));
  EXPECT_THAT(titled(""), ElementsAre("REQUIRED_MISSING"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.note_to_clerk = "two\r\nlines\t."; }), IsEmpty());
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.documents[0].file_name = "../x.pdf"; }),
              ElementsAre("FIELD_INVALID"));
}

TEST(AdmissionTest, NoRefusalQuotesTheFiler) {
  Case filing;
  filing.header.documents[0].title = "Secret\x01Title";
  filing.header.documents[0].file_name = "Secret/Name";
  filing.header.documents[0].media_type = "secret/type";
  filing.header.court = CourtId("Secret.court");
  filing.answer = PolicyLookup::Answer::kUnknown;
  filing.user = "Secret user";
  for (const Error& problem : filing.Run().problems) {
    EXPECT_THAT(problem.message, Not(HasSubstr("Secret")));
    EXPECT_THAT(problem.message, Not(HasSubstr("secret")));
  }
}

TEST(AdmissionTest, ListsAreBounded) {
  const auto parties = [](std::size_t count) {
    return RefusalsWhen([=](Case& c) {
      c.header.case_reference = NewCase{"CC", "t", "t", std::vector<Party>(count, {"n", "r"})};
    });
  };
  EXPECT_THAT(parties(kPartiesMax), IsEmpty());
  EXPECT_THAT(parties(kPartiesMax + 1), ElementsAre("TOO_MANY_VALUES"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.on_behalf_of.assign(kOnBehalfOfMax, "n"); }),
              IsEmpty());
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.on_behalf_of.assign(kOnBehalfOfMax + 1, "n"); }),
              ElementsAre("TOO_MANY_VALUES"));
  EXPECT_THAT(RefusalsWhen([](Case& c) {
                c.header.service_requests.assign(kServiceRequestsMax + 1, {"n", "m", "a"});
              }),
              ElementsAre("TOO_MANY_VALUES"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.media_items.assign(kMediaItemsMax + 1, "n"); }),
              ElementsAre("TOO_MANY_VALUES"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.paper_copies = kPaperCopiesMax + 1; }),
              ElementsAre("FIELD_INVALID"));
}

TEST(AdmissionTest, AllTextsTogetherAreBounded) {
  const auto with = [](std::size_t name) {
    return RefusalsWhen([=](Case& c) {
      c.header.case_reference =
          NewCase{"CC", "t", "t", std::vector<Party>(1000, {std::string(name, 'n'), {}})};
      c.header.service_requests.assign(kServiceRequestsMax,
                                       {std::string(300, 'n'), "m", std::string(500, 'a')});
      c.header.media_items.assign(kMediaItemsMax, std::string(500, 'i'));
      c.header.on_behalf_of.assign(kOnBehalfOfMax, std::string(300, 'b'));
    });
  };
  EXPECT_THAT(with(200), IsEmpty());
  EXPECT_THAT(with(300), ElementsAre("HEADER_TOO_LARGE"));
}

TEST(AdmissionTest, ACardNumberIsNeverStored) {
  const auto with = [](const char* reference) {
    return RefusalsWhen([=](Case& c) { c.header.fee_authorization_reference = reference; });
  };
  EXPECT_THAT(with("4111 1111 1111 1111"), ElementsAre("FEE_REFERENCE_LOOKS_LIKE_A_CARD"));
  EXPECT_THAT(with("PAY-2027-000123"), IsEmpty());
}

TEST(CardNumberTest, TellsCardsFromReferences) {
  EXPECT_TRUE(LooksLikeCardNumber("card 5555-5555-5555-4444 exp"));
  EXPECT_TRUE(LooksLikeCardNumber("378282246310005"));
  EXPECT_TRUE(LooksLikeCardNumber("6011111111111117"));
  EXPECT_FALSE(LooksLikeCardNumber("4111111111111112"));  // Luhn.
  EXPECT_FALSE(LooksLikeCardNumber("0000000000000000"));  // Luhn, but no card begins so.
  EXPECT_FALSE(LooksLikeCardNumber("3b241101-e2bb-4255-8caf-4136c566a962"));
  EXPECT_FALSE(LooksLikeCardNumber(""));
  EXPECT_FALSE(LooksLikeCardNumber("411111111111"));  // Too short.
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

TEST(AdmissionTest, LackOfRoomRefusesWithADelayAndWorstIsToldFirst) {
  Case filing;
  filing.capacity.queue_full = true;
  filing.capacity.retry_after = std::chrono::milliseconds(700);
  const Admission admission = filing.Run();
  ASSERT_EQ(Reasons(admission), std::vector<std::string>{"QUEUE_FULL"});
  EXPECT_EQ(admission.problems[0].retry_after, std::chrono::milliseconds(700));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.capacity.user_rate_limited = true; }),
              ElementsAre("USER_RATE_LIMITED"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.capacity.shutting_down = true; }),
              ElementsAre("SHUTTING_DOWN"));
  // Whoever can mend something is told that before being told to wait.
  EXPECT_THAT(RefusalsWhen([](Case& c) {
                c.capacity.queue_full = true;
                c.header.documents[0].size_bytes = 0;
              }),
              ElementsAre("DOCUMENT_EMPTY", "QUEUE_FULL"));
  // Validation stores nothing and needs no room.
  EXPECT_THAT(RefusalsWhen([](Case& c) {
                c.phase = AdmissionPhase::kValidate;
                c.capacity = {DiskState::kNoFilings, true, true, true, {}};
              }),
              IsEmpty());
}

TEST(AdmissionTest, ADiskNearItsReserveStopsUploadsFirstAndFilingsLast) {
  const auto with = [](DiskState disk, AdmissionPhase phase, bool stored) {
    return RefusalsWhen([=](Case& c) {
      c.capacity.disk = disk;
      c.phase = phase;
      c.documents[0].stored = stored;
    });
  };
  using enum AdmissionPhase;
  EXPECT_THAT(with(DiskState::kNoUploads, kFindMissing, false),
              ElementsAre("DISK_RESERVE_UPLOADS"));
  EXPECT_THAT(with(DiskState::kNoUploads, kFindMissing, true), IsEmpty());
  EXPECT_THAT(with(DiskState::kNoUploads, kCreate, true), IsEmpty());
  EXPECT_THAT(with(DiskState::kNoFilings, kFindMissing, true), ElementsAre("DISK_RESERVE_FILINGS"));
  EXPECT_THAT(with(DiskState::kNoFilings, kCreate, true), ElementsAre("DISK_RESERVE_FILINGS"));
}

TEST(AdmissionTest, WarningsNeverRefuse) {
  EXPECT_THAT(WarningsWhen([](Case& c) {
                c.policy.receipt_authority = ReceiptAuthority::kUndecided;
                c.header.test = true;
                c.header.emergency_class = EmergencyClass::kWarrant;
                c.header.confidentiality = Confidentiality::kSealed;
                c.header.documents[0].confidentiality = Confidentiality::kPublic;
                c.header.documents[0].file_name = "motion.doc";
                c.header.documents.push_back(c.header.documents[0]);
                c.documents.push_back(c.documents[0]);
                c.header.case_reference = NewCase{"CR", "Warrant", "t", {}};
              }),
              testing::UnorderedElementsAre(
                  "RECEIPT_AUTHORITY_UNDECIDED", "TEST_FILING", "EMERGENCY_ON_PAPER_TOO",
                  "CONFIDENTIALITY_MIXED", "CONFIDENTIALITY_MIXED", "FILE_NAME_DIFFERS",
                  "FILE_NAME_DIFFERS", "SAME_DOCUMENT_TWICE", "NO_PARTIES"));
  EXPECT_THAT(
      WarningsWhen([](Case& c) { c.policy.receipt_authority = ReceiptAuthority::kCaseSystem; }),
      ElementsAre("RECEIPT_AUTHORITY_CASE_SYSTEM"));
}

TEST(AdmissionTest, PersonalInformationIsNamedByPlaceAndNeverRefused) {
  Case filing;
  filing.header.note_to_clerk = "Ann Doe, SSN 531-24-7786, born March 4, 1985";
  filing.AddDocument(DocumentRole::kAttachment, 1000);
  filing.documents[1].personal.first_page = {0, 7, 0};
  const Admission admission = filing.Run();
  EXPECT_TRUE(admission.admitted());
  ASSERT_EQ(admission.warnings.size(), 2U);
  for (const Warning& warning : admission.warnings) {
    EXPECT_EQ(warning.code, "PERSONAL_INFORMATION");
    EXPECT_THAT(warning.message, Not(HasSubstr("7786")));
    EXPECT_THAT(warning.message, HasSubstr("COR 2.02"));
  }
  EXPECT_EQ(admission.warnings[0].field, "header.note_to_clerk");
  EXPECT_THAT(admission.warnings[0].message,
              HasSubstr("header.note_to_clerk seems to hold a social security number and a birth"));
  EXPECT_EQ(admission.warnings[1].field, "header.documents[1].sha256");
  EXPECT_THAT(admission.warnings[1].message,
              HasSubstr("document 2 seems to hold a payment card number (page 7)"));
  // What is a card number in a text of the header warns, in the fee's reference it refuses.
  filing.header.fee_authorization_reference = "4111111111111111";
  EXPECT_THAT(Reasons(filing.Run()), ElementsAre("FEE_REFERENCE_LOOKS_LIKE_A_CARD"));
}

TEST(AdmissionTest, WhatIsToBeFiledApartIsTakenWithTheClause) {
  Case filing;
  filing.header.case_reference =
      NewCase{"CR", "Felony complaint", "t", {{"Marker", "Defendant"}, {"Other", "Defendant"}}};
  const Admission admission = filing.Run();
  EXPECT_TRUE(admission.admitted());
  ASSERT_EQ(admission.warnings.size(), 1U);
  EXPECT_EQ(admission.warnings[0].code, "SEPARATE_FILES");
  EXPECT_EQ(admission.warnings[0].field, "header.new_case.parties");
  EXPECT_THAT(admission.warnings[0].message, HasSubstr("COR 4.05(1)"));
  EXPECT_THAT(admission.warnings[0].message, Not(HasSubstr("Marker")));
  // Apart, they are taken without a word, whether or not they say that they belong together.
  for (const char* const group : {"", "the-group"}) {
    EXPECT_THAT(WarningsWhen([&](Case& c) {
                  c.header.related_group_id = group;
                  c.header.case_reference =
                      NewCase{"CR", "Felony complaint", "t", {{"Marker", "Defendant"}}};
                }),
                IsEmpty());
  }
}

TEST(AdmissionTest, TheListOfProblemsIsBounded) {
  Case filing;
  for (int i = 0; i < 60; ++i) filing.AddDocument(DocumentRole::kAttachment, 0);
  EXPECT_EQ(filing.Run().problems.size(), kProblemsMax);
}

TEST(AdmissionTest, EveryReasonAndCodeIsCatalogued) {
  Case filing;
  filing.policy.receipt_authority = ReceiptAuthority::kUndecided;
  for (const Warning& warning : filing.Run().warnings) {
    const auto known = WarningCatalogue();
    EXPECT_TRUE(std::ranges::any_of(known, [&](const WarningEntry& entry) {
      return entry.code == warning.code;
    })) << warning.code;
  }
}

TEST(HeaderTextTest, PlainTextIsUtf8WithoutTricks) {
  EXPECT_TRUE(IsPlainText("Mu\xC3\xB1oz \xE2\x80\x93 \xF0\x9F\x93\x84", false));
  EXPECT_FALSE(IsPlainText("\xC0\x80", false));          // Overlong.
  EXPECT_FALSE(IsPlainText("\xED\xA0\x80", false));      // Surrogate.
  EXPECT_FALSE(IsPlainText("\xF5\x80\x80\x80", false));  // Beyond Unicode.
  EXPECT_FALSE(IsPlainText("\xE2\x82", false));          // Cut short.
  EXPECT_FALSE(
      IsPlainText("\xE2\x80\xAE"
                  "fdp",
                  false));  // Right-to-left override.
  EXPECT_FALSE(IsPlainText("a\x7F", false));
  EXPECT_FALSE(IsPlainText(std::string_view("a\0b", 3), true));
  EXPECT_TRUE(IsPlainText("a\n\tb", true));
  EXPECT_FALSE(IsPlainText("a\n\tb", false));
}

}  // namespace
}  // namespace nightbox
