// Goal: an instant has one spelling, and every instant that a record can hold can be spelled.
#include "core/check.h"
#include "rules/court_time.h"
#include "tests/fuzz/fuzz_target.h"

namespace nightbox {
namespace {

constexpr char kZone[] = "America/Chicago";

// Any number may stand in a damaged record: it must be spelled, somehow, without harm.
void CheckInstant(WallTime time) {
  static const WallTime first = *ParseUtc("0000-01-01T00:00:00.000000Z");
  static const WallTime last = *ParseUtc("9999-12-31T23:59:59.999999Z");
  NB_CHECK(FormatLocalOffset(time, kZone));
  NB_CHECK(FormatLocal(time, kZone));
  NB_CHECK(ParseUtc(FormatUtc(time)) == std::clamp(time, first, last));
}

}  // namespace
}  // namespace nightbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto time = ParseUtc(text)) {
    NB_CHECK(FormatUtc(*time) == text);
    CheckInstant(*time);
  }
  CheckInstant(FromMicros(static_cast<std::int64_t>(FuzzInput(data, size).Number())));
  if (!IsKnownZone(text)) NB_CHECK(!FormatLocal(WallTime(), text));
  return 0;
}
