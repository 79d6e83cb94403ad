// Goal: what comes over the wire is refused or becomes a header that goes out again as it came in,
// with the same identity; a filer's repeat is recognised only by that.
#include <google/protobuf/stubs/logging.h>

#include "core/check.h"
#include "core/fingerprint.h"
#include "proto/filing_codec.h"
#include "tests/fuzz/fuzz_target.h"

namespace nightbox {
namespace {

template <class Message>
Message Read(std::string_view bytes) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) message.Clear();
  return message;
}

void CheckHeader(std::string_view bytes) {
  const auto header = FromProto(Read<filing::v1::FilingHeader>(bytes));
  if (!header) {
    NB_CHECK(header.error().code == ErrorCode::kInvalidArgument);
    return;
  }
  const auto again = FromProto(ToProto(*header));
  NB_CHECK(again && *again == *header);
  NB_CHECK(FilingFingerprint(UserId("u"), *again) == FilingFingerprint(UserId("u"), *header));
}

void CheckRecord(std::string_view bytes) {
  const auto record = FromProto(Read<filing::v1::CourtRecord>(bytes));
  if (!record) return;
  const auto again = FromProto(ToProto(*record));
  NB_CHECK(again && *again == *record);
}

void CheckTime(std::string_view bytes) {
  const auto time = FromProto(Read<google::protobuf::Timestamp>(bytes), "time");
  if (!time) return;
  const auto again = FromProto(ToProto(*time), "time");
  NB_CHECK(again && *again == *time);
}

}  // namespace
}  // namespace nightbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // Protobuf prints a line for each text that is no UTF-8.
  static const google::protobuf::LogSilencer quiet;
  CheckHeader(bytes);
  CheckRecord(bytes);
  CheckTime(bytes);
  if (const auto digest = DigestFromProto(bytes, "key")) NB_CHECK(digest->view() == bytes);
  (void)IsWellFormedText(bytes);
  return 0;
}
