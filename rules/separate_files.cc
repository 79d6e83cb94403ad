#include "rules/separate_files.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/check.h"
#include "rules/case_category.h"
#include "rules/data_table.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

constexpr std::array kRules = {SeparateFilesRule::kDefendants, SeparateFilesRule::kChildren,
                               SeparateFilesRule::kActions};

// Which parts a rule's rows may have.
constexpr std::array<std::string_view, 6> kPersonParts = {"category", "case_type", "not_case_type",
                                                          "role",     "roles",     "not_role"};
constexpr std::array<std::string_view, 3> kActionParts = {"one_action", "other_action", "pleading"};

bool IsPart(SeparateFilesRule rule, std::string_view part) {
  if (rule == SeparateFilesRule::kActions) {
    return std::ranges::find(kActionParts, part) != kActionParts.end();
  }
  return std::ranges::find(kPersonParts, part) != kPersonParts.end();
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Letters and digits; what is not ASCII is part of a word, too.
bool InWord(char c) {
  return (Lower(c) >= 'a' && Lower(c) <= 'z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : text) {
    if (!InWord(c)) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    words.back() += Lower(c);
  }
  return words;
}

// What the rows say of a filing.
class Finder {
 public:
  explicit Finder(const std::vector<SeparateFilesWord>& rows) : rows_(rows) {}

  std::optional<SeparateFiles> FindPersons(SeparateFilesRule rule, const NewCase& opened) const {
    const std::vector<std::string> type = WordsOf(opened.case_type);
    if (!HasCategory(rule, opened.category) && !HasWord(rule, "case_type", type))
      return std::nullopt;
    if (HasWord(rule, "not_case_type", type)) return std::nullopt;
    PartiesMeant meant = Meant(rule, opened.parties);
    if (meant.parties.size() < 2 && !meant.named_together) return std::nullopt;
    return SeparateFiles{rule, ClauseOf(rule), std::move(meant.parties), meant.named_together,
                         "header.new_case.parties"};
  }

  PartiesMeant Meant(SeparateFilesRule rule, const std::vector<Party>& parties) const {
    PartiesMeant meant;
    for (std::size_t i = 0; i < parties.size(); ++i) {
      const std::vector<std::string> role = WordsOf(parties[i].role);
      if (HasWord(rule, "not_role", role)) continue;
      const bool several = HasWord(rule, "roles", role);
      if (!several && !HasWord(rule, "role", role)) continue;
      meant.parties.push_back(i);
      meant.named_together = meant.named_together || several;
    }
    return meant;
  }

  // A case type speaks for itself. Titles of documents count where they are those of pleadings that
  // begin an action: an acknowledgment of paternity attached to a dissolution begins none.
  std::optional<SeparateFiles> FindActions(const FilingHeader& header,
                                           const NewCase& opened) const {
    constexpr SeparateFilesRule kRule = SeparateFilesRule::kActions;
    const std::vector<std::string> type = WordsOf(opened.case_type);
    bool one = HasWord(kRule, "one_action", type);
    bool other = HasWord(kRule, "other_action", type);
    SeparateFiles found{kRule, ClauseOf(kRule)};
    found.field = one && other ? "header.new_case.case_type" : "header.documents";
    for (const Document& document : header.documents) {
      if (document.role != DocumentRole::kLead) continue;
      const std::vector<std::string> title = WordsOf(document.title);
      if (!HasWord(kRule, "pleading", title)) continue;
      one = one || HasWord(kRule, "one_action", title);
      other = other || HasWord(kRule, "other_action", title);
    }
    if (!one || !other) return std::nullopt;
    return found;
  }

 private:
  // Whether one of the words is listed under that part of the rule.
  bool HasWord(SeparateFilesRule rule, std::string_view part,
               const std::vector<std::string>& words) const {
    return std::ranges::any_of(rows_, [&](const SeparateFilesWord& each) {
      return each.rule == rule && each.part == part &&
             std::ranges::find(words, each.word) != words.end();
    });
  }

  bool HasCategory(SeparateFilesRule rule, std::string_view category) const {
    return std::ranges::any_of(rows_, [&](const SeparateFilesWord& each) {
      return each.rule == rule && each.part == "category" &&
             EqualButForCapitals(each.word, category);
    });
  }

  std::string ClauseOf(SeparateFilesRule rule) const {
    const auto row = std::ranges::find(rows_, rule, &SeparateFilesWord::rule);
    return row == rows_.end() ? std::string() : row->clause;
  }

  const std::vector<SeparateFilesWord>& rows_;
};

std::string Counted(const SeparateFiles& found, std::string_view one, std::string_view several) {
  if (found.named_together) return "several " + std::string(several) + " under one name";
  return std::to_string(found.parties.size()) + ' ' +
         std::string(found.parties.size() == 1 ? one : several);
}

}  // namespace

