#include "rules/deadline_rules.h"

#include <fstream>
#include <sstream>

#include "core/check.h"
#include "core/sha256.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

RulesText CompiledIn(const std::string& name) {
  const std::string_view text = EmbeddedRulesData(name);
  NB_CHECK(!text.empty());
  return {name + " (compiled in)", std::string(text)};
}

Result<RulesText> ReadData(const std::filesystem::path& directory, const std::string& name) {
  if (directory.empty()) return CompiledIn(name);
  const std::filesystem::path path = directory / name;
  std::error_code failed;
  const bool there = std::filesystem::exists(path, failed);
  if (!failed && !there) return CompiledIn(name);
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Error{ErrorCode::kNotFound, "cannot read " + path.string(), "MALFORMED_DATA"};
  }
  return RulesText{path.string(), text.str()};
}

}  // namespace

Result<DeadlineRules> DeadlineRules::Load(const std::filesystem::path& data_directory) {
  return Parse([&](const std::string& name) { return ReadData(data_directory, name); });
}

Result<DeadlineRules> DeadlineRules::Parse(
    const std::function<Result<RulesText>(const std::string& name)>& read,
    const CourtDirectory& courts, const CircuitHistory& circuits) {
  DeadlineRules rules;
  NB_ASSIGN_OR_RETURN(const RulesText holidays, read("holidays.csv"));
  NB_ASSIGN_OR_RETURN(rules.calendar.holidays, Holidays::Parse(holidays.text, holidays.name));
  NB_ASSIGN_OR_RETURN(const RulesText closures, read("closures.csv"));
  NB_ASSIGN_OR_RETURN(rules.calendar.closures,
                      Closures::Parse(closures.text, closures.name, courts, circuits));
  NB_ASSIGN_OR_RETURN(const RulesText periods, read("periods.csv"));
  NB_ASSIGN_OR_RETURN(rules.periods, PeriodRules::Parse(periods.text, periods.name));
  NB_ASSIGN_OR_RETURN(const RulesText unavailability, read("unavailability.csv"));
  NB_ASSIGN_OR_RETURN(rules.unavailability,
                      UnavailabilityRules::Parse(unavailability.text, unavailability.name));
  // Of each by itself first, so that nothing can move from one file to the next unseen.
  std::string digests;
  for (const RulesText* file : {&holidays, &closures, &periods, &unavailability})
    digests += Sha256(file->text).view();
  rules.version = Sha256(digests).Hex().substr(0, 16);
  for (const UnavailabilityRule& rule : rules.unavailability.all()) {
    if (rule.period_rule && rules.periods.Find(rule.period_rule->value) == nullptr) {
      return Error{ErrorCode::kInvalidArgument,
                   unavailability.name + ": period_rule " + rule.period_rule->value + " of " +
                       rule.id + " is not in " + periods.name,
                   "MALFORMED_DATA"};
    }
  }
  return rules;
}

const DeadlineRules& DeadlineRules::BuiltIn() {
  static const DeadlineRules rules = [] {
    auto loaded = Load({});
    NB_CHECK(loaded.has_value());  // rules_test loads them, too.
    return *std::move(loaded);
  }();
  return rules;
}

}  // namespace nightbox
