#include "rules/case_check.h"

#include <algorithm>
#include <array>

#include "rules/case_suggestion.h"
#include "rules/circuit_history.h"

namespace nightbox {
namespace {

struct FlagWords {
  std::string_view word;
  std::string_view sentence;
};

// In the order of the enumeration.
constexpr std::array<FlagWords, 16> kWords = {{
    {"NO_KNOWN_FORM", "it has none of the forms of a case number; the court may still know it"},
    {"UNVERIFIED_FORMAT",
     "converted numbers have this form only in substance; the court's case system decides"},
    {"WRITTEN_DIFFERENTLY", "it is not written as the canonical number is"},
    {"CATEGORY_UNKNOWN", "the rule lists no such case category"},
    {"CATEGORY_NOT_CHOSEN", "this circuit has not chosen that case category for that year"},
    {"CATEGORY_NOT_ENABLED",
     "its category is none of the case types that the court takes through this gateway"},
    {"LOCATION_LENGTH_OF_OTHER_YEAR",
     "location codes of that length were not in case numbers of that year"},
    {"LOCATION_UNKNOWN", "no court is known to use this location code; the list is incomplete"},
    {"LOCATION_UNCONFIRMED", "the location code is recalled, not confirmed by the court"},
    {"LOCATION_OF_OTHER_COURT", "the location code is another court's"},
    {"FORM_OF_OTHER_COURT", "this court does not number its cases so"},
    {"CIRCUIT_OF_OTHER_COURT",
     "as far as is known, this court has never been of the circuit that the number names"},
    {"YEAR_BEFORE_FORM", "numbers of this form were not given in that year"},
    {"YEAR_AFTER_FORM", "numbers of this form were no longer given in that year"},
    {"YEAR_IN_FUTURE", "that year has not begun"},
    {"SEQUENCE_ZERO", "sequences begin at 00001"},
}};

struct Clause {
  std::string operator()(const ConvertedNumber&) const { return "COR 4.04.1(1)"; }
  std::string operator()(const InterimNumber&) const { return "COR 4.04.1(2)(a)"; }
  std::string operator()(const NewConstructNumber&) const { return "COR 4.04.1(3)(a)"; }
  std::string operator()(const UniformCitationNumber&) const {
    return "COR 4.04.1(2)(b), COR 4.04.1(4)";
  }
  std::string operator()(const AppellateNumber&) const {
    return "practice of the appellate courts";
  }
};

// Two digits of the year, location and category as the form has them.
struct Parts {
  std::string year;
  std::string location;
  std::string category;
};

struct Split {
  // The two digits of a converted number's location are a filing location of the circuit, numbered
  // by OSCA; no list of them is at hand, so nothing is concluded from them.
  Parts operator()(const ConvertedNumber& n) const { return {n.year, n.location, n.category}; }
  Parts operator()(const InterimNumber& n) const { return {n.year, "", n.category}; }
  Parts operator()(const NewConstructNumber& n) const { return {n.year, n.location, n.category}; }
  Parts operator()(const UniformCitationNumber&) const { return {}; }
  Parts operator()(const AppellateNumber& n) const { return {"", "", n.prefix}; }
};

// The clause with the form's categories.
struct CategoryClause {
  std::string operator()(const ConvertedNumber&) const { return "COR 4.04.1(1)(b)"; }
  std::string operator()(const InterimNumber&) const { return "COR 4.04.1(2)(a)(2)"; }
  std::string operator()(const NewConstructNumber&) const { return "COR 4.04.1(3)(b), (c)"; }
  std::string operator()(const auto& other) const { return Clause{}(other); }
};

// The clause with the form's year.
struct YearClause {
  std::string operator()(const ConvertedNumber&) const { return "COR 4.04.1(1)(d)"; }
  std::string operator()(const InterimNumber&) const { return "COR 4.04.1(2)(a), (3)(d)"; }
  std::string operator()(const NewConstructNumber&) const { return "COR 4.04.1(3)(d)"; }
  std::string operator()(const auto& other) const { return Clause{}(other); }
};

// Which end of the form's years such a year lies beyond: the nearer one, and never the future.
CaseNumberFlag OutsideOf(const CaseYears& years, const std::string& two_digits, int this_year) {
  const int digits = std::stoi(two_digits);
  const int after = (digits - years.last % 100 + 100) % 100;
  const int before = (years.first % 100 - digits + 100) % 100;
  const bool has_been = this_year == 0 || years.last + after <= this_year;
  return after < before && has_been ? CaseNumberFlag::kYearAfterForm
                                    : CaseNumberFlag::kYearBeforeForm;
}

// Whether what is a court's is what the filing's court bears in its numbers: its own, its county's
// court's for a municipal division, any of its courts' for a circuit.
bool IsOf(const Court& asked, const Court& court) {
  return court.id == asked.id || court.id == asked.parent ||
         (asked.kind == CourtKind::kCircuit && court.circuit == asked.circuit);
}

// Old numbers keep the circuit their county was in then.
bool WasEverOf(const CircuitHistory& history, const Court& court, int circuit) {
  if (court.circuit == circuit) return true;
  if (court.kind != CourtKind::kCounty && court.kind != CourtKind::kMunicipal) return false;
  const auto members = history.Of(court);
  return std::any_of(members.begin(), members.end(),
                     [&](const auto& member) { return member.circuit == circuit; });
}

bool IsAppellate(const Court& court) {
  return court.kind == CourtKind::kSupreme || court.kind == CourtKind::kAppeals;
}

class Reader {
 public:
  Reader(std::string_view text, const CaseCheckContext& context)
      : context_(context),
        windows_(context.years == nullptr ? CaseYearWindows() : *context.years),
        lengths_(context.lengths == nullptr ? CaseNumberLengths() : *context.lengths) {
    reading_.raw = std::string(text);
  }

