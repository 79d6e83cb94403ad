// TomlTable: reads one table of a TOML file, value by value, and remembers what it was asked for.
//
// What is absent keeps its default; what has the wrong type or is out of range becomes a finding
// with its line; what nobody asked for becomes one too when reading is finished. Used by the
// configuration of the gateway and of the court system, and by the access directory.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// As Debian's pkg-config file for toml++ says; stated here so that every user agrees.
#ifndef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 0
#endif
#ifndef TOML_SHARED_LIB
#define TOML_SHARED_LIB 1
#endif
#include <toml++/toml.h>

namespace nightbox {

struct TomlFinding {
  int line = 0;
  std::string key;
  std::string message;
};

// Not thread-safe. Pointers given to it outlive it.
class TomlTable {
 public:
  // `table` may be null: then everything keeps its default and only the keys are noted.
  TomlTable(const toml::table* table, std::string path, std::vector<TomlFinding>& findings,
            std::set<std::string>& keys)
      : table_(table), path_(std::move(path)), findings_(findings), keys_(keys) {}

  // Each returns whether the key was there with a usable value.
  bool Read(std::string_view key, std::string& out);
  bool Read(std::string_view key, bool& out);
  bool Read(std::string_view key, std::int64_t& out, std::int64_t min, std::int64_t max);
  bool Read(std::string_view key, std::vector<std::string>& out);
  // A path, relative to `base`.
  bool Read(std::string_view key, std::filesystem::path& out, const std::filesystem::path& base);
  // A whole number of milliseconds or, for keys ending in _s, seconds.
  bool Read(std::string_view key, std::chrono::milliseconds& out, std::int64_t min,
            std::int64_t max);

  // A table below this one.
  void Section(std::string_view key, const std::function<void(TomlTable&)>& read);
  // An array of tables; once with an absent table if there is none, so that its keys are noted.
  // `read` must not keep what it reads when present() is false.
  void Sections(std::string_view key, const std::function<void(TomlTable&)>& read);

  bool present() const { return table_ != nullptr; }
  // Whether the key is there and is a table.
  bool HoldsTable(std::string_view key) const;
  // The key's line, or the table's own where the key is not there; 0: the table is not there.
  int Line(std::string_view key) const;

  // Adds a finding at the key's line.
  void Add(std::string_view key, std::string message);
  // Call last: whatever has not been asked for is a finding.
  void Finish();

 private:
  const toml::node* Get(std::string_view key);
  std::string Path(std::string_view key) const;

  const toml::table* table_;
  std::string path_;
  std::vector<TomlFinding>& findings_;
  std::set<std::string>& keys_;
  std::set<std::string, std::less<>> asked_;
};

// Parses a file's text. Nothing, and a finding, when it is not TOML.
std::optional<toml::table> ParseToml(std::string_view text, std::vector<TomlFinding>& findings);

}  // namespace nightbox
