// Goal: bytes of the ledger are read or refused, and what was read is written back the same.
#include <google/protobuf/stubs/logging.h>

#include "core/check.h"
#include "store/record.h"
#include "tests/fuzz/fuzz_target.h"

namespace nightbox {
namespace {

void CheckState(std::string_view bytes) {
  const auto state = record::ReadState(bytes);
  if (!state) return;
  const std::string written = record::Write(*state);
  const auto again = record::ReadState(written);
  NB_CHECK(again && record::Write(*again) == written);
  (void)ClassOf(*state);
  (void)LeavesCaseQueue(*state);
}

void CheckFiling(const record::pb::FilingReceived& received) {
  const auto filing = record::ReadFiling(received);
  if (!filing) return;
  record::pb::FilingReceived written;
  record::Write(*filing, written);
  const auto again = record::ReadFiling(written);
  NB_CHECK(again && again->header == filing->header && again->warnings == filing->warnings);
  record::pb::FilingReceived twice;
  record::Write(*again, twice);
  NB_CHECK(twice.SerializeAsString() == written.SerializeAsString());
}

void CheckDocument(std::string_view bytes) {
  const auto document = record::ReadDocument(bytes);
  if (!document) return;
  for (const record::pb::Extent& extent : document->extents()) {
    record::pb::Extent written;
    record::Write(record::ReadExtent(extent), written);
    NB_CHECK(record::ReadExtent(written) == record::ReadExtent(extent));
  }
}

}  // namespace
}  // namespace nightbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // Protobuf prints a line for each text that is no UTF-8.
  static const google::protobuf::LogSilencer quiet;
  CheckState(bytes);
  CheckDocument(bytes);
  if (const auto entry = record::ReadEntry(bytes)) CheckFiling(entry->filing_received());
  if (const auto attempt = record::ReadAttempt(bytes)) (void)record::Summary(*attempt);
  if (const auto balance = record::ReadBalance(bytes)) {
    NB_CHECK(record::Write(*balance) == bytes);
    (void)balance->Holds();
  }
  return 0;
}