  CaseNumberReading Read() {
    auto number = ParseCaseNumber(reading_.raw, NumberOptions(lengths_));
    if (!number) {
      Flag(CaseNumberFlag::kNoKnownForm);
      reading_.suggestions = SuggestCaseNumbers(reading_.raw);
      return std::move(reading_);
    }
    reading_.number = *std::move(number);
    reading_.canonical = Canonical(*reading_.number);
    reading_.clause = std::visit(Clause{}, *reading_.number);
    if (reading_.canonical != reading_.raw) Flag(CaseNumberFlag::kWrittenDifferently);
    const CaseNumberForm form = Form(*reading_.number);
    if (form == CaseNumberForm::kConverted || form == CaseNumberForm::kUniformCitation ||
        form == CaseNumberForm::kAppellate) {
      Flag(CaseNumberFlag::kUnverifiedFormat);
    }
    if (const auto* converted = std::get_if<ConvertedNumber>(&*reading_.number))
      reading_.circuit = std::stoi(converted->circuit);
    const Parts parts = std::visit(Split{}, *reading_.number);
    reading_.location = parts.location;
    ReadCategory(form, parts);
    ReadYear(form, parts);
    ReadLocationLength(form);
    ReadCourts(form);
    if (const auto* made = std::get_if<NewConstructNumber>(&*reading_.number);
        made != nullptr && made->sequence == 0) {
      Flag(CaseNumberFlag::kSequenceZero);
    }
    return std::move(reading_);
  }

 private:
  void Flag(CaseNumberFlag flag, bool confirmed = true) {
    reading_.flags.push_back(flag);
    if (!confirmed) reading_.unconfirmed.insert(flag);
  }

