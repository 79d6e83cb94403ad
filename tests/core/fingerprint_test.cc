// Goal: content is compared by exactly the fields docs/formats/fingerprint.md lists, and the bytes
// never change. Method: golden values; and every single field, changed alone, changes the
// fingerprint.
#include "core/fingerprint.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "core/sha256.h"

namespace nightbox {
namespace {

FilingHeader Sample() {
  FilingHeader header;
  header.court = CourtId("mo.cir.42.dent");
  header.case_reference = NewCase{"CC", "Breach of contract", "Doe v. Roe", {{"Doe", "Plaintiff"}}};
  header.documents = {{"Petition", DocumentRole::kLead, "petition.pdf", "application/pdf", 1234,
                       Sha256("petition"), Confidentiality::kPublic}};
  header.on_behalf_of = {"Doe"};
  header.service_requests = {{"Roe", "sheriff", "1 Main Street"}};
  header.media_items = {"one DVD"};
  return header;
}

TEST(FingerprintTest, GoldenValues) {
  EXPECT_EQ(FilingFingerprint(UserId("user-1"), Sample()).Hex(),
            "a63af99cd47e4359d1f292e4f7b5b516c7bf97d6be5383c421b8f42a8b469e81");
  EXPECT_EQ(
      DeliveryKey(SystemName("acme"), RequestId("3f1c9c1e-8f3b-4c56-9c7c-0a4b6c1d2e3f")).Hex(),
      "e7d387f05154da55fe827f424f7944bc571c1a5ed5dcdd40e4ce0508db26e32d");
}

TEST(FingerprintTest, EveryFieldCounts) {
  const std::vector<std::function<void(FilingHeader&)>> changes = {
      [](FilingHeader& h) { h.court = CourtId("mo.cir.42.iron"); },
      [](FilingHeader& h) { h.case_reference = ExistingCase{"24SL-CC01234"}; },
      [](FilingHeader& h) { h.case_reference = OpenedBy{FilingId("abc")}; },
      [](FilingHeader& h) { std::get<NewCase>(h.case_reference).category = "AC"; },
      [](FilingHeader& h) { std::get<NewCase>(h.case_reference).case_type = "Other"; },
      [](FilingHeader& h) { std::get<NewCase>(h.case_reference).title = "Other"; },
      [](FilingHeader& h) { std::get<NewCase>(h.case_reference).parties[0].name = "Dow"; },
      [](FilingHeader& h) { std::get<NewCase>(h.case_reference).parties[0].role = "Defendant"; },
      [](FilingHeader& h) { std::get<NewCase>(h.case_reference).parties.clear(); },
      [](FilingHeader& h) { h.documents[0].title = "Answer"; },
      [](FilingHeader& h) { h.documents[0].role = DocumentRole::kAttachment; },
      [](FilingHeader& h) { h.documents[0].file_name = "answer.pdf"; },
      [](FilingHeader& h) { h.documents[0].media_type = "text/plain"; },
      [](FilingHeader& h) { h.documents[0].size_bytes = 1235; },
      [](FilingHeader& h) { h.documents[0].sha256 = Sha256("answer"); },
      [](FilingHeader& h) { h.documents[0].confidentiality = Confidentiality::kSealed; },
      [](FilingHeader& h) { h.documents.push_back(h.documents[0]); },
      [](FilingHeader& h) { h.uniform_citation_number = "703480001"; },
      [](FilingHeader& h) { h.confidentiality = Confidentiality::kConfidential; },
      [](FilingHeader& h) { h.signer = "x"; },
      [](FilingHeader& h) { h.signature_form = "x"; },
      [](FilingHeader& h) { h.paper_original_custodian = "x"; },
      [](FilingHeader& h) { h.fee_state = FeeState::kPending; },
      [](FilingHeader& h) { h.fee_authorization_reference = "x"; },
      [](FilingHeader& h) {
        h.on_behalf_of = {"D", "oe"};
      },
      [](FilingHeader& h) { h.service_requests[0].name = "x"; },
      [](FilingHeader& h) { h.service_requests[0].method = "x"; },
      [](FilingHeader& h) { h.service_requests[0].address = "x"; },
      [](FilingHeader& h) { h.emergency_class = EmergencyClass::kWarrant; },
      [](FilingHeader& h) { h.corrects_filing_id = FilingId("x"); },
      [](FilingHeader& h) { h.related_group_id = "x"; },
      [](FilingHeader& h) { h.media_items = {"two DVDs"}; },
      [](FilingHeader& h) { h.paper_copies = 1; },
      [](FilingHeader& h) { h.note_to_clerk = "x"; },
      [](FilingHeader& h) { h.filer_reference = "x"; },
      [](FilingHeader& h) { h.test = true; },
  };
  std::vector<Digest> seen = {FilingFingerprint(UserId("user-1"), Sample()),
                              FilingFingerprint(UserId("user-2"), Sample())};
  for (const auto& change : changes) {
    FilingHeader header = Sample();
    change(header);
    const Digest digest = FilingFingerprint(UserId("user-1"), header);
    EXPECT_EQ(std::count(seen.begin(), seen.end(), digest), 0) << "change " << seen.size() - 2;
    seen.push_back(digest);
  }
}

TEST(FingerprintTest, TextCannotMoveBetweenFields) {
  FilingHeader one = Sample();
  FilingHeader two = Sample();
  one.signer = "ab";
  one.signature_form = "c";
  two.signer = "a";
  two.signature_form = "bc";
  EXPECT_NE(FilingFingerprint(UserId("u"), one), FilingFingerprint(UserId("u"), two));
}

TEST(DeliveryKeyTest, SystemsDoNotShareRequestIds) {
  EXPECT_NE(DeliveryKey(SystemName("a"), RequestId("x")),
            DeliveryKey(SystemName("b"), RequestId("x")));
}

}  // namespace
}  // namespace nightbox