std::string_view ToString(SeparateFilesRule rule) {
  switch (rule) {
    case SeparateFilesRule::kDefendants:
      return "defendants";
    case SeparateFilesRule::kChildren:
      return "children";
    case SeparateFilesRule::kActions:
      return "actions";
  }
  return "actions";
}

std::vector<SeparateFilesWord> InForceOn(const std::vector<SeparateFilesWord>& words,
                                         CourtDay day) {
  std::vector<SeparateFilesWord> in_force = words;
  std::erase_if(in_force,
                [day](const SeparateFilesWord& word) { return word.effective_from > day; });
  return in_force;
}

PartiesMeant FindParties(SeparateFilesRule rule, const std::vector<Party>& parties,
                         const std::vector<SeparateFilesWord>& words) {
  return Finder(words).Meant(rule, parties);
}

std::vector<SeparateFiles> FindSeparateFiles(const FilingHeader& header,
                                             const std::vector<SeparateFilesWord>& words) {
  const auto* opened = std::get_if<NewCase>(&header.case_reference);
  std::vector<SeparateFiles> all;
  if (opened == nullptr) return all;
  const Finder finder(words);
  for (const auto rule : {SeparateFilesRule::kDefendants, SeparateFilesRule::kChildren}) {
    if (auto found = finder.FindPersons(rule, *opened)) all.push_back(*std::move(found));
  }
  if (auto found = finder.FindActions(header, *opened)) all.push_back(*std::move(found));
  return all;
}

std::string Sentence(const SeparateFiles& found) {
  switch (found.rule) {
    case SeparateFilesRule::kDefendants:
      return "This filing names " + Counted(found, "defendant", "defendants") + "; " +
             found.clause + " gives each defendant a file of their own. It stays one filing.";
    case SeparateFilesRule::kChildren:
      return "This filing names " + Counted(found, "child", "children") + "; " + found.clause +
             " gives each child a file of their own. It stays one filing.";
    case SeparateFilesRule::kActions:
      break;
  }
  return "This filing begins a dissolution and a paternity action; " + found.clause +
         " wants them filed separately. It stays one filing.";
}

Result<std::vector<SeparateFilesWord>> ParseSeparateFiles(std::string_view csv,
                                                          std::string_view name) {
  NB_ASSIGN_OR_RETURN(const auto rows, ParseTable(csv, name,
                                                  {"rule", "part", "word", "effective_from",
                                                   "clause", "source", "confirmed"}));
  std::vector<SeparateFilesWord> words;
  for (const CsvRow& row : rows) {
    const auto rule = std::ranges::find(kRules, row.fields[0],
                                        [](SeparateFilesRule each) { return ToString(each); });
    if (rule == kRules.end()) return RefusedLine(name, row.line, "there is no such rule");
    const auto effective_from = ParseDay(row.fields[3]);
    if (!effective_from) return RefusedLine(name, row.line, "effective_from is no date");
    SeparateFilesWord word{*rule,         row.fields[1], row.fields[2],  row.fields[4],
                           row.fields[5], false,         *effective_from};
    if (!IsPart(word.rule, word.part)) return RefusedLine(name, row.line, "no such part of it");
    if (word.part != "category" && WordsOf(word.word) != std::vector<std::string>{word.word}) {
      return RefusedLine(name, row.line, "a word is one word in small letters");
    }
    if (word.word.empty() || word.clause.empty() || word.source.empty()) {
      return RefusedLine(name, row.line, "a row needs its word, clause and source");
    }
    const auto confirmed = ParseYesNo(row.fields[6]);
    if (!confirmed) return RefusedLine(name, row.line, "confirmed is yes or no");
    word.confirmed = *confirmed;
    for (const SeparateFilesWord& other : words) {
      if (other.rule != word.rule) continue;
      if (other.part == word.part && other.word == word.word)
        return RefusedLine(name, row.line, "this word is there already");
      if (other.clause != word.clause) return RefusedLine(name, row.line, "a rule has one clause");
    }
    words.push_back(std::move(word));
  }
  return words;
}

const std::vector<SeparateFilesWord>& SeparateFilesWords() {
  static const std::vector<SeparateFilesWord> words = [] {
    auto parsed = ParseSeparateFiles(EmbeddedRulesData("separate_files.csv"), "separate_files.csv");
    NB_CHECK(parsed.has_value());
    return std::move(*parsed);
  }();
  return words;
}

}  // namespace nightbox