  void ReadCategory(CaseNumberForm form, const Parts& parts) {
    if (parts.category.empty()) return;
    reading_.category = parts.category;
    const CaseCategory* known = FindCaseCategory(form, parts.category);
    if (known == nullptr) {
      Flag(CaseNumberFlag::kCategoryUnknown, IsListConfirmed(form));
      return;
    }
    reading_.category_meaning = known->meaning;
    reading_.category_confirmed = known->confirmed;
    const ChosenCategories& chosen = context_.categories_chosen;
    if (form == CaseNumberForm::kNewConstruct && !chosen.codes.empty() &&
        !chosen.codes.contains(parts.category)) {
      Flag(CaseNumberFlag::kCategoryNotChosen,
           !chosen.left_out_unconfirmed.contains(parts.category));
    }
    if (context_.case_types == nullptr || context_.case_types->empty()) return;
    const std::set<std::string> alike = CodesAlike(*known);
    if (!alike.empty() && !HasCategory(*context_.case_types, alike))
      Flag(CaseNumberFlag::kCategoryNotEnabled, context_.case_types_confirmed);
  }

  // What is not on a list is known only as well as all of the list.
  static bool IsListConfirmed(CaseNumberForm form) {
    return std::ranges::all_of(CaseCategories(), [&](const CaseCategory& category) {
      return category.form != form || category.confirmed;
    });
  }

  void ReadYear(CaseNumberForm form, const Parts& parts) {
    if (parts.year.empty()) return;
    const std::optional<CaseYears> years = FindCaseYears(form, windows_);
    if (!years) return;
    reading_.year = FullYear(form, parts.year, windows_);
    if (!reading_.year) {
      const CaseNumberFlag end = OutsideOf(*years, parts.year, context_.this_year);
      const bool after = end == CaseNumberFlag::kYearAfterForm;
      Flag(end, IsCaseYearConfirmed(form, after ? years->last : years->first, windows_));
      return;
    }
    reading_.year_confirmed = IsCaseYearConfirmed(form, *reading_.year, windows_);
    if (context_.this_year == 0 || *reading_.year <= context_.this_year) return;
    if (form == CaseNumberForm::kNewConstruct && *reading_.year - context_.this_year > 50) {
      // The new construct's window reaches into the next century: "98" is 2098 there, which
      // nobody means, and no number of this form is older. So no year can be told.
      Flag(CaseNumberFlag::kYearBeforeForm, IsCaseYearConfirmed(form, years->first, windows_));
      reading_.year.reset();
      reading_.year_confirmed = false;
    } else {
      Flag(CaseNumberFlag::kYearInFuture);
    }
  }

  // As confirmed as the year's own length, and the one that came after it.
  void ReadLocationLength(CaseNumberForm form) {
    if (form != CaseNumberForm::kNewConstruct || !reading_.year) return;
    const CaseNumberLength* const length = FindCaseLength(form, *reading_.year, lengths_);
    const auto size = static_cast<int>(reading_.location.size());
    if (length == nullptr || (size >= length->shortest && size <= length->longest)) return;
    const auto is_later_unconfirmed = [&](const CaseNumberLength& other) {
      return other.form == form && other.first_year > *reading_.year && !other.confirmed;
    };
    Flag(CaseNumberFlag::kLocationLengthOfOtherYear,
         length->confirmed && std::ranges::none_of(lengths_, is_later_unconfirmed));
  }

  void ReadCourts(CaseNumberForm form) {
    if (context_.courts == nullptr) return;
    const Court* asked = context_.court.empty() ? nullptr : context_.courts->Find(context_.court);
    if (form == CaseNumberForm::kAppellate || form == CaseNumberForm::kNewConstruct) {
      const bool appellate = form == CaseNumberForm::kAppellate;
      const std::string& code = appellate ? reading_.category : reading_.location;
      bool confirmed = false;
      for (const Court& court : context_.courts->courts()) {
        if (IsAppellate(court) != appellate || !court.UsesLocationCode(code)) continue;
        reading_.courts.push_back(court.id);
        confirmed = confirmed || appellate || court.IsLocationCodeConfirmed(code);
      }
      if (reading_.courts.empty()) Flag(CaseNumberFlag::kLocationUnknown);
      if (!reading_.courts.empty() && !confirmed) Flag(CaseNumberFlag::kLocationUnconfirmed);
    }
    if (asked == nullptr) return;
    if (IsAppellate(*asked) != (form == CaseNumberForm::kAppellate)) {
      Flag(CaseNumberFlag::kFormOfOtherCourt);
    } else if (!reading_.courts.empty() &&
               std::none_of(reading_.courts.begin(), reading_.courts.end(), [&](const CourtId& id) {
                 return IsOf(*asked, *context_.courts->Find(id));
               })) {
      Flag(CaseNumberFlag::kLocationOfOtherCourt);
    }
    if (reading_.circuit && !IsAppellate(*asked) && !WasEverAsked(*asked))
      Flag(CaseNumberFlag::kCircuitOfOtherCourt);
  }

