#include "tests/support/receipt_samples.h"

#include "core/fingerprint.h"
#include "core/sha256.h"
#include "rules/court_time.h"

namespace nightbox {

ReceiptFacts PlainReceipt() {
  ReceiptFacts facts;
  facts.gateway = "A7";
  facts.filing_id = FilingId("aebagbafaydqqcikbmga2dqpca");
  facts.request_id = RequestId("3f1c9c1e-8f3b-4c56-9c7c-0a4b6c1d2e3f");
  facts.court_name = "Circuit Court of Dent County";
  facts.time_zone = "America/Chicago";
  facts.received_at = *ParseUtc("2024-07-02T04:41:07.123456Z");
  facts.committed_at = *ParseUtc("2024-07-02T04:41:07.130001Z");
  facts.clock = {true, Microseconds(512), "adjtimex", 0};
  facts.copies = {"gateway A7"};
  facts.case_system = CaseSystemReach::kNotReachable;
  facts.system = SystemName("acme");
  facts.registered_user = UserId("user-1");
  facts.header.court = CourtId("mo.cir.42.dent");
  facts.header.case_reference = ExistingCase{"24DN-CC00017"};
  facts.header.documents = {{"Answer", DocumentRole::kLead, "answer.pdf", "application/pdf", 20480,
                             Sha256("answer"), Confidentiality::kUnspecified}};
  facts.document_pages = {std::nullopt};
  facts.canonical_case_number = "24DN-CC00017";
  facts.fingerprint = FilingFingerprint(facts.registered_user, facts.header);
  facts.delivery_key = DeliveryKey(facts.system, facts.request_id);
  facts.attempts = {1, facts.received_at, {AttemptId("at-1")}};
  facts.policy_version = "2024-06-01";
  facts.unavailability_rule = "Rule 103.06";
  facts.last_days = {{"the first unsuccessful attempt", "", "statute", "2024-07-11", true},
                     {"the end of the unavailability", "not known when this receipt was made", "",
                      "not known", true}};
  facts.last_day_rule = ReceiptLastDayRule{
      "Rule 103.06(b), in the version of 2011-09-01: 10 days, counted by Rule 44.01(a)",
      "0123456789abcdef",
      {"10 days (Rule 103.06(b); recalled)"}};
  facts.log.origin = "nightbox/A7/testlog";
  facts.log.log_id = "testlog";
  facts.log.sequence = 1;
  facts.salt = Sha256("salt");
  return facts;
}

ReceiptFacts FullReceipt() {
  ReceiptFacts facts = PlainReceipt();
  facts.attempt_opened_at = *ParseUtc("2024-07-02T04:55:01.000000Z");
  facts.first_byte_at = *ParseUtc("2024-07-02T04:55:02.500000Z");
  facts.last_byte_at = *ParseUtc("2024-07-02T04:59:59.800000Z");
  facts.received_at = *ParseUtc("2024-07-02T04:59:59.900000Z");
  facts.committed_at = *ParseUtc("2024-07-02T05:00:00.300000Z");
  facts.clock = {false, std::nullopt, "adjtimex", 3};
  facts.durability_class = "D2";
  facts.copies = {"gateway A7", "gateway B2"};
  facts.case_system = CaseSystemReach::kReachable;
  facts.staff = "paralegal-7";
  FilingHeader& header = facts.header;
  header.case_reference = NewCase{"CC",
                                  "Breach of contract",
                                  "Doe \"and others\" v. Roe \xE2\x80\xAE \\ \xC3\xA9t\xC3\xA9",
                                  {{"Doe", "Plaintiff"}, {"Roe", "Defendant"}}};
  facts.canonical_case_number.clear();
  facts.document_pages = {12, std::nullopt};
  header.documents.push_back({"Exhibit 1", DocumentRole::kAttachment, "ex 1.pdf", "application/pdf",
                              1, Sha256("exhibit"), Confidentiality::kSealed});
  header.uniform_citation_number = "703480001";
  header.confidentiality = Confidentiality::kConfidential;
  header.signer = "user-1";
  header.signature_form = "/s/";
  header.paper_original_custodian = "user-1";
  header.fee_state = FeeState::kAuthorized;
  header.fee_authorization_reference = "auth-77";
  header.on_behalf_of = {"Doe"};
  header.service_requests = {{"Roe", "sheriff", "1 Main Street\nSalem"}};
  header.emergency_class = EmergencyClass::kProtectionOrder;
  header.corrects_filing_id = FilingId("aebagbafaydqqcikbmga2dqpcb");
  header.related_group_id = "group-1";
  header.media_items = {"one DVD"};
  header.paper_copies = 2;
  header.note_to_clerk = "Please note\tthe tab and <b>no markup</b>.";
  header.filer_reference = "matter 12";
  facts.fingerprint = FilingFingerprint(facts.registered_user, header);
  facts.attempts = {3,
                    *ParseUtc("2024-07-02T04:55:01.000000Z"),
                    {AttemptId("at-1"), AttemptId("at-2"), AttemptId("at-3")}};
  facts.warnings = {{"PDF_UNREADABLE", "The document could not be inspected.", "documents[1]"}};
  facts.authority = ReceiptAuthority::kCaseSystem;
  facts.authority_standing = Standing::kRecalled;
  facts.last_days = {
      {"the first unsuccessful attempt", "", "statute", "2024-07-11", true},
      {"the first unsuccessful attempt", "as the filer's software says", "statute", "2024-07-08",
       true},
      {"the first unsuccessful attempt", "as the filer's software says", "closures", "2024-07-09",
       false},
      {"the end of the unavailability", "no unavailability was known when this receipt was made",
       "", "not known", true}};
  facts.log.sequence = 18;
  facts.log.leaf_index = 17;
  facts.log.key = "nightbox/A7/testlog+00000000+AQ==";
  facts.log.checkpoint_before = "nightbox/A7/testlog\n17\nAAAA\n\n\xE2\x80\x94 nightbox BBBB\n";
  return facts;
}

}  // namespace nightbox
