// Unconfirmed values: everything in a court system's configuration that nobody has confirmed, and
// what its tables of courts do not know at all, each with its place, its source, and what to ask
// whom.
//
// Their digest is what a named person accepts: it changes with any of the values, their standing or
// their sources, and with nothing else, so that yesterday's acceptance never covers today's value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "rules/court_statement.h"

namespace nightbox {

class CategoryChoices;
class CircuitHistory;
class CourtDirectory;

struct UnconfirmedValue {
  std::string file = {};
  // 0: it stands in no file.
  int line = 0;
  // "courts.document_size_max_bytes", "holidays.csv juneteenth".
  std::string key = {};
  std::string value = {};
  Standing standing = Standing::kUnconfirmed;
  std::string source = {};
  std::string ask = {};
  bool operator==(const UnconfirmedValue&) const = default;
};

// The rows of one of the rules' tables that nobody has confirmed. The table has been read by its
// own loader before. `name` is the plain name, `file` what to call it.
Result<std::vector<UnconfirmedValue>> UnconfirmedRows(std::string_view name, std::string_view csv,
                                                      std::string_view file);

// What one of the tables of courts leaves unsaid, all courts together: a meeting asks it of all at
// once. Nothing: it leaves nothing unsaid, or is no table of courts.
//   courts.csv               county courts without a location code
//   municipal_divisions.csv  county courts of which more divisions may be there than are known
//   filing_locations.csv     county courts of which nobody said whether they have further places
//   circuit_membership.csv   counties without a row, whose circuit is assumed on some days
//   category_choices.csv     circuits of whose choices nothing is known
std::optional<UnconfirmedValue> UnknownIn(std::string_view name, std::string_view file,
                                          const CourtDirectory& courts,
                                          const CircuitHistory& circuits,
                                          const CategoryChoices& choices);

// What to ask about a key of system.toml when its author wrote no question of their own.
std::string_view QuestionAbout(std::string_view key);

// In whatever order they are given.
Digest UnconfirmedDigest(std::vector<UnconfirmedValue> values);

// "7000000 (unconfirmed)" with place, source and question, on three lines.
std::string UnconfirmedWords(const UnconfirmedValue& value);

}  // namespace nightbox
