#include "rules/data_table.h"

#include <algorithm>

namespace nightbox {
namespace {

constexpr std::size_t kDigitsMax = 6;

}  // namespace

Error RefusedLine(std::string_view file_name, int line, std::string_view why) {
  return Error{ErrorCode::kInvalidArgument,
               std::string(file_name) + " line " + std::to_string(line) + ": " + std::string(why),
               "MALFORMED_DATA"};
}

Result<std::vector<CsvRow>> ParseTable(std::string_view csv, std::string_view file_name,
                                       const std::vector<std::string>& columns) {
  NB_ASSIGN_OR_RETURN(std::vector<CsvRow> rows, ParseCsv(csv, file_name));
  if (rows.front().fields != columns) {
    return RefusedLine(file_name, 1, "the columns are not the known ones");
  }
  rows.erase(rows.begin());
  return rows;
}

std::optional<bool> ParseYesNo(std::string_view text) {
  if (text == "yes") return true;
  if (text == "no") return false;
  return std::nullopt;
}

std::optional<int> ParseSmallNumber(std::string_view text) {
  if (text.empty() || text.size() > kDigitsMax) return std::nullopt;
  int number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + (digit - '0');
  }
  return number;
}

std::vector<std::string> SplitText(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

boost::system::result<DayRange, std::string_view> ParseDayRange(std::string_view first,
                                                                std::string_view last) {
  const DayRange range{ParseDay(first), ParseDay(last)};
  if (!first.empty() && !range.first) return std::string_view("the first day is no date");
  if (!last.empty() && !range.last) return std::string_view("the last day is no date");
  if (range.first && range.last && *range.last < *range.first) {
    return std::string_view("the last day lies before the first");
  }
  return range;
}

}  // namespace nightbox
