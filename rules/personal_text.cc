#include "rules/personal_text.h"

#include <cctype>
#include <optional>
#include <vector>

#include "rules/card_number.h"

namespace nightbox {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }
bool InWord(char c) { return IsDigit(c) || IsLetter(c); }
bool IsSpace(char c) { return c == ' ' || c == '\n'; }

// In small letters, with one kind of hyphen, blank and line end: typesetters have many.
std::string Plain(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= 'A' && c <= 'Z') {
      plain += static_cast<char>(c - 'A' + 'a');
    } else if (c == '\r' || c == '\f' || c == '\v' || c == '\n') {
      plain += '\n';
    } else if (static_cast<unsigned char>(c) < 0x20) {
      plain += ' ';
    } else if (text.compare(i, 2, "\xC2\xA0") == 0) {
      plain += ' ';
      i += 1;
    } else if (text.compare(i, 2, "\xC2\xAD") == 0) {
      plain += '-';
      i += 1;
    } else if (text.compare(i, 2, "\xE2\x80") == 0 && i + 2 < text.size()) {
      const auto third = static_cast<unsigned char>(text[i + 2]);
      if (third >= 0x90 && third <= 0x95) {  // U+2010 to U+2015, dashes.
        plain += '-';
      } else if (third <= 0x8A || third == 0xAF) {  // U+2000 to U+200A and U+202F, blanks.
        plain += ' ';
      } else {
        plain.append(text.substr(i, 3));
      }
      i += 2;
    } else if (text.compare(i, 3, "\xE2\x88\x92") == 0) {  // U+2212, minus.
      plain += '-';
      i += 2;
    } else {
      plain += c;
    }
  }
  return plain;
}

// Digits that stand together.
struct Group {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
};

std::vector<Group> GroupsOf(const std::string& text) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < text.size();) {
    if (!IsDigit(text[i])) {
      ++i;
      continue;
    }
    Group group{i, i};
    while (group.end < text.size() && IsDigit(text[group.end])) ++group.end;
    groups.push_back(group);
    i = group.end;
  }
  return groups;
}

// What stands between two groups: '-' or ' ' alone, or a dash between single blanks; 0 otherwise.
char Between(const std::string& text, const Group& one, const Group& next) {
  const std::string_view gap(text.data() + one.end, next.begin - one.end);
  if (gap == "-" || gap == " - ") return '-';
  return gap == " " ? ' ' : '\0';
}

// Whether [begin, end) is not a part of something longer: a word, a chain of numbers, a decimal.
bool StandsAlone(const std::string& text, std::size_t begin, std::size_t end) {
  if (begin > 0 && (InWord(text[begin - 1]) || text[begin - 1] == '-')) return false;
  if (begin > 1 && (text[begin - 1] == '.' || text[begin - 1] == '/') && IsDigit(text[begin - 2]))
    return false;
  if (end < text.size() && InWord(text[end])) return false;
  if (end + 1 < text.size() && (text[end] == '-' || text[end] == '.' || text[end] == '/') &&
      InWord(text[end + 1]))
    return false;
  return true;
}

// The last word before `end`, with what precedes it; empty at the beginning or behind a digit.
std::string_view WordBefore(const std::string& text, std::size_t& end) {
  while (end > 0 && !InWord(text[end - 1])) --end;
  const std::size_t last = end;
  while (end > 0 && IsLetter(text[end - 1])) --end;
  return std::string_view(text).substr(end, last - end);
}

template <std::size_t N>
bool IsOneOf(std::string_view word, const std::array<std::string_view, N>& words) {
  for (const std::string_view each : words) {
    if (word == each) return true;
  }
  return false;
}

// "Docket No. 123-45-6789" says itself that it is something else.
bool IsLabelledOtherwise(const std::string& text, std::size_t begin) {
  constexpr std::array<std::string_view, 5> kNumber = {"no", "nos", "number", "numbers", "num"};
  constexpr std::array<std::string_view, 16> kOther = {
      "docket", "case",      "cause", "file", "bar", "citation", "parcel", "invoice",
      "order",  "telephone", "phone", "tel",  "fax", "cell",     "ucn",    "serial"};
  std::size_t at = begin;
  std::string_view word = WordBefore(text, at);
  if (IsOneOf(word, kNumber)) word = WordBefore(text, at);
  return IsOneOf(word, kOther);
}

constexpr std::size_t kLabelReach = 40;

