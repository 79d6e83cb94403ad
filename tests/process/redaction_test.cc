// Goal: the redaction duty at the shipped program's door: what seems to be personal information in
// the header or in a document's text is named by kind and place, refuses nothing, and its text is
// in no warning, log or metric.
// Method: the real gateway and its real PDF examiner; a filing with marked numbers, riding along
// and uploaded first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gateway/test_pdf.h"
#include "tests/process/gateway_process.h"
#include "tests/process/intake_caller.h"

namespace nightbox {
namespace {

namespace pb = intake::v1;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Marks that stand nowhere else.
constexpr char kMark[] = "7786";
constexpr char kBorn[] = "03/04/1985";

std::string MarkedPdf() {
  return MakeTextPdf({"BT /F 12 Tf 72 700 Td (Petition in 24DN-CC00017) Tj ET",
                      "BT /F 12 Tf 72 700 Td (SSN 531-24-7786) Tj ET"});
}

pb::CreateFilingRequest Marked(pb::CreateFilingRequest request) {
  request.mutable_header()->set_note_to_clerk("Respondent, DOB 03/04/1985");
  return request;
}

template <class Warnings>
std::vector<std::string> Places(const Warnings& warnings) {
  std::vector<std::string> places;
  for (const auto& each : warnings) {
    if (each.code() != "PERSONAL_INFORMATION") continue;
    places.push_back(each.field());
    EXPECT_THAT(each.message(), Not(HasSubstr(kMark)));
    EXPECT_THAT(each.message(), Not(HasSubstr("1985")));
  }
  return places;
}

TEST(RedactionProcessTest, WarnsByPlaceRefusesNothingAndKeepsNoText) {
  GatewayProcess gateway;
  const CertificateFiles acme = gateway.pki().IssueClient("system", "acme");
  gateway.Start();
  const IntakeCaller anna(gateway.pki(), acme, gateway.port(), "user-anna");
  const std::string pdf = MarkedPdf();

  // Riding along.
  const auto inlined =
      anna.Create(Marked(FilingWith(RequestIdFor("inline"), kDent, "24DN-CC00017", {pdf})));
  ASSERT_TRUE(inlined.ok()) << inlined.status.error_message();
  EXPECT_THAT(Places(inlined.response.warnings()),
              ElementsAre("header.note_to_clerk", "header.documents[0].sha256"));
  EXPECT_THAT(inlined.response.receipt().receipt_json(),
              HasSubstr("document 1 seems to hold a social security number (page 2)"));

  // Uploaded before, by another user, whose check then knows both.
  const std::string other = MakeTextPdf({"BT /F 12 Tf 72 700 Td (Card 4111-1111-1111-1111) Tj ET"});
  const IntakeCaller bob(gateway.pki(), acme, gateway.port(), "user-bob");
  ASSERT_TRUE(bob.Upload(other).ok());
  const auto request =
      Marked(FilingWithout(RequestIdFor("uploaded"), kDent, "24DN-CC00017", {other}));
  pb::ValidateFilingRequest validate;
  *validate.mutable_header() = request.header();
  const auto checked = bob.Call(&IntakeStub::ValidateFiling, validate);
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked.response.problems_size(), 0);
  EXPECT_THAT(Places(checked.response.warnings()),
              ElementsAre("header.note_to_clerk", "header.documents[0].sha256"));
  const auto uploaded = bob.Create(request);
  ASSERT_TRUE(uploaded.ok()) << uploaded.status.error_message();
  EXPECT_THAT(uploaded.response.receipt().receipt_json(),
              HasSubstr("document 1 seems to hold a payment card number (page 1)"));

  // A document without any says nothing.
  const auto clean = anna.Create(
      FilingWith(RequestIdFor("clean"), kDent, "24DN-CC00017", {MakeTextPdf({"BT ET"})}));
  ASSERT_TRUE(clean.ok());
  EXPECT_THAT(Places(clean.response.warnings()), testing::IsEmpty());

  const std::string metrics = gateway.Get("/metrics").body;
  gateway.Stop();
  for (const std::string& text : {gateway.Log(), metrics}) {
    EXPECT_FALSE(text.empty());
    EXPECT_THAT(text, Not(HasSubstr(kMark)));
    EXPECT_THAT(text, Not(HasSubstr(kBorn)));
    EXPECT_THAT(text, Not(HasSubstr("4111")));
  }
}

}  // namespace
}  // namespace nightbox
