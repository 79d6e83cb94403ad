#include "core/fingerprint.h"

#include "core/sha256.h"

namespace nightbox {
namespace {

// Every value is written as a 4-byte big-endian length and its bytes; lists as their count and
// their members. Two different headers can therefore never write the same bytes.
class Encoder {
 public:
  void Text(std::string_view text) {
    AppendBigEndian32(out_, static_cast<std::uint32_t>(text.size()));
    out_.append(text);
  }
  void Number(std::uint64_t number) {
    AppendBigEndian32(out_, 8);
    AppendBigEndian64(out_, number);
  }
  void Count(std::size_t count) { AppendBigEndian32(out_, static_cast<std::uint32_t>(count)); }
  template <class Enum>
  void Code(Enum code) {
    Number(static_cast<std::uint64_t>(code));
  }

  const std::string& bytes() const { return out_; }

 private:
  std::string out_;
};

struct EncodeCase {
  Encoder& out;

  void operator()(std::monostate) const { out.Text("none"); }
  void operator()(const ExistingCase& existing) const {
    out.Text("existing");
    out.Text(existing.number);
  }
  void operator()(const NewCase& opened) const {
    out.Text("new");
    out.Text(opened.category);
    out.Text(opened.case_type);
    out.Text(opened.title);
    out.Count(opened.parties.size());
    for (const Party& party : opened.parties) {
      out.Text(party.name);
      out.Text(party.role);
    }
  }
  void operator()(const OpenedBy& opener) const {
    out.Text("opened-by");
    out.Text(opener.filing_id.str());
  }
};

}  // namespace

Digest FilingFingerprint(const UserId& registered_user, const FilingHeader& header) {
  Encoder out;
  out.Text("nightbox-fingerprint-v1");
  out.Text(registered_user.str());
  out.Text(header.court.str());
  std::visit(EncodeCase{out}, header.case_reference);
  out.Count(header.documents.size());
  for (const Document& document : header.documents) {
    out.Text(document.title);
    out.Code(document.role);
    out.Text(document.file_name);
    out.Text(document.media_type);
    out.Number(static_cast<std::uint64_t>(document.size_bytes));
    out.Text(document.sha256.view());
    out.Code(document.confidentiality);
  }
  out.Text(header.uniform_citation_number);
  out.Code(header.confidentiality);
  out.Text(header.signer);
  out.Text(header.signature_form);
  out.Text(header.paper_original_custodian);
  out.Code(header.fee_state);
  out.Text(header.fee_authorization_reference);
  out.Count(header.on_behalf_of.size());
  for (const std::string& name : header.on_behalf_of) out.Text(name);
  out.Count(header.service_requests.size());
  for (const ServiceRequest& request : header.service_requests) {
    out.Text(request.name);
    out.Text(request.method);
    out.Text(request.address);
  }
  out.Code(header.emergency_class);
  out.Text(header.corrects_filing_id.str());
  out.Text(header.related_group_id);
  out.Count(header.media_items.size());
  for (const std::string& item : header.media_items) out.Text(item);
  out.Number(header.paper_copies);
  out.Text(header.note_to_clerk);
  out.Text(header.filer_reference);
  out.Number(header.test ? 1 : 0);
  return Sha256(out.bytes());
}

Digest DeliveryKey(const SystemName& system, const RequestId& request_id) {
  std::string text = "nightbox-delivery-v1";
  text.push_back('\0');
  text += system.str();
  text.push_back('\0');
  text += request_id.str();
  return Sha256(text);
}

}  // namespace nightbox