// Whether one of the phrases stands before, with no digit between.
template <std::size_t N>
bool IsLabelled(const std::string& text, std::size_t begin,
                const std::array<std::string_view, N>& phrases) {
  std::size_t from = begin;
  while (from > 0 && begin - from < kLabelReach && !IsDigit(text[from - 1])) --from;
  const std::string_view before(text.data() + from, begin - from);
  for (const std::string_view phrase : phrases) {
    for (std::size_t at = before.find(phrase); at != std::string_view::npos;
         at = before.find(phrase, at + 1)) {
      const bool begins = at == 0 ? from == 0 || !InWord(text[from - 1]) : !InWord(before[at - 1]);
      const std::size_t end = at + phrase.size();
      if (begins && (end == before.size() || !InWord(before[end]))) return true;
    }
  }
  return false;
}

constexpr std::array<std::string_view, 6> kSocialSecurity = {
    "ssn", "s.s.n.", "ss#", "social security", "social\nsecurity", "soc. sec."};

// As the Social Security Administration gives them out.
bool IsIssued(std::string_view area, std::string_view group, std::string_view serial) {
  return area != "000" && area != "666" && area[0] != '9' && group != "00" && serial != "0000";
}

bool IsSocialSecurityNumber(const std::string& text, const std::vector<Group>& groups,
                            std::size_t i) {
  const auto digits = [&](const Group& group) {
    return std::string_view(text).substr(group.begin, group.size());
  };
  const Group& first = groups[i];
  if (first.size() == 9 && StandsAlone(text, first.begin, first.end)) {
    const std::string_view all = digits(first);
    return IsIssued(all.substr(0, 3), all.substr(3, 2), all.substr(5)) &&
           !IsLabelledOtherwise(text, first.begin) &&
           IsLabelled(text, first.begin, kSocialSecurity);
  }
  if (first.size() != 3 || i + 2 >= groups.size()) return false;
  const Group& second = groups[i + 1];
  const Group& third = groups[i + 2];
  const char between = Between(text, first, second);
  if (second.size() != 2 || third.size() != 4 || between == '\0' ||
      Between(text, second, third) != between ||
      !IsIssued(digits(first), digits(second), digits(third)) ||
      !StandsAlone(text, first.begin, third.end)) {
    return false;
  }
  // Blanks separate the columns of tables, too.
  if (between == ' ') return IsLabelled(text, first.begin, kSocialSecurity);
  return !IsLabelledOtherwise(text, first.begin) || IsLabelled(text, first.begin, kSocialSecurity);
}

// Cards are printed in these groups; any others are some table's columns.
bool IsCard(const std::string& text, const std::vector<Group>& groups, std::size_t i) {
  static const std::vector<std::vector<std::size_t>> kPrinted = {
      {4, 4, 4, 4}, {4, 6, 5}, {4, 6, 4}, {4, 4, 4, 4, 3}};
  const auto digits = [&](std::size_t group) {
    return text.substr(groups[group].begin, groups[group].size());
  };
  if (groups[i].size() >= 13) {
    return StandsAlone(text, groups[i].begin, groups[i].end) && IsCardNumber(digits(i));
  }
  for (const std::vector<std::size_t>& sizes : kPrinted) {
    if (i + sizes.size() > groups.size()) continue;
    const char between = Between(text, groups[i], groups[i + 1]);
    bool fits = between != '\0';
    std::string all;
    for (std::size_t k = 0; fits && k < sizes.size(); ++k) {
      fits = groups[i + k].size() == sizes[k] &&
             (k == 0 || Between(text, groups[i + k - 1], groups[i + k]) == between);
      if (fits) all += digits(i + k);
    }
    if (fits && StandsAlone(text, groups[i].begin, groups[i + sizes.size() - 1].end) &&
        IsCardNumber(all)) {
      return true;
    }
  }
  return false;
}

// ---- Birth dates ----

// Reads from a place in the text, step by step.
class Reading {
 public:
  Reading(const std::string& text, std::size_t at) : text_(text), at_(at) {}

  // A number of so many digits at most; nothing when there are more.
  std::optional<int> Number(std::size_t digits_max) {
    int value = 0;
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsDigit(text_[at_])) {
      if (at_ - begin == digits_max) return std::nullopt;
      value = value * 10 + (text_[at_++] - '0');
    }
    if (at_ == begin) return std::nullopt;
    return value;
  }
  std::size_t at() const { return at_; }
  // Takes one of these characters.
  char Take(std::string_view any) {
    if (at_ < text_.size() && any.find(text_[at_]) != std::string_view::npos) return text_[at_++];
    return '\0';
  }
  void SkipBlanks() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
  }
  std::string_view Word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsLetter(text_[at_])) ++at_;
    return std::string_view(text_).substr(begin, at_ - begin);
  }
  bool AtDigit() const { return at_ < text_.size() && IsDigit(text_[at_]); }

 private:
  const std::string& text_;
  std::size_t at_;
};

