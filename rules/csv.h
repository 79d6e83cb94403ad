// Comma-separated values, strictly (RFC 4180 without line breaks inside fields).
//
// The project's own data files are read with this; whatever is not plainly right is refused with
// its line, because a court that vanished from a table is noticed on the worst day only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace nightbox {

struct CsvRow {
  int line = 0;  // Counted from 1.
  std::vector<std::string> fields;
};

// All rows of the text, the header row among them. Refuses a quote in the wrong place, a row
// without the number of fields of the first, a carriage return, and a last line without its end.
// Errors name `name` and the line.
Result<std::vector<CsvRow>> ParseCsv(std::string_view text, std::string_view name);

}  // namespace nightbox