  bool WasEverAsked(const Court& asked) const {
    const CircuitHistory& history =
        context_.circuits == nullptr ? CircuitHistory::Missouri() : *context_.circuits;
    const auto& courts = context_.courts->courts();
    return std::any_of(courts.begin(), courts.end(), [&](const Court& court) {
      return IsOf(asked, court) && WasEverOf(history, court, *reading_.circuit);
    });
  }

  const CaseCheckContext& context_;
  const std::vector<CaseYears>& windows_;
  const std::vector<CaseNumberLength>& lengths_;
  CaseNumberReading reading_;
};

std::string_view SentenceAbout(CaseNumberFlag flag, const CaseNumberReading& reading) {
  if (flag == CaseNumberFlag::kUnverifiedFormat && reading.number) {
    const CaseNumberForm form = Form(*reading.number);
    if (form == CaseNumberForm::kUniformCitation) {
      return "so many digits are what has been observed; the number names no court and no year";
    }
    if (form == CaseNumberForm::kAppellate) {
      return "a prefix and five or six digits are what has been observed; the number names no year";
    }
  }
  return Explain(flag);
}

}  // namespace

std::string_view ToString(CaseNumberFlag flag) {
  return kWords.at(static_cast<std::size_t>(flag)).word;
}

std::string_view Explain(CaseNumberFlag flag) {
  return kWords.at(static_cast<std::size_t>(flag)).sentence;
}

std::string Explain(CaseNumberFlag flag, const CaseNumberReading& reading) {
  std::string words(SentenceAbout(flag, reading));
  if (reading.unconfirmed.contains(flag)) words += ", as far as is known: unconfirmed";
  return words;
}

std::string ClauseOf(CaseNumberFlag flag, const CaseNumberReading& reading) {
  using enum CaseNumberFlag;
  if (flag == kCategoryNotEnabled) return "COR 27.01";
  if (!reading.number) return "COR 4.04.1";
  switch (flag) {
    case kCategoryUnknown:
      return std::visit(CategoryClause{}, *reading.number);
    case kCategoryNotChosen:
      return "COR 4.04.1(3)(c), (d)";
    case kLocationLengthOfOtherYear:
      return "COR 4.04.1(3)(a)(2)";
    case kLocationUnknown:
    case kLocationUnconfirmed:
    case kLocationOfOtherCourt:
      return Form(*reading.number) == CaseNumberForm::kNewConstruct ? "COR 4.04.1(3)(a)(2)"
                                                                    : reading.clause;
    case kCircuitOfOtherCourt:
      return "COR 4.04.1(1)(a)";
    case kYearBeforeForm:
    case kYearAfterForm:
    case kYearInFuture:
      return std::visit(YearClause{}, *reading.number);
    case kSequenceZero:
      return "COR 4.04.1(3)(a)(5)";
    default:
      return reading.clause;
  }
}

bool CaseNumberReading::Has(CaseNumberFlag flag) const {
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

CaseNumberReading ReadCaseNumber(std::string_view text, const CaseCheckContext& context) {
  return Reader(text, context).Read();
}

}  // namespace nightbox
