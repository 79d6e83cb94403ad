// Goal: what the front door promises at the edges that a running program cannot be brought to at
// will: an arrival before midnight whose commit is after it; and nothing a filer states gets lost
// between the request and the receipt.
// Method: the real service over TLS, with the clock and the PDF examiner in the test's hand; the
// real `nightbox` program as the filer.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <functional>

#include "core/fingerprint.h"
#include "core/sha256.h"
#include "evidence/receipt.h"
#include "evidence/receipt_page.h"
#include "tests/client/run_nightbox.h"
#include "tests/gateway/front_door.h"

namespace nightbox {
namespace {

namespace pb = intake::v1;
using grpc::StatusCode;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

constexpr char kLastMoment[] = "Monday 1 July 2024 at 11:59:59 p.m. Central Daylight Time";

// Monday 1 July 2024, 23:59:59.9 in Missouri.
constexpr WallTime kBeforeMidnight = kJuly + milliseconds(1'132'900);

std::string RunReceiptCommand(FrontDoor& door, const std::string& filing_id) {
  const TemporaryDirectory home;
  std::filesystem::create_directories(home.path() / ".config" / "nightbox");
  home.Write(".config/nightbox/nightbox.toml",
             "server = \"localhost:" + std::to_string(door.port()) + "\"\ncertificate = \"" +
                 door.acme().certificate.string() + "\"\nkey = \"" + door.acme().key.string() +
                 "\"\nca = \"" + door.pki().tls_root().string() + "\"\nreceipt_root = \"" +
                 door.pki().receipt_root().string() + "\"\nregistered_user = \"user-anna\"\n");
  const auto shown =
      client::NightboxRun(NIGHTBOX_PROGRAM, home.path(), {"receipt", filing_id}).Wait();
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  return shown.out;
}

TEST(IntakeServiceTest, AnArrivalBeforeMidnightIsReceiptedSoThoughItsCommitIsAfter) {
  FrontDoor door;
  door.clock().Advance(kBeforeMidnight - door.clock().Now());
  // The document rides along; examining and storing it takes until after midnight.
  door.examine = [&] {
    door.clock().Advance(milliseconds(400));
    return PdfFinding::kGood;
  };
  const auto anna = door.As("user-anna");
  const std::string pdf = SmallPdf("motion");
  const auto request = FilingWith(RequestIdFor("late"), kDent, "24DN-CC00001", {pdf});
  const auto filed = anna.Create(request);
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();

  const std::string& json = filed.response.receipt().receipt_json();
  const auto facts = ParseReceipt(json);
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->received_at, kBeforeMidnight);
  EXPECT_EQ(facts->committed_at, kBeforeMidnight + milliseconds(400));
  EXPECT_THAT(ReceiptSentence(*facts), HasSubstr(kLastMoment));
  EXPECT_THAT(json, HasSubstr("\"local\": \"2024-07-01T23:59:59.900000-05:00\""));
  EXPECT_THAT(json, HasSubstr("\"local\": \"2024-07-02T00:00:00.300000-05:00\""));
  EXPECT_EQ(filed.response.received_at().nanos(), 900'000'000);
  EXPECT_EQ(filed.response.committed_at().seconds(), filed.response.received_at().seconds() + 1);
  EXPECT_EQ(filed.response.committed_at().nanos(), 300'000'000);

