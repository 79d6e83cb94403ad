// Goal: a table is read as it stands or refused with its line, and the courts' table never into a
// directory that contradicts itself.
#include "core/check.h"
#include "rules/court_directory.h"
#include "rules/csv.h"
#include "tests/fuzz/fuzz_target.h"

namespace nightbox {
namespace {

std::string Print(const std::vector<CsvRow>& rows) {
  std::string text;
  for (const CsvRow& row : rows) {
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      text += i == 0 ? "\"" : ",\"";
      for (const char c : row.fields[i]) text += c == '"' ? std::string("\"\"") : std::string(1, c);
      text += '"';
    }
    text += '\n';
  }
  return text;
}

void CheckTable(std::string_view text) {
  const auto rows = ParseCsv(text, "table.csv");
  if (!rows) return;
  const auto again = ParseCsv(Print(*rows), "table.csv");
  NB_CHECK(again && again->size() == rows->size());
  for (std::size_t i = 0; i < rows->size(); ++i) {
    NB_CHECK((*again)[i].fields == (*rows)[i].fields);
    NB_CHECK(i == 0 || (*rows)[i].line > (*rows)[i - 1].line);
    NB_CHECK((*rows)[i].fields.size() == rows->front().fields.size());
  }
}

void CheckCourts(std::string_view text) {
  const auto directory = CourtDirectory::Parse(text, "courts.csv");
  if (!directory) return;
  for (const Court& court : directory->courts()) {
    NB_CHECK(directory->Find(court.id) == &court);
    const auto children = directory->Children(court.id);
    NB_CHECK(children.empty() || !court.IsDestination());
    for (const Court* child : children) NB_CHECK(child->circuit == court.circuit);
    const auto meant = directory->Suggest(CourtId(court.id.str() + "x"));
    NB_CHECK(meant.size() <= 3);
    for (const CourtId& id : meant) NB_CHECK(directory->Find(id) != nullptr);
    NB_CHECK(SyntheticLocationCode(court).empty() == court.fips.empty());
  }
}

}  // namespace
}  // namespace nightbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  nightbox::CheckTable(text);
  nightbox::CheckCourts(text);
  return 0;
}
