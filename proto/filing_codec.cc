#include "proto/filing_codec.h"

#include <boost/locale/utf.hpp>
#include <string>

namespace nightbox {
namespace {

namespace pb = filing::v1;
using google::protobuf::Message;
using google::protobuf::Timestamp;

constexpr std::int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z

Error Refused(std::string_view path, std::string_view why) {
  return Error{ErrorCode::kInvalidArgument, std::string(path) + " " + std::string(why),
               "MALFORMED_FIELD", std::string(path)};
}

std::string At(std::string_view path, std::string_view field) {
  return std::string(path) + "." + std::string(field);
}

std::string At(std::string_view path, std::string_view field, int index) {
  return At(path, field) + "[" + std::to_string(index) + "]";
}

// Reads the fields of one message and remembers the first that is wrong, so that converters read as
// lists of fields.
class Reader {
 public:
  explicit Reader(std::string_view path) : path_(path) {}

  std::string Text(std::string_view field, const std::string& text) {
    return TextAt(At(path_, field), text);
  }

  template <class Repeated>
  std::vector<std::string> Texts(std::string_view field, const Repeated& texts) {
    std::vector<std::string> read;
    read.reserve(static_cast<std::size_t>(texts.size()));
    for (int i = 0; i < texts.size(); ++i) read.push_back(TextAt(At(path_, field, i), texts[i]));
    return read;
  }

  Digest Hash(std::string_view field, std::string_view bytes) {
    return Value(DigestFromProto(bytes, At(path_, field)), Digest{});
  }

  std::optional<WallTime> Time(std::string_view field, bool present, const Timestamp& time) {
    if (!present) return std::nullopt;
    return Value(FromProto(time, At(path_, field)), WallTime{});
  }

  // The values on both sides are the same numbers; `known` is the generated ..._IsValid.
  template <class Enum>
  Enum Code(std::string_view field, int value, bool (*known)(int)) {
    if (!known(value)) Fail(Refused(At(path_, field), "has a value this version does not know"));
    return static_cast<Enum>(value);
  }

  void NoUnknownFields(const Message& message) {
    if (!message.GetReflection()->GetUnknownFields(message).empty()) {
      Fail(Refused(path_, "has a field this version does not know; nothing may go unreceipted"));
    }
  }

  template <class T>
  T Value(Result<T> result, T otherwise) {
    if (result) return *std::move(result);
    Fail(result.error());
    return otherwise;
  }

  void Fail(Error error) {
    if (!error_) error_ = std::move(error);
  }

  template <class T>
  Result<T> Finish(T value) && {
    if (error_) return *std::move(error_);
    return value;
  }

 private:
  std::string TextAt(std::string_view path, const std::string& text) {
    if (!IsWellFormedText(text)) Fail(Refused(path, "is not UTF-8 text"));
    return text;
  }

  std::string path_;
  std::optional<Error> error_;
};

Result<Party> PartyFromProto(const pb::Party& party, std::string_view path) {
  Reader read(path);
  read.NoUnknownFields(party);
  Party value{read.Text("name", party.name()), read.Text("role", party.role())};
  return std::move(read).Finish(std::move(value));
}

Result<NewCase> NewCaseFromProto(const pb::NewCase& opened, std::string_view path) {
  Reader read(path);
  read.NoUnknownFields(opened);
  NewCase value{read.Text("category", opened.category()),
                read.Text("case_type", opened.case_type()),
                read.Text("title", opened.title()),
                {}};
  for (int i = 0; i < opened.parties_size(); ++i) {
    value.parties.push_back(
        read.Value(PartyFromProto(opened.parties(i), At(path, "parties", i)), Party{}));
  }
  return std::move(read).Finish(std::move(value));
}

Result<ServiceRequest> ServiceRequestFromProto(const pb::ServiceRequest& request,
                                               std::string_view path) {
  Reader read(path);
  read.NoUnknownFields(request);
  ServiceRequest value{read.Text("name", request.name()), read.Text("method", request.method()),
                       read.Text("address", request.address())};
  return std::move(read).Finish(std::move(value));
}

CaseReference CaseReferenceFromProto(const pb::FilingHeader& header, std::string_view path,
                                     Reader& read) {
  switch (header.case_reference_case()) {
    case pb::FilingHeader::kCaseNumber:
      return ExistingCase{read.Text("case_number", header.case_number())};
    case pb::FilingHeader::kNewCase:
      return read.Value(NewCaseFromProto(header.new_case(), At(path, "new_case")), NewCase{});
    case pb::FilingHeader::kOpenedByFilingId:
      return OpenedBy{FilingId(read.Text("opened_by_filing_id", header.opened_by_filing_id()))};
    case pb::FilingHeader::CASE_REFERENCE_NOT_SET:
      break;
  }
  return std::monostate{};
}

struct WriteCaseReference {
  pb::FilingHeader& out;

