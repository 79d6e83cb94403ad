#include "gateway/directory.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "core/log.h"
#include "evidence/cms.h"
#include "gateway/glob.h"
#include "rules/toml_table.h"

namespace nightbox {
namespace {

constexpr int kUnsteadyLooksMax = 5;
constexpr int kReadingsMax = 5;

Error Unusable(std::string_view file, const TomlFinding& finding) {
  std::string message(file);
  if (finding.line > 0) message += " line " + std::to_string(finding.line);
  message += ": ";
  if (!finding.key.empty()) message += finding.key + ' ';
  return {ErrorCode::kInvalidArgument, message + finding.message, "ACCESS_FILE_UNUSABLE"};
}

Result<std::string> ReadText(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || in.bad()) {
    return Error{ErrorCode::kNotFound, path.string() + " cannot be read", "ACCESS_FILE_UNUSABLE"};
  }
  return text;
}

}  // namespace

AccessSnapshot::Users::Users(std::vector<std::string> named) {
  for (std::string& user : named) {
    if (user.find('*') == std::string::npos) {
      ids.insert(std::move(user));
    } else {
      patterns.push_back(std::move(user));
    }
  }
}

bool AccessSnapshot::Users::Contains(std::string_view user) const {
  return ids.contains(user) || std::ranges::any_of(patterns, [&](const std::string& pattern) {
           return MatchesGlob(pattern, user);
         });
}

Result<AccessSnapshot> AccessSnapshot::Parse(std::string_view directory_toml,
                                             std::string_view deny_toml) {
  AccessSnapshot snapshot;
  std::vector<TomlFinding> findings;
  std::set<std::string> keys;

  if (const auto table = ParseToml(directory_toml, findings)) {
    TomlTable file(&*table, "", findings, keys);
    file.Sections("system", [&](TomlTable& t) {
      std::string name;
      System system;
      std::vector<std::string> acts_for;
      t.Read("name", name);
      if (name.empty()) t.Add("name", "is required");
      t.Read("acts_for", acts_for);
      t.Read("suspended", system.suspended);
      system.acts_for = Users(std::move(acts_for));
      if (!t.present()) return;
      if (!snapshot.systems_.emplace(name, std::move(system)).second)
        t.Add("name", "is used twice");
    });
    file.Sections("user", [&](TomlTable& t) {
      std::string id;
      bool suspended = false;
      t.Read("id", id);
      if (id.empty()) t.Add("id", "is required");
      t.Read("suspended", suspended);
      if (suspended) snapshot.suspended_users_.insert(id);
    });
    file.Sections("filer_class", [&](TomlTable& t) {
      std::string name;
      std::vector<std::string> users;
      t.Read("name", name);
      if (name.empty()) t.Add("name", "is required");
      t.Read("users", users);
      if (!t.present()) return;
      if (!snapshot.filer_classes_.emplace(name, Users(std::move(users))).second)
        t.Add("name", "is used twice");
    });
    file.Finish();
  }
  if (!findings.empty()) return Unusable("access directory", findings.front());

  if (const auto table = ParseToml(deny_toml, findings)) {
    TomlTable file(&*table, "", findings, keys);
    std::vector<std::string> systems;
    std::vector<std::string> users;
    std::vector<std::string> certificates;
    file.Read("systems", systems);
    file.Read("users", users);
    file.Read("certificates_sha256", certificates);
    for (const std::string& text : certificates) {
      if (const auto digest = ParseFingerprint(text)) {
        snapshot.denied_certificates_.insert(*digest);
      } else {
        file.Add("certificates_sha256", "holds what is no SHA-256 fingerprint");
      }
    }
    snapshot.denied_systems_.insert(systems.begin(), systems.end());
    snapshot.denied_users_.insert(users.begin(), users.end());
    file.Finish();
  }
  if (!findings.empty()) return Unusable("deny list", findings.front());
  return snapshot;
}

bool AccessSnapshot::IsDenied(std::string_view name, const Digest& certificate_sha256) const {
  return denied_systems_.contains(name) || denied_certificates_.contains(certificate_sha256);
}

