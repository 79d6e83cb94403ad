#include "rules/case_suggestion.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "rules/case_number.h"

namespace nightbox {
namespace {

constexpr std::size_t kTextMax = 48;
constexpr std::size_t kSuggestionsMax = 3;

// What people's programs print for a hyphen: no form uses them, all stand for it.
constexpr std::array<std::string_view, 6> kDashes = {"\u2010", "\u2011", "\u2012",
                                                     "\u2013", "\u2014", "\u2212"};

// What people write before a number; no number begins so.
constexpr std::array<std::string_view, 6> kLeadIns = {"CASE",   "CAUSE",  "DOCKET",
                                                      "NUMBER", "NUMERO", "NO"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

// The text from its number on: "Cause No. ", "Case #", "№ " are cut.
std::string_view WithoutLeadIn(std::string_view text) {
  constexpr std::string_view kNumeroSign = "\u2116";
  constexpr std::string_view kBetween = " \t.:#";
  while (true) {
    const std::string_view before = text;
    if (text.starts_with(kNumeroSign)) text.remove_prefix(kNumeroSign.size());
    text.remove_prefix(std::min(text.find_first_not_of(kBetween), text.size()));
    for (const std::string_view word : kLeadIns) {
      if (text.starts_with(word) && text.size() > word.size() &&
          (kBetween.find(text[word.size()]) != std::string_view::npos ||
           text.substr(word.size()).starts_with(kNumeroSign))) {
        text.remove_prefix(word.size());
      }
    }
    if (text == before) return text;
  }
}

// Capital letters, digits and hyphens of the text, in pieces cut at spaces and hyphens; empty when
// anything else is in it.
std::vector<std::string> Pieces(std::string_view text) {
  std::string plain(text);
  for (const std::string_view dash : kDashes) {
    for (std::size_t at = plain.find(dash); at != std::string::npos; at = plain.find(dash, at))
      plain.replace(at, dash.size(), "-");
  }
  for (char& c : plain) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  std::vector<std::string> pieces(1);
  for (const char c : WithoutLeadIn(plain)) {
    if (c == ' ' || c == '\t' || c == '-' || c == '/' || c == '.') {
      if (!pieces.back().empty()) pieces.emplace_back();
    } else if (IsDigit(c) || IsUpper(c)) {
      pieces.back() += c;
    } else {
      return {};
    }
  }
  if (pieces.back().empty()) pieces.pop_back();
  return pieces;
}

// A template's position: a digit, a letter, or either.
enum class Class { kDigit, kLetter, kEither };

// Reads one character as its class asks; counts a change when O stands for 0 or I for 1.
std::optional<char> Read(char c, Class wanted, int& changes) {
  if (wanted == Class::kEither) return c;
  if (wanted == Class::kDigit) {
    if (IsDigit(c)) return c;
    if (c != 'O' && c != 'I' && c != 'L') return std::nullopt;
    ++changes;
    return c == 'O' ? '0' : '1';
  }
  if (IsUpper(c)) return c;
  if (c != '0' && c != '1') return std::nullopt;
  ++changes;
  return c == '0' ? 'O' : 'I';
}

// The text read along the template, "D" digit, "A" letter, "N" either; nullopt where it does not
// fit.
std::optional<std::string> Along(std::string_view shape, std::string_view text, int& changes) {
  if (shape.size() != text.size()) return std::nullopt;
  std::string read;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const Class wanted = shape[i] == 'D'   ? Class::kDigit
                         : shape[i] == 'A' ? Class::kLetter
                                           : Class::kEither;
    const auto c = Read(text[i], wanted, changes);
    if (!c) return std::nullopt;
    read += *c;
  }
  return read;
}

struct Candidate {
  int changes;
  std::string number;
};

class Search {
 public:
  // Takes the number if it has a form and reads back as itself.
  void Offer(int changes, const std::string& text) {
    const auto number = ParseCaseNumber(text);
    if (!number || Form(*number) == CaseNumberForm::kUniformCitation) return;
    // A digit read as a letter soon makes a category that no court has.
    const auto* made = std::get_if<NewConstructNumber>(&*number);
    if (made != nullptr && !IsNewConstructCategory(made->category)) return;
    candidates_.push_back({changes, Canonical(*number)});
  }

  // The new construct without its first hyphen, the last two digits a sub-case if `sub_case`.
  void NewConstruct(const std::string& compact, bool sub_case, int changes) {
    for (const std::size_t location : {std::size_t{2}, std::size_t{3}}) {
      // "DD" year, location, category, sequence.
      std::string shape = "DD" + std::string(location, 'N') + "AADDDDD";
      if (sub_case) shape += "DD";
      int made = changes;
      const auto read = Along(shape, compact, made);
      if (!read) continue;
      std::string text = read->substr(0, 2 + location) + "-" + read->substr(2 + location, 7);
      if (sub_case) text += "-" + read->substr(9 + location);
      Offer(made, text);
    }
  }

