// Goal: whatever is typed is one case number or none, what was read is written in one way only, and
// the answer never repeats it: case numbers can be confidential.
#include "core/check.h"
#include "rules/case_number.h"
#include "tests/fuzz/fuzz_target.h"

namespace nightbox {
namespace {

// Our own messages hold no digits, so that a text with some cannot be in them by chance.
bool HasDigits(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) > 3;
}

void CheckText(std::string_view text) {
  const auto number = ParseCaseNumber(text);
  if (!number) {
    NB_CHECK(number.error().reason == "CASE_NUMBER_SHAPE");
    NB_CHECK(!HasDigits(text) || number.error().message.find(text) == std::string::npos);
    return;
  }
  const std::string canonical = Canonical(*number);
  const auto again = ParseCaseNumber(canonical);
  NB_CHECK(again && *again == *number);
  NB_CHECK(Canonical(*again) == canonical);
  NB_CHECK(Form(*again) == Form(*number));
  NB_CHECK(!ToString(Form(*number)).empty());
}

void CheckMaking(FuzzInput input) {
  const int year = static_cast<int>(static_cast<std::uint32_t>(input.Number()));
  const int sequence = static_cast<int>(static_cast<std::uint32_t>(input.Number()));
  const std::string location = input.Text();
  const std::string category = input.Text();
  const auto sub_case = input.empty() ? std::nullopt : std::optional(input.Text());
  if (const auto made = MakeNewConstruct(year, location, category, sequence, sub_case)) {
    NB_CHECK(made->sequence >= 1 && made->sequence <= kNewConstructSequenceMax);
    const auto read = ParseCaseNumber(Canonical(*made));
    NB_CHECK(read && *read == TypedCaseNumber(*made));
  }
  if (const auto made = MakeAppellate(location, sequence)) {
    const auto read = ParseCaseNumber(Canonical(*made));
    NB_CHECK(read && *read == TypedCaseNumber(*made));
  }
}

}  // namespace
}  // namespace nightbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nightbox::CheckText({reinterpret_cast<const char*>(data), size});
  nightbox::CheckMaking({data, size});
  return 0;
}
