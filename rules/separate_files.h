// Separate files: what COR 4.05 wants filed apart, recognised in a filing's header.
//
// A criminal complaint or information with several defendants, a juvenile petition with several
// children, a dissolution together with a paternity action: each defendant, child and action gets a
// file number of its own. That is for the filer and the clerk to mind; nothing here refuses, and
// nobody but the filer divides a filing.
//
// Categories and words are data (rules/data/separate_files.csv, compiled in, or the court system's
// own), since the rule names defendants and children and no words of any system's. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/filing.h"
#include "core/result.h"
#include "rules/court_day.h"

namespace nightbox {

enum class SeparateFilesRule { kDefendants, kChildren, kActions };

// "defendants", "children", "actions".
std::string_view ToString(SeparateFilesRule rule);

// Several in one filing that COR 4.05 gives a file each.
struct SeparateFiles {
  SeparateFilesRule rule = SeparateFilesRule::kDefendants;
  // "COR 4.05(1)".
  std::string clause;
  // Which parties of the new case get a file each, by their index. Empty for actions.
  std::vector<std::size_t> parties = {};
  // One of these parties stands for several people ("Defendants"): only the filer can name them.
  bool named_together = false;
  // The member of the header that shows it.
  std::string field = {};
};

// For people; quotes nothing of the filing. Ends with its full stop.
std::string Sentence(const SeparateFiles& found);

// One row of the data.
struct SeparateFilesWord {
  SeparateFilesRule rule;
  // "category", "case_type", "not_case_type", "role", "roles", "not_role", "one_action",
  // "other_action", "pleading".
  std::string part;
  std::string word;
  std::string clause;
  std::string source;
  bool confirmed = false;
  // The row says nothing of earlier days.
  CourtDay effective_from{};
};

// Refuses, with line and reason, unknown rules and parts, words twice, and rows without a clause,
// source or first day.
Result<std::vector<SeparateFilesWord>> ParseSeparateFiles(std::string_view csv,
                                                          std::string_view name);

// The shipped ones.
const std::vector<SeparateFilesWord>& SeparateFilesWords();

// The rows in force on that day.
std::vector<SeparateFilesWord> InForceOn(const std::vector<SeparateFilesWord>& words, CourtDay day);

struct PartiesMeant {
  // By their index.
  std::vector<std::size_t> parties = {};
  // One of them stands for several people ("Defendants").
  bool named_together = false;
};

// Who of these is a defendant or a child to the rule, by the words of their roles and whatever the
// case is. Counsel, witness, victim and surety of a defendant are none. Nobody for kActions.
PartiesMeant FindParties(SeparateFilesRule rule, const std::vector<Party>& parties,
                         const std::vector<SeparateFilesWord>& words = SeparateFilesWords());

// The findings in the clauses' order; empty when there is nothing to be filed apart, and for every
// filing that opens no case.
std::vector<SeparateFiles> FindSeparateFiles(
    const FilingHeader& header, const std::vector<SeparateFilesWord>& words = SeparateFilesWords());

}  // namespace nightbox