bool IsMonth(std::string_view word) {
  constexpr std::array<std::string_view, 12> kMonths = {
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  if (word == "sept") return true;
  for (const std::string_view month : kMonths) {
    if (word == month || (word.size() == 3 && word == month.substr(0, 3))) return true;
  }
  return false;
}

bool IsYear(std::optional<int> year) { return year && *year >= 1850 && *year <= 2099; }
bool IsDay(std::optional<int> day) { return day && *day >= 1 && *day <= 31; }

// "may 5, 1980", "5th of may 1980".
bool IsDateInWords(const std::string& text, std::size_t at) {
  Reading date(text, at);
  if (date.AtDigit()) {
    if (!IsDay(date.Number(2))) return false;
    date.Word();  // "th".
    date.SkipBlanks();
    std::string_view word = date.Word();
    if (word == "day") {
      date.SkipBlanks();
      word = date.Word();
    }
    if (word == "of") {
      date.SkipBlanks();
      word = date.Word();
    }
    if (!IsMonth(word)) return false;
  } else {
    if (!IsMonth(date.Word())) return false;
    date.Take(".");
    date.SkipBlanks();
    if (!IsDay(date.Number(2))) return false;
    date.Word();  // "th".
  }
  date.Take(".,");
  date.SkipBlanks();
  return IsYear(date.Number(4));
}

// "1/5/1980", "01-05-80", "1980-01-05".
bool IsDateInNumbers(const std::string& text, std::size_t at) {
  Reading date(text, at);
  const auto first = date.Number(4);
  const std::size_t first_size = date.at() - at;
  const char separator = date.Take("/-.");
  if (!first || separator == '\0') return false;
  const auto second = date.Number(2);
  if (!IsDay(second) || date.Take(std::string_view(&separator, 1)) == '\0') return false;
  const std::size_t third_at = date.at();
  const auto third = date.Number(4);
  const std::size_t third_size = date.at() - third_at;
  if (!third) return false;
  if (first_size == 4) return IsYear(first) && IsDay(third);
  if (!IsDay(first) || (*first > 12 && *second > 12)) return false;
  return third_size == 2 || (third_size == 4 && IsYear(third));
}

constexpr std::size_t kDateReach = 48;

// A date within reach behind the words, with no other number or clause between.
bool IsDateBehind(const std::string& text, std::size_t end) {
  for (std::size_t at = end; at < text.size() && at - end < kDateReach; ++at) {
    if (text[at] == ';') return false;
    if (IsDigit(text[at])) return IsDateInNumbers(text, at) || IsDateInWords(text, at);
    if (IsLetter(text[at]) && !InWord(text[at - 1]) && IsDateInWords(text, at)) return true;
  }
  return false;
}

bool HoldsBirthDate(const std::string& text) {
  constexpr std::array<std::string_view, 10> kWords = {
      "dob",           "d.o.b",          "d. o. b",        "born",       "birthdate",
      "date of birth", "date\nof birth", "date of\nbirth", "birth date", "birthday"};
  for (const std::string_view word : kWords) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      const std::size_t end = at + word.size();
      if (at > 0 && InWord(text[at - 1])) continue;
      if (end < text.size() && InWord(text[end])) continue;
      if (IsDateBehind(text, end)) return true;
    }
  }
  return false;
}

}  // namespace

std::string_view Words(PersonalKind kind) {
  switch (kind) {
    case PersonalKind::kSocialSecurityNumber:
      return "a social security number";
    case PersonalKind::kCardNumber:
      return "a payment card number";
    case PersonalKind::kBirthDate:
      return "a birth date";
  }
  return "personal information";
}

PersonalKinds FindPersonalText(std::string_view text) {
  PersonalKinds found;
  const std::string plain = Plain(text);
  const std::vector<Group> groups = GroupsOf(plain);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!found.Has(PersonalKind::kSocialSecurityNumber) &&
        IsSocialSecurityNumber(plain, groups, i)) {
      found.Add(PersonalKind::kSocialSecurityNumber);
    }
    if (!found.Has(PersonalKind::kCardNumber) && IsCard(plain, groups, i)) {
      found.Add(PersonalKind::kCardNumber);
    }
  }
  if (HoldsBirthDate(plain)) found.Add(PersonalKind::kBirthDate);
  return found;
}

}  // namespace nightbox
