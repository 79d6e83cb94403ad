// Goal: nothing a filer or a court says changes or gets lost at the border between protobuf and
// core/filing.h, and nothing malformed gets through.
// Method: headers and records with every field drawn from a seed go to bytes and back; each kind of
// malformation is made alone in an otherwise good message and must be named by its path.
#include "proto/filing_codec.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "core/fingerprint.h"
#include "core/random.h"
#include "core/sha256.h"

namespace nightbox {
namespace {

namespace pb = filing::v1;

std::string AnyText(Random& random) {
  static const std::vector<std::string> kPieces = {
      "a", "Doe v. Roe", " ", "\t", "\xC3\xA9", "§", "0", "\"", "\\", "\xF0\x9F\x93\x84"};
  std::string text;
  for (std::uint64_t i = random.Below(5); i > 0; --i) text += kPieces[random.Below(kPieces.size())];
  return text;
}

template <class Enum>
Enum AnyOf(Random& random, Enum last) {
  return static_cast<Enum>(random.Below(static_cast<std::uint64_t>(last) + 1));
}

template <class T>
std::vector<T> Several(Random& random, const std::function<T()>& make) {
  std::vector<T> made;
  for (std::uint64_t i = random.Below(4); i > 0; --i) made.push_back(make());
  return made;
}

CaseReference AnyCase(Random& random) {
  switch (random.Below(4)) {
    case 0:
      return ExistingCase{AnyText(random)};
    case 1:
      return NewCase{AnyText(random), AnyText(random), AnyText(random), Several<Party>(random, [&] {
                       return Party{AnyText(random), AnyText(random)};
                     })};
    case 2:
      return OpenedBy{FilingId(AnyText(random))};
    default:
      return std::monostate{};
  }
}

FilingHeader AnyHeader(Random& random) {
  FilingHeader header;
  header.court = CourtId(AnyText(random));
  header.case_reference = AnyCase(random);
  header.documents = Several<Document>(random, [&] {
    return Document{AnyText(random),
                    AnyOf(random, DocumentRole::kAttachment),
                    AnyText(random),
                    AnyText(random),
                    static_cast<std::int64_t>(random.Number() >> 1),
                    Sha256(random.Bytes(8)),
                    AnyOf(random, Confidentiality::kSealed)};
  });
  header.uniform_citation_number = AnyText(random);
  header.confidentiality = AnyOf(random, Confidentiality::kSealed);
  header.signer = AnyText(random);
  header.signature_form = AnyText(random);
  header.paper_original_custodian = AnyText(random);
  header.fee_state = AnyOf(random, FeeState::kAuthorized);
  header.fee_authorization_reference = AnyText(random);
  header.on_behalf_of = Several<std::string>(random, [&] { return AnyText(random); });
  header.service_requests = Several<ServiceRequest>(random, [&] {
    return ServiceRequest{AnyText(random), AnyText(random), AnyText(random)};
  });
  header.emergency_class = AnyOf(random, EmergencyClass::kInvoluntaryCommitment);
  header.corrects_filing_id = FilingId(AnyText(random));
  header.related_group_id = AnyText(random);
  header.media_items = Several<std::string>(random, [&] { return AnyText(random); });
  header.paper_copies = static_cast<std::uint32_t>(random.Number());
  header.note_to_clerk = AnyText(random);
  header.filer_reference = AnyText(random);
  header.test = random.OneIn(2);
  return header;
}

std::optional<WallTime> AnyTime(Random& random) {
  if (random.OneIn(4)) return std::nullopt;
  // 1833 to 2106, odd microseconds among them.
  return FromMicros(static_cast<std::int64_t>(random.Below(8'600'000'000'000'000)) -
                    4'300'000'000'000'000);
}

CourtRecord AnyRecord(Random& random) {
  CourtRecord record;
  record.delivery_key = Sha256(random.Bytes(8));
  record.court_filing_id = AnyText(random);
  record.state = AnyOf(random, CourtRecordState::kWithdrawn);
  record.case_numbers = Several<CaseNumber>(random, [&] {
    return CaseNumber{AnyText(random), AnyText(random), random.OneIn(2)};
  });
  record.recorded_at = AnyTime(random);
  record.filed_at = AnyTime(random);
  record.reviewed_at = AnyTime(random);
  record.docketed_at = AnyTime(random);
  record.reason = AnyText(random);
  record.raw_status = AnyText(random);
  record.fee_state = AnyText(random);
  record.filing_id = FilingId(AnyText(random));
  record.gateway = AnyText(random);
  record.fingerprint = Sha256(random.Bytes(8));
  return record;
}

TEST(FilingCodecTest, EveryHeaderComesBackTheSame) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SeededRandom random(seed);
    const FilingHeader header = AnyHeader(random);
    pb::FilingHeader message;
    ASSERT_TRUE(message.ParseFromString(ToProto(header).SerializeAsString()));
    const auto back = FromProto(message);
    ASSERT_TRUE(back.has_value()) << "seed " << seed << ": " << back.error().message;
    EXPECT_EQ(*back, header) << "seed " << seed;
    EXPECT_EQ(FilingFingerprint(UserId("u"), *back), FilingFingerprint(UserId("u"), header));
  }
}

TEST(FilingCodecTest, EveryCourtRecordComesBackTheSame) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SeededRandom random(seed);
    const CourtRecord record = AnyRecord(random);
    pb::CourtRecord message;
    ASSERT_TRUE(message.ParseFromString(ToProto(record).SerializeAsString()));
    const auto back = FromProto(message);
    ASSERT_TRUE(back.has_value()) << "seed " << seed << ": " << back.error().message;
    EXPECT_EQ(*back, record) << "seed " << seed;
  }
}

// A message with every list three long, so that any field can be spoilt.
pb::FilingHeader FullHeader() {
  pb::FilingHeader header;
  header.set_court_id("mo.cir.42.dent");
  for (int i = 0; i < 3; ++i) {
    header.mutable_new_case()->add_parties();
    header.add_documents()->set_sha256(std::string(32, 'x'));
    header.add_on_behalf_of();
    header.add_service_requests();
    header.add_media_items();
  }
  return header;
}

struct Spoilt {
  std::string path;
  std::function<void(pb::FilingHeader&)> spoil;
};

void AddUnknownField(google::protobuf::Message* message) {
  message->GetReflection()->MutableUnknownFields(message)->AddVarint(500, 1);
}

TEST(FilingCodecTest, EveryMalformedFieldIsRefusedByItsPath) {
  const std::string bad = "\xC3(";
  const std::vector<Spoilt> cases = {
      {"header.court_id", [&](auto& h) { h.set_court_id(bad); }},
      {"header.court_id", [&](auto& h) { h.set_court_id(std::string("mo\0x", 4)); }},
      {"header.court_id", [&](auto& h) { h.set_court_id("\xC0\x80"); }},
      {"header.court_id", [&](auto& h) { h.set_court_id("\xED\xA0\x80"); }},
      {"header.court_id", [&](auto& h) { h.set_court_id("\xF4\x90\x80\x80"); }},
      {"header.case_number", [&](auto& h) { h.set_case_number(bad); }},
      {"header.opened_by_filing_id", [&](auto& h) { h.set_opened_by_filing_id(bad); }},
      {"header.new_case.category", [&](auto& h) { h.mutable_new_case()->set_category(bad); }},
      {"header.new_case.case_type", [&](auto& h) { h.mutable_new_case()->set_case_type(bad); }},
      {"header.new_case.title", [&](auto& h) { h.mutable_new_case()->set_title(bad); }},
      {"header.new_case.parties[1].name",
       [&](auto& h) { h.mutable_new_case()->mutable_parties(1)->set_name(bad); }},
      {"header.new_case.parties[0].role",
       [&](auto& h) { h.mutable_new_case()->mutable_parties(0)->set_role(bad); }},
      {"header.documents[0].title", [&](auto& h) { h.mutable_documents(0)->set_title(bad); }},
      {"header.documents[1].role",
       [](auto& h) { h.mutable_documents(1)->set_role(static_cast<pb::Document::Role>(3)); }},
      {"header.documents[1].role",
       [](auto& h) { h.mutable_documents(1)->set_role(static_cast<pb::Document::Role>(-1)); }},
      {"header.documents[1].file_name",
       [&](auto& h) { h.mutable_documents(1)->set_file_name(bad); }},
      {"header.documents[1].media_type",
       [&](auto& h) { h.mutable_documents(1)->set_media_type(bad); }},
      {"header.documents[2].size_bytes",
       [](auto& h) { h.mutable_documents(2)->set_size_bytes(-1); }},
      {"header.documents[2].sha256",
       [](auto& h) { h.mutable_documents(2)->set_sha256(std::string(31, 'x')); }},
      {"header.documents[2].sha256",
       [](auto& h) { h.mutable_documents(2)->set_sha256(std::string(33, 'x')); }},
      {"header.documents[0].sha256", [](auto& h) { h.mutable_documents(0)->clear_sha256(); }},
      {"header.documents[0].confidentiality",
       [](auto& h) {
         h.mutable_documents(0)->set_confidentiality(static_cast<pb::Confidentiality>(4));
       }},
      {"header.uniform_citation_number", [&](auto& h) { h.set_uniform_citation_number(bad); }},
      {"header.confidentiality",
       [](auto& h) { h.set_confidentiality(static_cast<pb::Confidentiality>(4)); }},
      {"header.signature.signer", [&](auto& h) { h.mutable_signature()->set_signer(bad); }},
      {"header.signature.form", [&](auto& h) { h.mutable_signature()->set_form(bad); }},
      {"header.paper_original_custodian", [&](auto& h) { h.set_paper_original_custodian(bad); }},
      {"header.fee.state",
       [](auto& h) { h.mutable_fee()->set_state(static_cast<pb::Fee::State>(6)); }},
      {"header.fee.authorization_reference",
       [&](auto& h) { h.mutable_fee()->set_authorization_reference(bad); }},
      {"header.on_behalf_of[2]", [&](auto& h) { h.set_on_behalf_of(2, bad); }},
      {"header.service_requests[0].name",
       [&](auto& h) { h.mutable_service_requests(0)->set_name(bad); }},
      {"header.service_requests[1].method",
       [&](auto& h) { h.mutable_service_requests(1)->set_method(bad); }},
      {"header.service_requests[2].address",
       [&](auto& h) { h.mutable_service_requests(2)->set_address(bad); }},
      {"header.emergency_class",
       [](auto& h) { h.set_emergency_class(static_cast<pb::EmergencyClass>(6)); }},
      {"header.corrects_filing_id", [&](auto& h) { h.set_corrects_filing_id(bad); }},
      {"header.related_group_id", [&](auto& h) { h.set_related_group_id(bad); }},
      {"header.media_items[1]", [&](auto& h) { h.set_media_items(1, bad); }},
      {"header.note_to_clerk", [&](auto& h) { h.set_note_to_clerk(bad); }},
      {"header.filer_reference", [&](auto& h) { h.set_filer_reference(bad); }},
      {"header", [](auto& h) { AddUnknownField(&h); }},
      {"header.new_case", [](auto& h) { AddUnknownField(h.mutable_new_case()); }},
      {"header.new_case.parties[2]",
       [](auto& h) { AddUnknownField(h.mutable_new_case()->mutable_parties(2)); }},
      {"header.documents[1]", [](auto& h) { AddUnknownField(h.mutable_documents(1)); }},
      {"header.signature", [](auto& h) { AddUnknownField(h.mutable_signature()); }},
      {"header.fee", [](auto& h) { AddUnknownField(h.mutable_fee()); }},
      {"header.service_requests[1]",
       [](auto& h) { AddUnknownField(h.mutable_service_requests(1)); }},
  };
  ASSERT_TRUE(FromProto(FullHeader()).has_value());
  for (const Spoilt& spoilt : cases) {
    pb::FilingHeader header = FullHeader();
    spoilt.spoil(header);
    const auto read = FromProto(header);
    ASSERT_FALSE(read.has_value()) << spoilt.path;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(read.error().field, spoilt.path);
    EXPECT_EQ(read.error().message.find(bad), std::string::npos) << "quotes what was filed";
  }
}

TEST(FilingCodecTest, TimesAreCutToMicrosecondsAndBounded) {
  google::protobuf::Timestamp time;
  time.set_seconds(-1);
  time.set_nanos(999'999'999);
  EXPECT_EQ(*FromProto(time, "t"), FromMicros(-1));
  time.set_nanos(1'000'000'000);
  EXPECT_FALSE(FromProto(time, "t").has_value());
  time.set_nanos(-1);
  EXPECT_FALSE(FromProto(time, "t").has_value());
  time.set_nanos(0);
  time.set_seconds(253'402'300'799);
  EXPECT_TRUE(FromProto(time, "t").has_value());
  time.set_seconds(253'402'300'800);
  EXPECT_FALSE(FromProto(time, "t").has_value());
  time.set_seconds(-62'135'596'801);
  EXPECT_EQ(FromProto(time, "received_at").error().field, "received_at");
}

TEST(FilingCodecTest, ANewerCourtsStateIsUnspecifiedAndItsKeysMustBeWhole) {
  SeededRandom random(7);
  pb::CourtRecord record = ToProto(AnyRecord(random));
  record.set_state(static_cast<pb::CourtRecord::State>(77));
  EXPECT_EQ(FromProto(record)->state, CourtRecordState::kUnspecified);
  record.set_delivery_key("short");
  EXPECT_EQ(FromProto(record).error().field, "record.delivery_key");
}

}  // namespace
}  // namespace nightbox