  void operator()(std::monostate) const {}
  void operator()(const ExistingCase& existing) const { out.set_case_number(existing.number); }
  void operator()(const NewCase& opened) const {
    pb::NewCase& message = *out.mutable_new_case();
    message.set_category(opened.category);
    message.set_case_type(opened.case_type);
    message.set_title(opened.title);
    for (const Party& party : opened.parties) {
      pb::Party& written = *message.add_parties();
      written.set_name(party.name);
      written.set_role(party.role);
    }
  }
  void operator()(const OpenedBy& opener) const {
    out.set_opened_by_filing_id(opener.filing_id.str());
  }
};

}  // namespace

bool IsWellFormedText(std::string_view text) {
  using Utf8 = boost::locale::utf::utf_traits<char>;
  for (auto at = text.begin(); at != text.end();) {
    const auto point = Utf8::decode(at, text.end());
    if (point == 0 || point == boost::locale::utf::illegal ||
        point == boost::locale::utf::incomplete) {
      return false;
    }
  }
  return true;
}

Timestamp ToProto(WallTime time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  Timestamp message;
  message.set_seconds(second.time_since_epoch().count());
  message.set_nanos(static_cast<std::int32_t>((time - second).count() * 1000));
  return message;
}

pb::Document ToProto(const Document& document) {
  pb::Document message;
  message.set_title(document.title);
  message.set_role(static_cast<pb::Document::Role>(document.role));
  message.set_file_name(document.file_name);
  message.set_media_type(document.media_type);
  message.set_size_bytes(document.size_bytes);
  message.set_sha256(std::string(document.sha256.view()));
  message.set_confidentiality(static_cast<pb::Confidentiality>(document.confidentiality));
  return message;
}

pb::CaseNumber ToProto(const CaseNumber& number) {
  pb::CaseNumber message;
  message.set_number(number.number);
  message.set_party(number.party);
  message.set_synthetic_location(number.synthetic_location);
  return message;
}

pb::FilingHeader ToProto(const FilingHeader& header) {
  pb::FilingHeader message;
  message.set_court_id(header.court.str());
  std::visit(WriteCaseReference{message}, header.case_reference);
  for (const Document& document : header.documents) *message.add_documents() = ToProto(document);
  message.set_uniform_citation_number(header.uniform_citation_number);
  message.set_confidentiality(static_cast<pb::Confidentiality>(header.confidentiality));
  if (!header.signer.empty() || !header.signature_form.empty()) {
    message.mutable_signature()->set_signer(header.signer);
    message.mutable_signature()->set_form(header.signature_form);
  }
  message.set_paper_original_custodian(header.paper_original_custodian);
  if (header.fee_state != FeeState::kUnspecified || !header.fee_authorization_reference.empty()) {
    message.mutable_fee()->set_state(static_cast<pb::Fee::State>(header.fee_state));
    message.mutable_fee()->set_authorization_reference(header.fee_authorization_reference);
  }
  for (const std::string& name : header.on_behalf_of) message.add_on_behalf_of(name);
  for (const ServiceRequest& request : header.service_requests) {
    pb::ServiceRequest& written = *message.add_service_requests();
    written.set_name(request.name);
    written.set_method(request.method);
    written.set_address(request.address);
  }
  message.set_emergency_class(static_cast<pb::EmergencyClass>(header.emergency_class));
  message.set_corrects_filing_id(header.corrects_filing_id.str());
  message.set_related_group_id(header.related_group_id);
  for (const std::string& item : header.media_items) message.add_media_items(item);
  message.set_paper_copies(header.paper_copies);
  message.set_note_to_clerk(header.note_to_clerk);
  message.set_filer_reference(header.filer_reference);
  message.set_test(header.test);
  return message;
}

pb::CourtRecord ToProto(const CourtRecord& record) {
  pb::CourtRecord message;
  message.set_delivery_key(std::string(record.delivery_key.view()));
  message.set_court_filing_id(record.court_filing_id);
  message.set_state(static_cast<pb::CourtRecord::State>(record.state));
  for (const CaseNumber& number : record.case_numbers) {
    *message.add_case_numbers() = ToProto(number);
  }
  if (record.recorded_at) *message.mutable_recorded_at() = ToProto(*record.recorded_at);
  if (record.filed_at) *message.mutable_filed_at() = ToProto(*record.filed_at);
  if (record.reviewed_at) *message.mutable_reviewed_at() = ToProto(*record.reviewed_at);
  if (record.docketed_at) *message.mutable_docketed_at() = ToProto(*record.docketed_at);
  message.set_reason(record.reason);
  message.set_raw_status(record.raw_status);
  message.set_fee_state(record.fee_state);
  message.set_fingerprint(std::string(record.fingerprint.view()));
  message.set_filing_id(record.filing_id.str());
  message.set_gateway(record.gateway);
  return message;
}

Result<WallTime> FromProto(const Timestamp& time, std::string_view path) {
  if (time.seconds() < kFirstSecond || time.seconds() > kLastSecond || time.nanos() < 0 ||
      time.nanos() > 999'999'999) {
    return Refused(path, "is not a time between the years 1 and 9999");
  }
  return WallTime(std::chrono::seconds(time.seconds()) + Microseconds(time.nanos() / 1000));
}

Result<Digest> DigestFromProto(std::string_view bytes, std::string_view path) {
  const auto digest = Digest::FromBytes(bytes);
  if (!digest) return Refused(path, "is not 32 bytes long");
  return *digest;
}

Result<Document> FromProto(const pb::Document& document, std::string_view path) {
  Reader read(path);
  read.NoUnknownFields(document);
  Document value;
  value.title = read.Text("title", document.title());
  value.role = read.Code<DocumentRole>("role", document.role(), pb::Document::Role_IsValid);
  value.file_name = read.Text("file_name", document.file_name());
  value.media_type = read.Text("media_type", document.media_type());
  value.size_bytes = document.size_bytes();
  if (value.size_bytes < 0) read.Fail(Refused(At(path, "size_bytes"), "is negative"));
  value.sha256 = read.Hash("sha256", document.sha256());
  value.confidentiality = read.Code<Confidentiality>("confidentiality", document.confidentiality(),
                                                     pb::Confidentiality_IsValid);
  return std::move(read).Finish(std::move(value));
}

Result<FilingHeader> FromProto(const pb::FilingHeader& header, std::string_view path) {
  Reader read(path);
  read.NoUnknownFields(header);
  FilingHeader value;
  value.court = CourtId(read.Text("court_id", header.court_id()));
  value.case_reference = CaseReferenceFromProto(header, path, read);
  for (int i = 0; i < header.documents_size(); ++i) {
    value.documents.push_back(
        read.Value(FromProto(header.documents(i), At(path, "documents", i)), Document{}));
  }
  value.uniform_citation_number =
      read.Text("uniform_citation_number", header.uniform_citation_number());
  value.confidentiality = read.Code<Confidentiality>("confidentiality", header.confidentiality(),
                                                     pb::Confidentiality_IsValid);
  Reader signature(At(path, "signature"));
  signature.NoUnknownFields(header.signature());
  value.signer = signature.Text("signer", header.signature().signer());
  value.signature_form = signature.Text("form", header.signature().form());
  if (auto ok = std::move(signature).Finish(true); !ok) read.Fail(ok.error());
  value.paper_original_custodian =
      read.Text("paper_original_custodian", header.paper_original_custodian());
  Reader fee(At(path, "fee"));
  fee.NoUnknownFields(header.fee());
  value.fee_state = fee.Code<FeeState>("state", header.fee().state(), pb::Fee::State_IsValid);
  value.fee_authorization_reference =
      fee.Text("authorization_reference", header.fee().authorization_reference());
  if (auto ok = std::move(fee).Finish(true); !ok) read.Fail(ok.error());
  value.on_behalf_of = read.Texts("on_behalf_of", header.on_behalf_of());
  for (int i = 0; i < header.service_requests_size(); ++i) {
    value.service_requests.push_back(read.Value(
        ServiceRequestFromProto(header.service_requests(i), At(path, "service_requests", i)),
        ServiceRequest{}));
  }
  value.emergency_class = read.Code<EmergencyClass>("emergency_class", header.emergency_class(),
                                                    pb::EmergencyClass_IsValid);
  value.corrects_filing_id = FilingId(read.Text("corrects_filing_id", header.corrects_filing_id()));
  value.related_group_id = read.Text("related_group_id", header.related_group_id());
  value.media_items = read.Texts("media_items", header.media_items());
  value.paper_copies = header.paper_copies();
  value.note_to_clerk = read.Text("note_to_clerk", header.note_to_clerk());
  value.filer_reference = read.Text("filer_reference", header.filer_reference());
  value.test = header.test();
  return std::move(read).Finish(std::move(value));
}

Result<CaseNumber> FromProto(const pb::CaseNumber& number, std::string_view path) {
  Reader read(path);
  CaseNumber value{read.Text("number", number.number()), read.Text("party", number.party()),
                   number.synthetic_location()};
  return std::move(read).Finish(std::move(value));
}

Result<CourtRecord> FromProto(const pb::CourtRecord& record, std::string_view path) {
  Reader read(path);
  CourtRecord value;
  value.delivery_key = read.Hash("delivery_key", record.delivery_key());
  value.court_filing_id = read.Text("court_filing_id", record.court_filing_id());
  // A newer court's state must not stop the news of all other filings.
  value.state = pb::CourtRecord::State_IsValid(record.state())
                    ? static_cast<CourtRecordState>(record.state())
                    : CourtRecordState::kUnspecified;
  for (int i = 0; i < record.case_numbers_size(); ++i) {
    value.case_numbers.push_back(
        read.Value(FromProto(record.case_numbers(i), At(path, "case_numbers", i)), CaseNumber{}));
  }
  value.recorded_at = read.Time("recorded_at", record.has_recorded_at(), record.recorded_at());
  value.filed_at = read.Time("filed_at", record.has_filed_at(), record.filed_at());
  value.reviewed_at = read.Time("reviewed_at", record.has_reviewed_at(), record.reviewed_at());
  value.docketed_at = read.Time("docketed_at", record.has_docketed_at(), record.docketed_at());
  value.reason = read.Text("reason", record.reason());
  value.raw_status = read.Text("raw_status", record.raw_status());
  value.fee_state = read.Text("fee_state", record.fee_state());
  value.fingerprint = read.Hash("fingerprint", record.fingerprint());
  value.filing_id = FilingId(read.Text("filing_id", record.filing_id()));
  value.gateway = read.Text("gateway", record.gateway());
  return std::move(read).Finish(std::move(value));
}

}  // namespace nightbox
