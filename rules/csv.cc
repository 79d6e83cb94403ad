#include "rules/csv.h"

namespace nightbox {
namespace {

Error Refused(std::string_view name, int line, std::string_view why) {
  return Error{ErrorCode::kInvalidArgument,
               std::string(name) + " line " + std::to_string(line) + ": " + std::string(why),
               "MALFORMED_DATA"};
}

// The fields of one line, or why it has none.
boost::system::result<std::vector<std::string>, std::string_view> SplitLine(std::string_view line) {
  std::vector<std::string> fields;
  std::size_t at = 0;
  while (true) {
    std::string field;
    if (at < line.size() && line[at] == '"') {
      for (++at;; ++at) {
        if (at == line.size()) return std::string_view("a quoted field does not end");
        if (line[at] != '"') {
          field.push_back(line[at]);
        } else if (at + 1 < line.size() && line[at + 1] == '"') {
          field.push_back(line[at++]);
        } else {
          break;
        }
      }
      ++at;
      if (at < line.size() && line[at] != ',') return std::string_view("text after a quoted field");
    } else {
      const std::size_t end = std::min(line.find(',', at), line.size());
      field = line.substr(at, end - at);
      if (field.find('"') != std::string::npos) {
        return std::string_view("a quote inside a plain field");
      }
      at = end;
    }
    fields.push_back(std::move(field));
    if (at == line.size()) return fields;
    ++at;  // The comma.
  }
}

}  // namespace

Result<std::vector<CsvRow>> ParseCsv(std::string_view text, std::string_view name) {
  std::vector<CsvRow> rows;
  int number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return Refused(name, number, "the last line has no end");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.find('\r') != std::string_view::npos) return Refused(name, number, "carriage return");
    auto fields = SplitLine(line);
    if (!fields) return Refused(name, number, fields.error());
    if (!rows.empty() && fields->size() != rows.front().fields.size()) {
      return Refused(name, number,
                     "has " + std::to_string(fields->size()) + " fields where the first line has " +
                         std::to_string(rows.front().fields.size()));
    }
    rows.push_back({number, std::move(*fields)});
  }
  if (rows.empty()) return Refused(name, 1, "the file is empty");
  return rows;
}

}  // namespace nightbox