  void Undivided(const std::string& compact, std::string_view shape) {
    int made = 0;
    const auto read = Along(shape, compact, made);
    if (read) Offer(made, *read);
  }

  std::vector<std::string> Best() {
    std::stable_sort(candidates_.begin(), candidates_.end(),
                     [](const auto& a, const auto& b) { return a.changes < b.changes; });
    std::vector<std::string> best;
    for (Candidate& each : candidates_) {
      if (best.size() == kSuggestionsMax) break;
      if (std::find(best.begin(), best.end(), each.number) == best.end())
        best.push_back(std::move(each.number));
    }
    return best;
  }

 private:
  std::vector<Candidate> candidates_;
};

// The pieces with the zeros that somebody left out of the sequence: "CC1234", or "1234" after "CC".
std::optional<std::vector<std::string>> WithZeros(std::vector<std::string> pieces) {
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    std::string& piece = pieces[i];
    const bool category_before = pieces[i - 1].size() == 2 && IsUpper(pieces[i - 1][0]);
    if (piece.size() >= 3 && piece.size() <= 6 && IsUpper(piece[0]) && IsUpper(piece[1])) {
      piece.insert(2, 7 - piece.size(), '0');
      return pieces;
    }
    if (category_before && piece.size() <= 4 && IsDigit(piece[0])) {
      piece.insert(0, 5 - piece.size(), '0');
      return pieces;
    }
  }
  return std::nullopt;
}

std::size_t TrailingDigits(const std::string& piece) {
  const std::size_t other = piece.find_last_not_of("0123456789");
  return piece.size() - (other == std::string::npos ? 0 : other + 1);
}

// The pieces with five digits of the sequence for six that begin with a zero: "CC012345", or
// "012345" after "CC".
std::optional<std::vector<std::string>> WithoutZero(std::vector<std::string> pieces) {
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    std::string& piece = pieces[i];
    if (TrailingDigits(piece) != 6 || piece[piece.size() - 6] != '0') continue;
    const std::string& before = piece.size() > 6 || i == 0 ? piece : pieces[i - 1];
    const std::size_t letters = before.size() - (&before == &piece ? 6 : 0);
    if (letters < 2 || !IsUpper(before[letters - 1]) || !IsUpper(before[letters - 2])) continue;
    piece.erase(piece.size() - 6, 1);
    return pieces;
  }
  return std::nullopt;
}

// A single digit after the digits of a sequence: a sub-case without its zero, never the end of the
// sequence.
bool EndsInShortSubCase(const std::vector<std::string>& pieces) {
  return pieces.size() > 2 && pieces.back().size() == 1 && IsDigit(pieces.back()[0]) &&
         IsDigit(pieces[pieces.size() - 2].back());
}

// "2024" for "24", in front of a location.
std::optional<std::string> ShortYear(const std::string& piece) {
  if (piece.size() < 6 || (!piece.starts_with("19") && !piece.starts_with("20"))) return {};
  return piece.substr(2);
}

std::string Joined(const std::vector<std::string>& pieces) {
  std::string compact;
  for (const std::string& piece : pieces) compact += piece;
  return compact;
}

void TryNewConstruct(Search& search, std::vector<std::string> pieces, int changes) {
  if (EndsInShortSubCase(pieces)) {
    pieces.back().insert(0, 1, '0');
    ++changes;
  }
  const std::string compact = Joined(pieces);
  const bool ends_in_sub_case = pieces.size() > 1 && pieces.back().size() == 2;
  search.NewConstruct(compact, ends_in_sub_case, changes);
  // Without its hyphens the last two digits may be a sub-case or a part of the sequence; only a
  // text of the full length can hold both.
  if (!ends_in_sub_case) search.NewConstruct(compact, true, changes + 1);
  if (const auto shorter = ShortYear(compact)) {
    search.NewConstruct(*shorter, ends_in_sub_case, changes + 1);
    if (!ends_in_sub_case) search.NewConstruct(*shorter, true, changes + 2);
  }
}

void TryUndivided(Search& search, const std::string& compact) {
  search.Undivided(compact, "DDAADDDDDD");
  search.Undivided(compact, "AADDDDD");
  search.Undivided(compact, "AADDDDDD");
  // Letters of a converted number are not told from digits: only spaces are taken out.
  search.Offer(0, compact);
}

}  // namespace

std::vector<std::string> SuggestCaseNumbers(std::string_view text) {
  if (text.size() > kTextMax) return {};
  const std::vector<std::string> pieces = Pieces(text);
  if (pieces.empty()) return {};
  Search search;
  TryNewConstruct(search, pieces, 0);
  TryUndivided(search, Joined(pieces));
  if (const auto padded = WithZeros(pieces)) TryNewConstruct(search, *padded, 0);
  if (const auto shorter = WithoutZero(pieces)) TryNewConstruct(search, *shorter, 1);
  return search.Best();
}

}  // namespace nightbox
