#include "ops/case_system/delivery.h"

#include "core/fingerprint.h"
#include "proto/filing_codec.h"

namespace nightbox {
namespace {

Error Refused(std::string_view field, std::string_view why) {
  return Error{ErrorCode::kInvalidArgument, std::string(field) + " " + std::string(why),
               "MALFORMED_FIELD", std::string(field)};
}

Result<bool> CheckTexts(const case_system::v1::RecordFilingStart& start) {
  if (start.filing_id().empty()) return Refused("start.filing_id", "is empty");
  if (start.gateway().empty()) return Refused("start.gateway", "is empty");
  for (const std::string* text : {&start.filing_id(), &start.gateway(), &start.submitting_system(),
                                  &start.registered_user(), &start.resolved_case_number()}) {
    if (!IsWellFormedText(*text)) return Refused("start", "has text that is not UTF-8");
  }
  return true;
}

Result<bool> CheckHeader(const FilingHeader& header, const CourtDirectory& courts) {
  const Court* court = courts.Find(header.court);
  if (court == nullptr) return Refused("start.header.court_id", "names no court known here");
  if (!court->IsDestination()) {
    return Refused("start.header.court_id", "names a circuit; choose one of its courts");
  }
  if (std::holds_alternative<std::monostate>(header.case_reference)) {
    return Refused("start.header.case_reference", "is not set");
  }
  if (header.documents.empty() || header.documents.size() > kDeliveryDocumentsMax) {
    return Refused("start.header.documents", "must be 1 to 1000");
  }
  std::int64_t total = 0;
  for (const Document& document : header.documents) {
    if (document.size_bytes > kDeliveryBytesMax - total) {
      return Refused("start.header.documents", "are larger than 2 GB in all");
    }
    total += document.size_bytes;
  }
  return true;
}

}  // namespace

Result<Delivery> ReadDelivery(const case_system::v1::RecordFilingStart& start,
                              const CourtDirectory& courts) {
  Delivery delivery;
  NB_ASSIGN_OR_RETURN(delivery.delivery_key,
                      DigestFromProto(start.delivery_key(), "start.delivery_key"));
  NB_ASSIGN_OR_RETURN(delivery.fingerprint,
                      DigestFromProto(start.fingerprint(), "start.fingerprint"));
  NB_RETURN_IF_ERROR(CheckTexts(start));
  if (!start.has_received_at()) return Refused("start.received_at", "is not set");
  NB_ASSIGN_OR_RETURN(delivery.received_at, FromProto(start.received_at(), "start.received_at"));
  if (ToMicros(delivery.received_at) < 0) return Refused("start.received_at", "is before 1970");
  NB_ASSIGN_OR_RETURN(delivery.header, FromProto(start.header(), "start.header"));
  NB_RETURN_IF_ERROR(CheckHeader(delivery.header, courts));
  delivery.filing_id = FilingId(start.filing_id());
  delivery.gateway = start.gateway();
  delivery.submitting_system = SystemName(start.submitting_system());
  delivery.registered_user = UserId(start.registered_user());
  if (FilingFingerprint(delivery.registered_user, delivery.header) != delivery.fingerprint) {
    return Refused("start.fingerprint", "is not that of the header and the registered user");
  }
  delivery.resolved_case_number = start.resolved_case_number();
  delivery.receipt_json = start.receipt_json();
  delivery.receipt_p7s = start.receipt_p7s();
  return delivery;
}

}  // namespace nightbox
