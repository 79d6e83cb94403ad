// Data tables of the rules: a CSV file with known columns, and the few kinds of field they share.
//
// Every refusal names the file, the line and the reason: whoever edits a table at night must see
// at once what is wrong with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rules/court_day.h"
#include "rules/csv.h"

namespace nightbox {

// "FILE line N: WHY", reason MALFORMED_DATA.
Error RefusedLine(std::string_view file_name, int line, std::string_view why);

// The rows under the header, which must be exactly `columns`.
Result<std::vector<CsvRow>> ParseTable(std::string_view csv, std::string_view file_name,
                                       const std::vector<std::string>& columns);

// "yes" or "no"; nothing for any other text.
std::optional<bool> ParseYesNo(std::string_view text);
// A whole number without sign of at most six digits.
std::optional<int> ParseSmallNumber(std::string_view text);
// The parts between separators; none for an empty text.
std::vector<std::string> SplitText(std::string_view text, char separator);

// Days from which and through which something holds; an empty end is open.
struct DayRange {
  std::optional<CourtDay> first;
  std::optional<CourtDay> last;

  bool Contains(CourtDay day) const { return (!first || *first <= day) && (!last || day <= *last); }
  bool Overlaps(const DayRange& other) const {
    return (!first || !other.last || *first <= *other.last) &&
           (!other.first || !last || *other.first <= *last);
  }
};

// Two fields, each a day or empty. Refuses what is no day and a range that ends before it begins;
// the answer is the reason then.
boost::system::result<DayRange, std::string_view> ParseDayRange(std::string_view first,
                                                                std::string_view last);

}  // namespace nightbox
