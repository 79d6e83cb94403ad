#include "gateway/court_system_directory.h"

#include <fstream>
#include <map>
#include <memory>

#include "proto/filing_codec.h"

namespace nightbox {
namespace {

namespace fs = std::filesystem;

Error Refused(const fs::path& path, const std::string& why) {
  return {ErrorCode::kInvalidArgument, path.string() + ": " + why, "MALFORMED_DATA"};
}

// One byte more than may be, so that what is too large is seen and refused by the loader.
Result<std::string> ReadBounded(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return Refused(path, "is no file");
  std::ifstream in(path, std::ios::binary);
  std::string text(kCourtSystemFileMaxBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad()) return Refused(path, "cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  // Its words go into warnings and receipts, where nobody could read them back.
  if (!IsWellFormedText(text)) return Refused(path, "is not UTF-8");
  return text;
}

}  // namespace

Result<CourtSystem> ReadCourtSystem(const fs::path& directory) {
  std::map<std::string, std::string> files;
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    if (IsLeftAloneByCourtSystem(name)) continue;
    // Before it is read: whatever it is, it is not ours.
    if (!IsCourtSystemFile(name)) {
      return Refused(entries->path(), "there is no such file of a court system");
    }
    NB_ASSIGN_OR_RETURN(files[name], ReadBounded(entries->path()));
  }
  if (error) return Refused(directory, "cannot be listed: " + error.message());
  NB_ASSIGN_OR_RETURN(CourtSystem system, LoadCourtSystem(files, directory.string()));

  const CourtPolicies policies(std::make_shared<const CourtDirectory>(system.courts),
                               SettingsOf(system), {});
  std::string contradictions;
  for (const std::string& contradiction : policies.Contradictions()) {
    contradictions += "\n  " + contradiction;
  }
  if (!contradictions.empty()) {
    return Refused(directory / "system.toml", "cannot be meant:" + contradictions);
  }
  return system;
}

CourtSettings SettingsOf(const CourtSystem& system, std::optional<WallTime> now) {
  CourtSettings settings{system.statements, system.filing_hard_max_bytes};
  CourtDay day = CourtDay::max();
  if (now) {
    auto today = DayIn(*now, system.statements.front().time_zone->value);
    // A machine whose time zone database lacks the zone still says something.
    if (!today) today = DayIn(*now, "UTC");
    if (today) day = *today;
  }
  const Stated<std::string>& rule = system.rules.unavailability;
  settings.unavailability_rule =
      Stated(system.deadlines.unavailability.CitationOf(rule.value, day), rule.from);
  settings.records_custodian = system.records_custodian;
  settings.duty_contacts = system.duty_contacts;
  settings.fees = system.fees;
  return settings;
}

Result<void> CheckProfile(Profile profile, const CourtSystem& system) {
  if (profile == Profile::kTrial) return {};
  return CheckAccepted(system);
}

std::string UnconfirmedReport(const CourtSystem& system) {
  if (system.unconfirmed.empty()) return {};
  std::string report;
  for (const UnconfirmedValue& value : system.unconfirmed) report += UnconfirmedWords(value) + '\n';
  report += std::to_string(system.unconfirmed.size()) + " unconfirmed values of " + system.name +
            ", values_sha256 = \"" + system.values().Hex() + "\"";
  if (system.acceptance && CheckAccepted(system)) {
    report += ",\naccepted by " + system.acceptance->person + ", " + system.acceptance->office +
              ", on " + FormatDay(system.acceptance->date);
  }
  return report + '\n';
}

}  // namespace nightbox
