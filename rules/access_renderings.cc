#include "rules/access_renderings.h"

#include <set>
#include <utility>

#include "core/check.h"
#include "rules/data_table.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

constexpr std::string_view kFile = "access_renderings.csv";

}  // namespace

Result<std::vector<RenderedField>> ParseRenderings(std::string_view csv,
                                                   std::string_view file_name) {
  static const std::vector<std::string> kColumns = {"rendering", "requester", "inquiry", "element",
                                                    "fields"};
  NB_ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ParseTable(csv, file_name, kColumns));
  std::vector<RenderedField> fields;
  std::set<std::pair<std::string, std::string>> declared;
  for (const CsvRow& row : rows) {
    const auto requester = ParseRequester(row.fields[1]);
    const auto inquiry = ParseInquiry(row.fields[2]);
    if (!requester || !inquiry || row.fields[0].empty() || row.fields[3].empty() ||
        row.fields[4].empty()) {
      return RefusedLine(file_name, row.line, "a field is not one of its words, or is empty");
    }
    for (const std::string& field : SplitText(row.fields[4], ';')) {
      if (!declared.emplace(row.fields[0], field).second) {
        return RefusedLine(file_name, row.line, "a field is declared twice");
      }
      fields.push_back({row.fields[0], *requester, *inquiry, field, row.fields[3]});
    }
  }
  return fields;
}

const std::vector<RenderedField>& Renderings() {
  static const std::vector<RenderedField> fields = [] {
    auto parsed = ParseRenderings(EmbeddedRulesData(kFile), kFile);
    NB_CHECK(parsed.has_value());
    return std::move(*parsed);
  }();
  return fields;
}

}  // namespace nightbox
