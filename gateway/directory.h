// The access directory: which submitting systems may act for which registered users, and who is
// denied.
//
// Two files, both small: the directory (ops/directory.sample.toml) and the deny list. They are read
// again when they change, without a restart and without asking anything that can be down. A broken
// new file changes nothing: the old decisions stay and the fault is logged once. A file that is
// being written in place is empty or half for a moment, and half a deny list denies half: what has
// changed is read when two looks in a row have found it the same.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/ids.h"
#include "core/result.h"
#include "gateway/rights.h"

namespace nightbox {

// One reading of both files. Immutable; any thread may ask.
class AccessSnapshot {
 public:
  // Pure. Refuses unknown keys and repeated names, with file and line.
  static Result<AccessSnapshot> Parse(std::string_view directory_toml, std::string_view deny_toml);

  // The certificate is looked at only when some certificate is denied (denies_certificates).
  Rights MayAct(const SystemName& system, const UserId& user,
                const Digest& certificate_sha256 = {}) const;
  // For calls of operators, publishers, gateways and clerks: whether the deny list names them.
  bool IsDenied(std::string_view name, const Digest& certificate_sha256 = {}) const;

  // The classes the directory counts the user to: what a court enables (COR 27.01).
  std::set<std::string> FilerClassesOf(const UserId& user) const;

  bool denies_certificates() const { return !denied_certificates_.empty(); }
  std::size_t systems() const { return systems_.size(); }

 private:
  // Users by id, and by pattern.
  struct Users {
    std::set<std::string, std::less<>> ids;
    std::vector<std::string> patterns;

    explicit Users(std::vector<std::string> named = {});
    bool Contains(std::string_view user) const;
  };

  struct System {
    Users acts_for;
    bool suspended = false;
  };

  std::map<std::string, System, std::less<>> systems_;
  std::map<std::string, Users> filer_classes_;
  std::set<std::string, std::less<>> suspended_users_;
  std::set<std::string, std::less<>> denied_systems_;
  std::set<std::string, std::less<>> denied_users_;
  std::set<Digest> denied_certificates_;
};

// Holds the present snapshot. Now() may be called by any thread; the rest by one (the loop).
class AccessDirectory {
 public:
  // Both files must be there and good: a gateway does not start without knowing who may file.
  static Result<std::unique_ptr<AccessDirectory>> Open(std::filesystem::path directory,
                                                       std::filesystem::path deny_list);

  std::shared_ptr<const AccessSnapshot> Now() const;

  // Looks whether either file changed, and reads both once they hold still. True when a new
  // snapshot holds now. Called by a timer: cheap when nothing changed. What could not be read is
  // tried again at every look; what is broken when it has changed again.
  bool ReloadIfChanged();
  // Reads both files whatever their stamps say (SIGHUP). The error says why the old one stays; also
  // that a file was changed meanwhile.
  Result<void> Reload();

 private:
  // What tells one version of a file from another. Editors replace, scripts write in place.
  struct Stamp {
    std::uint64_t inode = 0;
    std::int64_t size = -1;
    std::int64_t modified_ns = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct Stamps {
    Stamp directory;
    Stamp deny_list;
    bool operator==(const Stamps&) const = default;
  };

  AccessDirectory(std::filesystem::path directory, std::filesystem::path deny_list)
      : directory_(std::move(directory)), deny_list_(std::move(deny_list)) {}

  static Stamp StampOf(const std::filesystem::path& path);
  Stamps Look() const;

  const std::filesystem::path directory_;
  const std::filesystem::path deny_list_;
  Stamps judged_;             // Of what was read last, good or broken.
  Stamps seen_;               // At the last look.
  int unsteady_looks_ = 0;    // In a row that found them changed once more.
  std::string complaint_;     // The last that was logged.
  mutable std::mutex mutex_;  // Guards snapshot_ only, for as long as copying a pointer takes.
  std::shared_ptr<const AccessSnapshot> snapshot_;
};

}  // namespace nightbox