Rights AccessSnapshot::MayAct(const SystemName& system, const UserId& user,
                              const Digest& certificate_sha256) const {
  if (denied_systems_.contains(system.str())) return Rights::kSystemDenied;
  if (denied_certificates_.contains(certificate_sha256)) return Rights::kCertificateDenied;
  if (denied_users_.contains(user.str()) || suspended_users_.contains(user.str())) {
    return Rights::kUserSuspended;
  }
  const auto found = systems_.find(system.str());
  if (found == systems_.end()) return Rights::kSystemUnknown;
  if (found->second.suspended) return Rights::kSystemDenied;
  return found->second.acts_for.Contains(user.str()) ? Rights::kAllowed : Rights::kUserNotAllowed;
}

std::set<std::string> AccessSnapshot::FilerClassesOf(const UserId& user) const {
  std::set<std::string> classes;
  for (const auto& [name, users] : filer_classes_) {
    if (users.Contains(user.str())) classes.insert(name);
  }
  return classes;
}

Result<std::unique_ptr<AccessDirectory>> AccessDirectory::Open(std::filesystem::path directory,
                                                               std::filesystem::path deny_list) {
  std::unique_ptr<AccessDirectory> opened(
      new AccessDirectory(std::move(directory), std::move(deny_list)));
  Result<void> loaded = opened->Reload();
  // A start beside whoever writes the files just now is no wrong configuration.
  for (int reading = 1; reading < kReadingsMax && !loaded; ++reading) {
    if (loaded.error().code != ErrorCode::kUnavailable) break;
    loaded = opened->Reload();
  }
  if (!loaded) return loaded.error();
  return opened;
}

std::shared_ptr<const AccessSnapshot> AccessDirectory::Now() const {
  std::lock_guard lock(mutex_);
  return snapshot_;
}

AccessDirectory::Stamp AccessDirectory::StampOf(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return {status.st_ino, status.st_size,
          status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec};
}

AccessDirectory::Stamps AccessDirectory::Look() const {
  return {StampOf(directory_), StampOf(deny_list_)};
}

bool AccessDirectory::ReloadIfChanged() {
  const Stamps seen_before = std::exchange(seen_, Look());
  if (seen_ == judged_) {
    unsteady_looks_ = 0;
    return false;
  }
  // One file that somebody rewrites for ever must not keep a denial in the other one out.
  if (seen_ != seen_before && ++unsteady_looks_ < kUnsteadyLooksMax) return false;
  unsteady_looks_ = 0;
  const auto reloaded = Reload();
  if (!reloaded) {
    if (judged_ == seen_ || reloaded.error().message != complaint_) {
      Log(LogLevel::kError, "access files unusable, the old ones stay in force",
          {{"reason", reloaded.error().message}});
    }
    complaint_ = reloaded.error().message;
    return false;
  }
  complaint_.clear();
  Log(LogLevel::kInfo, "access files read again", {{"systems", std::uint64_t{Now()->systems()}}});
  return true;
}

Result<void> AccessDirectory::Reload() {
  const Stamps before = Look();
  NB_ASSIGN_OR_RETURN(const std::string directory, ReadText(directory_));
  NB_ASSIGN_OR_RETURN(const std::string deny_list, ReadText(deny_list_));
  if (Look() != before) {
    return Error{ErrorCode::kUnavailable, "an access file was changed while it was read",
                 "ACCESS_FILE_UNUSABLE"};
  }
  // Kept also when they are broken, so that this is reported once and not at every look; but not of
  // what could not be read, which may be there the next time.
  judged_ = before;
  NB_ASSIGN_OR_RETURN(AccessSnapshot snapshot, AccessSnapshot::Parse(directory, deny_list));
  auto fresh = std::make_shared<const AccessSnapshot>(std::move(snapshot));
  std::lock_guard lock(mutex_);
  snapshot_ = std::move(fresh);
  return {};
}

}  // namespace nightbox