  // Whoever looks later sees the same day: the page, the command, and a repeat a day after.
  const auto page = RenderReceiptPage(json);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_THAT(*page, HasSubstr(kLastMoment));
  EXPECT_THAT(*page, HasSubstr("2 July 2024"));
  EXPECT_EQ(RunReceiptCommand(door, filed.response.filing_id()), json);
  door.clock().Advance(std::chrono::hours(24));
  EXPECT_EQ(anna.Create(request).response.SerializeAsString(), filed.response.SerializeAsString());
}

TEST(IntakeServiceTest, APdfIsExaminedHoweverItsTypeIsSpelt) {
  FrontDoor door;
  door.examine = [] { return PdfFinding::kNeedsPassword; };
  const std::string pdf = SmallPdf("locked");
  for (const char* spelt : {"application/pdf", "Application/PDF", "application/pdf; version=1.7"}) {
    auto request = FilingWith(RequestIdFor("locked"), kDent, "24DN-CC00001", {pdf});
    request.mutable_header()->mutable_documents(0)->set_media_type(spelt);
    EXPECT_EQ(door.As("user-anna").Create(request).reason(), "PASSWORD_PROTECTED") << spelt;
  }
}

TEST(IntakeServiceTest, OnlyWhatMayBeFiledIsExamined) {
  FrontDoor door;
  int examined = 0;
  door.examine = [&] {
    ++examined;
    return PdfFinding::kGood;
  };
  const auto good = FilingWith(RequestIdFor("good"), kDent, "24DN-CC00001", {SmallPdf("motion")});
  EXPECT_EQ(door.As("stranger").Create(good).reason(), "USER_NOT_ALLOWED");
  // Of no shape: nobody, and remembered nowhere.
  EXPECT_EQ(door.As(std::string(100'000, 'x')).Create(good).reason(), "USER_NOT_ALLOWED");
  auto wrong = good;
  wrong.mutable_header()->set_court_id("mo.nowhere");
  EXPECT_EQ(door.As("user-anna").Create(wrong).reason(), "COURT_UNKNOWN");
  wrong = good;
  for (int i = 0; i < kDocumentsHardMax; ++i) wrong.add_inline_documents("");
  EXPECT_EQ(door.As("user-anna").Create(wrong).reason(), "TOO_MANY_DOCUMENTS");
  EXPECT_EQ(examined, 0);
  EXPECT_TRUE(door.As("user-anna").Create(good).ok());
  EXPECT_EQ(examined, 1);
}

TEST(IntakeServiceTest, ATextBesideTheHeaderIsRefusedLikeOneInIt) {
  FrontDoor door;
  const auto anna = door.As("user-anna");
  auto request = FilingWith(RequestIdFor("staff"), kDent, "24DN-CC00001", {SmallPdf("motion")});
  std::string name;
  while (name.size() < 200) name += "\xc3\xa9";
  request.set_staff("a" + name);  // Its 200th byte is half a letter.
  EXPECT_EQ(anna.Create(request).reason(), "FIELD_TOO_LONG");
  request.set_staff("two\nlines");
  EXPECT_EQ(anna.Create(request).reason(), "FIELD_NOT_TEXT");
  request.set_staff(name);
  request.add_possibly_received_by("a" + name);
  EXPECT_EQ(anna.Create(request).reason(), "FIELD_TOO_LONG");
  request.clear_possibly_received_by();
  for (int i = 0; i < 9; ++i) request.add_possibly_received_by("B2");
  EXPECT_EQ(anna.Create(request).reason(), "TOO_MANY_VALUES");
  request.mutable_possibly_received_by()->RemoveLast();
  const auto filed = anna.Create(request);
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  // What was taken can be read again.
  EXPECT_EQ(anna.Create(request).response.SerializeAsString(), filed.response.SerializeAsString());
  EXPECT_EQ(anna.List().response.filings_size(), 1);
}

// The whole way from examiner, rules and directory to what the filer holds.
TEST(IntakeServiceTest, WhatTheGatewayFoundOutIsOnTheReceiptBesideWhatTheFilerStated) {
  FrontDoor door;
  const auto filed =
      door.As("user-anna")
          .Create(FilingWith(RequestIdFor("odd"), kDent, " 24dn-cc00001", {SmallPdf("motion")}));
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  const std::string& json = filed.response.receipt().receipt_json();
  EXPECT_THAT(json, HasSubstr("\"pages\": 3"));
  EXPECT_THAT(json,
              HasSubstr("\"number\": \" 24dn-cc00001\",\n    \"canonical\": \"24DN-CC00001\""));
  EXPECT_THAT(json, HasSubstr("it is not written as the canonical number is"));
  const auto facts = ParseReceipt(json);
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_FALSE(facts->first_byte_at);  // It rode along.
  ASSERT_EQ(facts->last_days.size(), 2U);
  EXPECT_EQ(facts->last_days[0].last_day, "2024-07-11");
}

TEST(IntakeServiceTest, AfterSubmissionAWithdrawalIsAWishThatTheCourtDecides) {
  FrontDoor door;
  const auto anna = door.As("user-anna");
  const std::string pdf = SmallPdf("motion");
  const auto filed = anna.Create(FilingWith(RequestIdFor("motion"), kDent, "24DN-CC00001", {pdf}));
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  const std::uint64_t sequence = filed.response.journal_sequence();
  const std::string& id = filed.response.filing_id();
  ASSERT_TRUE(door.Commit(StartDelivery{sequence, "court", door.clock().Now()}));
  SettleDelivery taken;
  taken.filing_sequence = sequence;
  taken.record.delivery_key = DeliveryKey(SystemName("acme"), RequestId(RequestIdFor("motion")));
  taken.record.court_filing_id = "C-1";
  taken.record.state = CourtRecordState::kRecorded;
  const auto settled = door.Commit(taken);
  ASSERT_TRUE(settled) << settled.error().message;

  pb::WithdrawFilingRequest unprintable;
  unprintable.set_filing_id(id);
  unprintable.set_reason("never\x1b[2Jmind");
  EXPECT_EQ(anna.Call(&IntakeStub::WithdrawFiling, unprintable).reason(), "FIELD_NOT_TEXT");
  const auto wished = anna.Withdraw(id);
  ASSERT_TRUE(wished.ok()) << wished.reason() << ' ' << wished.status.error_message();
  EXPECT_TRUE(wished.response.withdrawal_requested());
  EXPECT_EQ(wished.response.delivery(), pb::Filing::DELIVERY_SUBMITTED);
  EXPECT_EQ(wished.response.review(), pb::Filing::REVIEW_RECORDED);
  // Asked again it is the same wish; and what the court has docketed is the court's.
  EXPECT_EQ(anna.Withdraw(id).response.SerializeAsString(), wished.response.SerializeAsString());
  ChangeReview docketed{taken.record, "court", "1"};
  docketed.record.state = CourtRecordState::kDocketed;
  ASSERT_TRUE(door.Commit(docketed));
  EXPECT_EQ(anna.Withdraw(id).reason(), "FILING_SETTLED");
  EXPECT_EQ(anna.Get(id).response.review(), pb::Filing::REVIEW_DOCKETED);
  EXPECT_EQ(anna.Get(id).response.receipt().SerializeAsString(),
            filed.response.receipt().SerializeAsString());
}

// ---- Every member of the header ----

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Fills every field with a value of its own, lists with two; of a oneof the field named `chosen`.
void Fill(Message& message, const std::string& path, const std::string& chosen) {
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (field.containing_oneof() != nullptr && field.name() != chosen) continue;
    const std::string here = path + '-' + field.name();
    const int times = field.is_repeated() ? 2 : 1;
    for (int n = 0; n < times; ++n) {
      const std::string text = here + (field.is_repeated() ? std::to_string(n) : std::string());
      switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_MESSAGE:
          Fill(field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                   : *reflection.MutableMessage(&message, &field),
               text, chosen);
          break;
        case FieldDescriptor::CPPTYPE_STRING:
          if (field.is_repeated()) {
            reflection.AddString(&message, &field, text);
          } else {
            reflection.SetString(&message, &field, text);
          }
          break;
        case FieldDescriptor::CPPTYPE_ENUM:
          reflection.SetEnumValue(&message, &field, 1);
          break;
        case FieldDescriptor::CPPTYPE_UINT32:
          reflection.SetUInt32(&message, &field, 7);
          break;
        case FieldDescriptor::CPPTYPE_INT64:
        case FieldDescriptor::CPPTYPE_BOOL:
          break;  // Sizes are the documents'; `test` is set below.
        default:
          FAIL() << "a member of a kind that this test does not know: " << here;
      }
    }
  }
}

// Calls `check` with the path of every single value of the header, changed alone; afterwards it is
// as it was.
void ChangeEach(Message& whole, Message& message, const std::string& path,
                const std::function<void(const std::string& path)>& check) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string here = path + '.' + field->name();
    if (field->is_repeated()) {
      const auto before = std::unique_ptr<Message>(message.New());
      before->CopyFrom(message);
      reflection.RemoveLast(&message, field);
      check(here + " with one fewer");
      message.CopyFrom(*before);
    }
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
      for (int n = 0; n < count; ++n) {
        ChangeEach(whole,
                   field->is_repeated() ? *reflection.MutableRepeatedMessage(&message, field, n)
                                        : *reflection.MutableMessage(&message, field),
                   here + (field->is_repeated() ? '[' + std::to_string(n) + ']' : ""), check);
      }
      continue;
    }
    const auto before = std::unique_ptr<Message>(message.New());
    before->CopyFrom(message);
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string text = field->is_repeated() ? reflection.GetRepeatedString(message, field, 0)
                                                : reflection.GetString(message, field);
        text.back() = static_cast<char>(text.back() ^ 1);
        if (field->is_repeated()) {
          reflection.SetRepeatedString(&message, field, 0, text);
        } else {
          reflection.SetString(&message, field, text);
        }
        break;
      }
      case FieldDescriptor::CPPTYPE_ENUM:
        reflection.SetEnumValue(&message, field, 2);
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        reflection.SetUInt32(&message, field, 8);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        reflection.SetInt64(&message, field, reflection.GetInt64(message, field) + 1);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        reflection.SetBool(&message, field, !reflection.GetBool(message, field));
        break;
      default:
        FAIL() << "a member of a kind that this test does not know: " << here;
    }
    check(here);
    message.CopyFrom(*before);
  }
}

