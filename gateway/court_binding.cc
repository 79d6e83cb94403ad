#include "gateway/court_binding.h"

#include <algorithm>
#include <memory>

#include "gateway/court_policy.h"
#include "gateway/court_system_directory.h"
#include "gateway/glob.h"

namespace nightbox {
namespace {

// Of its row: that it has a case system of its own.
std::string IfUnconfirmed(const Court& court) { return court.confirmed ? "" : " (unconfirmed)"; }

bool Lists(const CaseSystemConfig& system, const CourtId& court) {
  return std::ranges::find(system.courts, court.str()) != system.courts.end();
}

}  // namespace

bool Binds(const std::vector<std::string>& listed, const CourtDirectory& directory,
           const CourtId& court) {
  const Court* known = directory.Find(court);
  const bool by_id_only = known != nullptr && known->own_system;
  return std::ranges::any_of(listed, [&](const std::string& each) {
    return by_id_only ? each == court.str() : MatchesGlob(each, court.str());
  });
}

std::set<CourtId> BoundApart(const std::vector<CaseSystemConfig>& systems,
                             const CourtDirectory& directory) {
  std::set<CourtId> apart;
  for (const Court& court : directory.courts()) {
    if (court.kind != CourtKind::kMunicipal || court.own_system) continue;
    const bool differs = std::ranges::any_of(systems, [&](const CaseSystemConfig& each) {
      return Binds(each.courts, directory, court.id) != Binds(each.courts, directory, court.parent);
    });
    if (differs) apart.insert(court.id);
  }
  return apart;
}

std::vector<std::string> BindingWarnings(const GatewayConfig& config, const CourtSystem& system) {
  const CourtPolicies policies(std::make_shared<const CourtDirectory>(system.courts),
                               SettingsOf(system), config.ServedCourts());
  std::vector<std::string> warnings;
  for (const CourtId& id : policies.EnabledAndNotServed()) {
    const Court* court = system.courts.Find(id);
    if (court == nullptr || !court->own_system) continue;
    warnings.push_back(
        id.str() + " (" + court->name + ") has a case system of its own" + IfUnconfirmed(*court) +
        ", and no case system lists it by its id: it takes no filings until then; filings already "
        "received for it are not delivered until then. A pattern does not bind it to its "
        "circuit's; list it with its own, or state enabled = false of it");
  }
  for (const auto& policy : policies.Enabled()) {
    const Court* court = system.courts.Find(policy->court);
    if (court == nullptr || !court->own_system) continue;
    for (const CaseSystemConfig& each : config.case_systems) {
      if (!Lists(each, court->id) || !Binds(each.courts, system.courts, court->parent)) continue;
      warnings.push_back(each.name + " serves " + court->id.str() + " and " + court->parent.str() +
                         ", although " + court->name +
                         " is known to have a case system of its own" + IfUnconfirmed(*court));
    }
  }
  return warnings;
}

std::vector<std::string> WaitingForNobody(const std::vector<CaseSystemConfig>& systems,
                                          const CourtDirectory& directory,
                                          const std::vector<CourtBalance>& balances) {
  std::vector<std::string> warnings;
  for (const auto& [court, balance] : balances) {
    const std::uint64_t waiting = balance.Of(BalanceClass::kPending) +
                                  balance.Of(BalanceClass::kUncertain) +
                                  balance.Of(BalanceClass::kHeld);
    const bool served = std::ranges::any_of(systems, [&](const CaseSystemConfig& each) {
      return Binds(each.courts, directory, court);
    });
    if (court.empty() || waiting == 0 || served) continue;
    warnings.push_back(court.str() + ": " + std::to_string(waiting) +
                       " received and not settled, and no case system serves this court: what of "
                       "them was not delivered waits until one does");
  }
  return warnings;
}

}  // namespace nightbox
