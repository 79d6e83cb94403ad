#include "client/package.h"

#include <algorithm>
#include <boost/json.hpp>

#include "client/header_words.h"
#include "client/json_members.h"
#include "rules/court_time.h"

namespace nightbox::client {
namespace {

namespace json = boost::json;

constexpr std::string_view kFormat = "nightbox-outbox-package-v1";

json::array TextArray(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

json::value CaseToJson(const CaseReference& reference) {
  struct Writer {
    json::value operator()(std::monostate) const { return nullptr; }
    json::value operator()(const ExistingCase& existing) const {
      return json::object{{"number", existing.number}};
    }
    json::value operator()(const NewCase& opened) const {
      json::array parties;
      for (const Party& party : opened.parties) {
        parties.push_back(json::object{{"name", party.name}, {"role", party.role}});
      }
      return json::object{{"category", opened.category},
                          {"case_type", opened.case_type},
                          {"title", opened.title},
                          {"parties", std::move(parties)}};
    }
    json::value operator()(const OpenedBy& opener) const {
      return json::object{{"opened_by_filing_id", opener.filing_id.str()}};
    }
  };
  return std::visit(Writer{}, reference);
}

json::object DocumentToJson(const Document& document) {
  return json::object{{"title", document.title},
                      {"role", ToWord(document.role)},
                      {"file_name", document.file_name},
                      {"media_type", document.media_type},
                      {"size_bytes", document.size_bytes},
                      {"sha256", document.sha256.Hex()},
                      {"confidentiality", ToWord(document.confidentiality)}};
}

json::object HeaderToJson(const FilingHeader& header) {
  json::array documents;
  for (const Document& document : header.documents) documents.push_back(DocumentToJson(document));
  json::array service;
  for (const ServiceRequest& request : header.service_requests) {
    service.push_back(json::object{
        {"name", request.name}, {"method", request.method}, {"address", request.address}});
  }
  return json::object{{"court", header.court.str()},
                      {"case", CaseToJson(header.case_reference)},
                      {"documents", std::move(documents)},
                      {"uniform_citation_number", header.uniform_citation_number},
                      {"confidentiality", ToWord(header.confidentiality)},
                      {"signer", header.signer},
                      {"signature_form", header.signature_form},
                      {"paper_original_custodian", header.paper_original_custodian},
                      {"fee", ToWord(header.fee_state)},
                      {"fee_authorization_reference", header.fee_authorization_reference},
                      {"on_behalf_of", TextArray(header.on_behalf_of)},
                      {"service_requests", std::move(service)},
                      {"emergency", ToWord(header.emergency_class)},
                      {"corrects_filing_id", header.corrects_filing_id.str()},
                      {"related_group_id", header.related_group_id},
                      {"media_items", TextArray(header.media_items)},
                      {"paper_copies", header.paper_copies},
                      {"note_to_clerk", header.note_to_clerk},
                      {"filer_reference", header.filer_reference},
                      {"test", header.test}};
}

// The value a word stands for; a word of a later version is not guessed at.
template <class Enum>
Enum Known(std::optional<Enum> value, std::string_view member) {
  if (!value) throw BadMember{std::string(member)};
  return *value;
}

CaseReference CaseFromJson(const json::value* value) {
  if (value == nullptr) return std::monostate{};
  const JsonMembers members(*value);
  if (members.Find("number") != nullptr) return ExistingCase{members.Text("number")};
  if (members.Find("opened_by_filing_id") != nullptr) {
    return OpenedBy{FilingId(members.Text("opened_by_filing_id"))};
  }
  NewCase opened{members.Text("category"), members.Text("case_type"), members.Text("title"), {}};
  for (const json::value& each : members.Array("parties")) {
    const JsonMembers party(each);
    opened.parties.push_back({party.Text("name"), party.Text("role")});
  }
  return opened;
}

Document DocumentFromJson(const json::value& value) {
  const JsonMembers members(value);
  Document document;
  document.title = members.Text("title");
  document.role = Known(DocumentRoleFromWord(members.Text("role")), "role");
  document.file_name = members.Text("file_name");
  document.media_type = members.Text("media_type");
  document.size_bytes = members.Number("size_bytes");
  document.sha256 = Known(Digest::FromHex(members.Text("sha256")), "sha256");
  document.confidentiality =
      Known(ConfidentialityFromWord(members.Text("confidentiality")), "confidentiality");
  return document;
}

FilingHeader HeaderFromJson(const json::value& value) {
  const JsonMembers members(value);
  FilingHeader header;
  header.court = CourtId(members.Text("court"));
  header.case_reference = CaseFromJson(members.Find("case"));
  for (const json::value& each : members.Array("documents")) {
    header.documents.push_back(DocumentFromJson(each));
  }
  header.uniform_citation_number = members.Text("uniform_citation_number");
  header.confidentiality =
      Known(ConfidentialityFromWord(members.Text("confidentiality")), "confidentiality");
  header.signer = members.Text("signer");
  header.signature_form = members.Text("signature_form");
  header.paper_original_custodian = members.Text("paper_original_custodian");
  header.fee_state = Known(FeeStateFromWord(members.Text("fee")), "fee");
  header.fee_authorization_reference = members.Text("fee_authorization_reference");
  header.on_behalf_of = members.Texts("on_behalf_of");
  for (const json::value& each : members.Array("service_requests")) {
    const JsonMembers request(each);
    header.service_requests.push_back(
        {request.Text("name"), request.Text("method"), request.Text("address")});
  }
  header.emergency_class = Known(EmergencyClassFromWord(members.Text("emergency")), "emergency");
  header.corrects_filing_id = FilingId(members.Text("corrects_filing_id"));
  header.related_group_id = members.Text("related_group_id");
  header.media_items = members.Texts("media_items");
  header.paper_copies = static_cast<std::uint32_t>(members.Number("paper_copies"));
  header.note_to_clerk = members.Text("note_to_clerk");
  header.filer_reference = members.Text("filer_reference");
  header.test = members.Flag("test");
  return header;
}

}  // namespace

std::string PackageToJson(const Package& package) {
  const json::object object{{"format", kFormat},
                            {"request_id", package.request_id.str()},
                            {"server", package.server},
                            {"registered_user", package.registered_user.str()},
                            {"staff", package.staff},
                            {"authorized_at", FormatUtc(package.authorized_at)},
                            {"header", HeaderToJson(package.header)}};
  return json::serialize(object) + "\n";
}

Result<Package> PackageFromJson(std::string_view text) {
  try {
    const json::value value = json::parse(text);
    const JsonMembers members(value);
    if (members.Text("format") != kFormat) throw BadMember{"format"};
    Package package;
    package.request_id = RequestId(members.Text("request_id"));
    if (!IsValidRequestId(package.request_id.str())) throw BadMember{"request_id"};
    package.server = members.Text("server");
    package.registered_user = UserId(members.Text("registered_user"));
    package.staff = members.Text("staff");
    package.authorized_at = members.Time("authorized_at");
    const json::value* header = members.Find("header");
    if (header == nullptr) throw BadMember{"header"};
    package.header = HeaderFromJson(*header);
    return package;
  } catch (const BadMember& bad) {
    // Appended piece by piece: g++ 12 sees overlapping copies in "literal" + name when it
    // optimises.
    std::string what = "package.json: \"";
    what.append(bad.name).append("\" is missing or not valid");
    return Error{ErrorCode::kDataLoss, std::move(what)};
  } catch (const std::exception&) {
    return Error{ErrorCode::kDataLoss, "package.json is not JSON"};
  }
}

RequestId NewRequestId(Random& random) {
  std::string raw = random.Bytes(16);
  raw[6] = static_cast<char>((raw[6] & 0x0F) | 0x40);
  raw[8] = static_cast<char>((raw[8] & 0x3F) | 0x80);
  std::string text = HexEncode(raw);
  for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, 1, '-');
  return RequestId(text);
}

bool IsValidRequestId(std::string_view text) {
  return text.size() >= 16 && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

}  // namespace nightbox::client