// Every text a filer stated, wherever it stands.
void CollectTexts(const Message& message, std::vector<std::string>& texts) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int n = 0; n < count; ++n) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        CollectTexts(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, n)
                                          : reflection.GetMessage(message, field),
                     texts);
      } else if (field->type() == FieldDescriptor::TYPE_STRING) {
        texts.push_back(field->is_repeated() ? reflection.GetRepeatedString(message, field, n)
                                             : reflection.GetString(message, field));
      }
    }
  }
}

// A filing that states every member there is, with two documents.
pb::CreateFilingRequest FullFiling(const std::string& name, const std::string& chosen) {
  pb::CreateFilingRequest request;
  request.set_request_id(RequestIdFor(name));
  auto& header = *request.mutable_header();
  Fill(header, "stated", chosen);
  header.set_court_id(kDent);
  header.set_corrects_filing_id(std::string(26, 'c'));
  header.set_test(true);
  if (chosen == "new_case") header.mutable_new_case()->set_category("CC");
  for (int i = 0; i < header.documents_size(); ++i) {
    auto& document = *header.mutable_documents(i);
    const std::string pdf = SmallPdf(name + std::to_string(i));
    document.set_media_type("application/pdf");
    document.set_file_name("paper-" + std::to_string(i) + ".pdf");
    document.set_size_bytes(static_cast<std::int64_t>(pdf.size()));
    document.set_sha256(std::string(Sha256(pdf).view()));
    request.add_inline_documents(pdf);
  }
  return request;
}

