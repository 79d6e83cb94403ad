// Goal: a filing is refused for exactly the reasons a receipt could not stand behind, each named
// with its field; everything else is at most a warning. Method: one good filing, changed in one
// place at a time; both sides of every bound.
#include "gateway/admission.h"

#include <algorithm>

#include "gateway/error_catalogue.h"
#include "gateway/header_text.h"
#include "gateway/id_shape.h"
#include "tests/gateway/admission_case.h"

namespace nightbox {
namespace {

using Case = AdmissionCase;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

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

TEST(AdmissionTest, LackOfRoomRefusesWithADelayAndWorstIsToldFirst) {
  Case filing;
  filing.capacity.shutting_down = true;
  filing.capacity.retry_after = std::chrono::milliseconds(700);
  const Admission admission = filing.Run();
  ASSERT_EQ(Reasons(admission), std::vector<std::string>{"SHUTTING_DOWN"});
  EXPECT_EQ(admission.problems[0].retry_after, std::chrono::milliseconds(700));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.capacity.user_rate_limited = true; }),
              ElementsAre("USER_RATE_LIMITED"));
  // Whoever can mend something is told that before being told to wait.
  EXPECT_THAT(RefusalsWhen([](Case& c) {
                c.capacity.shutting_down = true;
                c.header.documents[0].size_bytes = 0;
              }),
              ElementsAre("DOCUMENT_EMPTY", "SHUTTING_DOWN"));
  // Validation stores nothing and needs no room.
  EXPECT_THAT(RefusalsWhen([](Case& c) {
                c.phase = AdmissionPhase::kValidate;
                c.capacity = {DiskState::kNoFilings, true, true, {}};
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

TEST(AdmissionTest, WhoseTimeMayNotCountIsToldTheCourtSystemsOwnRule) {
  Case filing;
  filing.policy.receipt_authority = ReceiptAuthority::kUndecided;
  filing.policy.unavailability_rule = "AP 2.10";
  EXPECT_EQ(filing.Run().warnings.front().message,
            "The court has not decided whether this is filing. If you may need AP 2.10, do not "
            "wait for delivery.");
  filing.policy.unavailability_rule.clear();
  EXPECT_EQ(filing.Run().warnings.front().message,
            "The court has not decided whether this is filing. If a deadline is near, do not wait "
            "for delivery.");
}

TEST(AdmissionTest, WhatIsUnconfirmedOfWhoseTimeCountsIsSaid) {
  Case filing;
  filing.policy.receipt_authority = ReceiptAuthority::kCaseSystem;
  EXPECT_EQ(filing.Run().warnings.front().message,
            "As configured, and unconfirmed: the court counts the time at which its own case "
            "system receives a filing, not this one. If a deadline is near, do not wait for "
            "delivery.");
  filing.policy.receipt_authority_standing = Standing::kConfirmed;
  EXPECT_THAT(filing.Run().warnings.front().message,
              testing::StartsWith("The court counts the time at which its own case system"));
  filing.policy.receipt_authority = ReceiptAuthority::kUndecided;
  filing.policy.receipt_authority_standing = Standing::kUnconfirmed;
  filing.policy.gateway_unconfirmed = true;
  const Warning warning = filing.Run().warnings.front();
  EXPECT_EQ(warning.code, "RECEIPT_AUTHORITY_UNDECIDED");
  EXPECT_THAT(warning.message, testing::StartsWith("Nobody has confirmed that the court takes"));
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

}  // namespace
}  // namespace nightbox
