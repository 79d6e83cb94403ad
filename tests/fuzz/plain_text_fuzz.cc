// Goal: a text that may stand on a receipt may stand there beside any other, and a pattern means
// what its stars say; and page contents are scanned to their end.
#include "core/check.h"
#include "gateway/glob.h"
#include "gateway/header_text.h"
#include "gateway/pdf_scanner.h"
#include "rules/card_number.h"
#include "rules/personal_text.h"
#include "tests/fuzz/fuzz_target.h"

namespace nightbox {
namespace {

constexpr std::size_t kPatternMax = 64;

// By the definition, letter by letter.
bool Matches(std::string_view pattern, std::string_view text) {
  std::vector<bool> reached(text.size() + 1, false);
  reached[0] = true;
  for (const char c : pattern) {
    std::vector<bool> next(text.size() + 1, false);
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (c == '*') next[i] = reached[i] || (i > 0 && next[i - 1]);
      if (c != '*' && i > 0) next[i] = reached[i - 1] && text[i - 1] == c;
    }
    reached = std::move(next);
  }
  return reached[text.size()];
}

}  // namespace
}  // namespace nightbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  const auto [first, second] = SplitAtNul({reinterpret_cast<const char*>(data), size});
  for (const bool lines : {false, true}) {
    if (IsPlainText(first, lines) && IsPlainText(second, lines)) {
      NB_CHECK(IsPlainText(std::string(first) += second, lines));
    }
  }
  // A PDF's contents end, and have no more operators than bytes.
  std::size_t operators = 0;
  for (PdfScanner scanner(first); scanner.Next(); ++operators) NB_CHECK(!scanner.word().empty());
  NB_CHECK(operators <= first.size());
  // Nothing personal is without a digit.
  if (FindPersonalText(first).any()) NB_CHECK(first.find_first_of("0123456789") != first.npos);
  if (IsPlainText(first, false)) NB_CHECK(IsPlainText(first, true));
  (void)LooksLikeCardNumber(first);
  const std::string_view pattern = first.substr(0, kPatternMax);
  const std::string_view text = second.substr(0, kPatternMax);
  NB_CHECK(MatchesGlob(pattern, text) == Matches(pattern, text));
  FilingHeader header;
  header.court = CourtId(std::string(first));
  header.note_to_clerk = second;
  header.on_behalf_of.assign(first.size() % 300, std::string(text));
  NB_CHECK(HeaderTextProblems(header, 3).size() <= 3);
  return 0;
}