TEST(IntakeServiceTest, EveryMemberOfTheHeaderIsOnTheReceiptAndIsContent) {
  FrontDoor door;
  const auto anna = door.As("user-anna");
  const std::string pdf = SmallPdf("petition");
  auto petition = FilingWith(RequestIdFor("petition"), kDent, "", {pdf});
  auto& opened = *petition.mutable_header()->mutable_new_case();
  opened.set_category("CC");
  opened.set_case_type("Breach of contract");
  opened.set_title("Doe v. Roe");
  const auto opener = anna.Create(petition);
  ASSERT_TRUE(opener.ok()) << opener.status.error_message();

  for (const std::string chosen : {"case_number", "new_case", "opened_by_filing_id"}) {
    SCOPED_TRACE(chosen);
    auto request = FullFiling("full-" + chosen.substr(0, 4), chosen);
    if (chosen == "opened_by_filing_id")
      request.mutable_header()->set_opened_by_filing_id(opener.response.filing_id());
    const auto filed = anna.Create(request);
    ASSERT_TRUE(filed.ok()) << filed.reason() << ' ' << filed.status.error_message();
    const std::string& json = filed.response.receipt().receipt_json();
    std::vector<std::string> texts;
    CollectTexts(request.header(), texts);
    EXPECT_GT(texts.size(), 20U);
    for (const std::string& text : texts) EXPECT_THAT(json, HasSubstr('"' + text + '"'));
    for (const auto& document : request.header().documents()) {
      EXPECT_THAT(json, HasSubstr(Digest::FromBytes(document.sha256())->Hex()));
      EXPECT_THAT(json, HasSubstr("\"bytes\": " + std::to_string(document.size_bytes())));
    }
    for (const char* word :
         {"\"role\": \"lead\"", "\"confidentiality\": \"public\"", "\"fee\": \"none\"",
          "\"emergency_class\": \"warrant\"", "\"paper_copies\": 7", "\"test\": true"}) {
      EXPECT_THAT(json, HasSubstr(word));
    }
    int changed = 0;
    ChangeEach(*request.mutable_header(), *request.mutable_header(), "header",
               [&](const std::string& path) {
                 ++changed;
                 EXPECT_EQ(anna.Create(request).reason(), "REQUEST_ID_REUSED") << path;
               });
    EXPECT_GT(changed, 40);
    // Unchanged it is the same filing still.
    EXPECT_EQ(anna.Create(request).response.filing_id(), filed.response.filing_id());
  }
}

}  // namespace
}  // namespace nightbox
