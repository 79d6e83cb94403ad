#include "rules/court_search.h"

#include <algorithm>
#include <optional>

#include "rules/edit_distance.h"

namespace nightbox {
namespace {

constexpr std::size_t kTextMax = 100;
constexpr std::size_t kSuggestionsMax = 3;

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

// Words in lower case, cut at spaces, dots and commas; "saint" and "sainte" as the directory spells
// them.
std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : Lower(text)) {
    if (c == ' ' || c == '\t' || c == '-' || c == ',' || c == '.') {
      if (!words.back().empty()) words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  if (words.back().empty()) words.pop_back();
  for (std::string& word : words) {
    if (word == "saint") word = "st";
    if (word == "sainte") word = "ste";
  }
  return words;
}

// "42", "42nd", "circuit 42", "the 42nd judicial circuit": 42.
std::optional<int> CircuitNumber(const std::vector<std::string>& words) {
  std::optional<int> number;
  for (const std::string& word : words) {
    if (word == "the" || word == "judicial" || word == "circuit" || word == "court") continue;
    const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
    const std::string_view rest = std::string_view(word).substr(digits);
    const bool ordinal =
        rest.empty() || rest == "st" || rest == "nd" || rest == "rd" || rest == "th";
    if (digits == 0 || digits > 2 || !ordinal || number) return std::nullopt;
    number = std::stoi(word.substr(0, digits));
  }
  // 0 stands for "of no circuit" in the directory.
  return number == 0 ? std::nullopt : number;
}

// Words that tell no court of Missouri from another.
bool IsCommon(const std::string& word) {
  return word == "court" || word == "courthouse" || word == "county" || word == "missouri" ||
         word == "mo" || word == "the" || word == "of";
}

// The words without those that every county court's name has.
std::vector<std::string> CountyWords(std::vector<std::string> words) {
  std::erase_if(words, [](const std::string& word) { return IsCommon(word) || word == "circuit"; });
  return words;
}

// What is left to look for in a name: all words where all are common.
std::vector<std::string> NameWords(const std::vector<std::string>& words) {
  std::vector<std::string> telling = words;
  std::erase_if(telling, IsCommon);
  return telling.empty() ? words : telling;
}

class Search {
 public:
  Search(const CourtDirectory& directory, std::string_view text)
      : directory_(directory), text_(text), words_(Words(text)), county_(CountyWords(words_)) {}

  CourtSearch Run() {
    if (text_.size() > kTextMax || words_.empty()) return {};
    const CourtId id(Lower(text_));
    if (const Court* court = directory_.Find(id)) AddWithMembers(*court, "id");
    const auto circuit = CircuitNumber(words_);
    AddWhere("circuit", [&](const Court& court) {
      return circuit && court.kind != CourtKind::kMunicipal && court.circuit == *circuit;
    });
    AddWhere("location code",
             [&](const Court& court) { return court.UsesLocationCode(Upper(text_)); });
    for (const Court& court : directory_.courts()) {
      if (IsOfNamedCounty(court)) AddWithMembers(court, "county");
    }
    if (found_.matches.empty()) {
      std::vector<std::string> wanted = NameWords(words_);
      AddWhere("name", [&](const Court& court) { return HasAllWords(court, wanted); });
      // "City of Springfield": the division bears the city's name without the word.
      if (found_.matches.empty() && std::erase(wanted, "city") > 0 && !wanted.empty()) {
        AddWhere("name", [&](const Court& court) {
          return court.kind == CourtKind::kMunicipal && HasAllWords(court, wanted);
        });
      }
    }
    if (found_.matches.empty()) SuggestNear();
    return std::move(found_);
  }

 private:
  void Add(const Court& court, std::string_view by) {
    for (const CourtMatch& match : found_.matches) {
      if (match.court == &court) return;
    }
    found_.matches.push_back({&court, by});
  }

  template <class Predicate>
  void AddWhere(std::string_view by, const Predicate& is_meant) {
    for (const Court& court : directory_.courts()) {
      if (is_meant(court)) Add(court, by);
    }
  }

  void AddWithMembers(const Court& court, std::string_view by) {
    Add(court, by);
    for (const Court* member : directory_.Children(court.id)) Add(*member, by);
  }

  // "St. Louis" is a county and a city of no county, each with a court and a clerk of its own:
  // whoever does not say which gets both.
  bool IsOfNamedCounty(const Court& court) const {
    if (court.kind != CourtKind::kCounty || county_.empty()) return false;
    std::vector<std::string> name = Words(court.counties.front());
    if (name == county_) return true;
    const bool says_county = std::find(words_.begin(), words_.end(), "county") != words_.end();
    if (says_county || name.back() != "city") return false;
    name.pop_back();
    return name == county_;
  }

  static bool HasAllWords(const Court& court, const std::vector<std::string>& wanted) {
    const std::vector<std::string> name = Words(court.name);
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& word) {
      return std::find(name.begin(), name.end(), word) != name.end();
    });
  }

  void SuggestNear() {
    found_.did_you_mean = directory_.Suggest(CourtId(Lower(text_)));
    if (!found_.did_you_mean.empty()) return;
    std::string meant;
    for (const std::string& word : county_) meant += word;
    std::vector<std::pair<int, const Court*>> near;
    for (const Court& court : directory_.courts()) {
      if (court.kind != CourtKind::kCounty) continue;
      std::string county;
      for (const std::string& word : Words(court.counties.front())) county += word;
      const int distance = EditDistance(meant, county);
      // Two letters off, and not most of a short name.
      if (distance <= 2 && static_cast<std::size_t>(distance) * 2 < county.size())
        near.emplace_back(distance, &court);
    }
    std::stable_sort(near.begin(), near.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [distance, court] : near) {
      if (found_.did_you_mean.size() == kSuggestionsMax) break;
      found_.did_you_mean.push_back(court->id);
    }
  }

  const CourtDirectory& directory_;
  const std::string_view text_;
  const std::vector<std::string> words_;
  const std::vector<std::string> county_;
  CourtSearch found_;
};

}  // namespace

CourtSearch FindCourts(const CourtDirectory& directory, std::string_view text) {
  return Search(directory, text).Run();
}

}  // namespace nightbox
