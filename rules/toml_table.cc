#include "rules/toml_table.h"

namespace nightbox {
namespace {

int LineOf(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

}  // namespace

std::optional<toml::table> ParseToml(std::string_view text, std::vector<TomlFinding>& findings) {
  // toml++ throws; the exception ends here.
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    findings.push_back({static_cast<int>(error.source().begin.line), "",
                        "not TOML: " + std::string(error.description())});
    return std::nullopt;
  }
}

std::string TomlTable::Path(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + '.' + std::string(key);
}

const toml::node* TomlTable::Get(std::string_view key) {
  asked_.emplace(key);
  keys_.insert(Path(key));
  return table_ == nullptr ? nullptr : table_->get(key);
}

bool TomlTable::HoldsTable(std::string_view key) const {
  return table_ != nullptr && (*table_)[key].is_table();
}

int TomlTable::Line(std::string_view key) const {
  if (table_ == nullptr) return 0;
  const toml::node* node = table_->get(key);
  return node != nullptr ? LineOf(*node) : LineOf(*table_);
}

void TomlTable::Add(std::string_view key, std::string message) {
  findings_.push_back({Line(key), Path(key), std::move(message)});
}

bool TomlTable::Read(std::string_view key, std::string& out) {
  const toml::node* node = Get(key);
  if (node == nullptr) return false;
  const auto* text = node->as_string();
  if (text == nullptr) {
    Add(key, "must be a text in quotes");
    return false;
  }
  out = text->get();
  return true;
}

bool TomlTable::Read(std::string_view key, bool& out) {
  const toml::node* node = Get(key);
  if (node == nullptr) return false;
  const auto* truth = node->as_boolean();
  if (truth == nullptr) {
    Add(key, "must be true or false");
    return false;
  }
  out = truth->get();
  return true;
}

bool TomlTable::Read(std::string_view key, std::int64_t& out, std::int64_t min, std::int64_t max) {
  const toml::node* node = Get(key);
  if (node == nullptr) return false;
  const auto* number = node->as_integer();
  if (number == nullptr || number->get() < min || number->get() > max) {
    Add(key, "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return false;
  }
  out = number->get();
  return true;
}

bool TomlTable::Read(std::string_view key, std::vector<std::string>& out) {
  const toml::node* node = Get(key);
  if (node == nullptr) return false;
  const auto* array = node->as_array();
  std::vector<std::string> texts;
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    if (const auto* text = array->get(i)->as_string()) texts.push_back(text->get());
  }
  if (array == nullptr || texts.size() != array->size()) {
    Add(key, "must be a list of texts");
    return false;
  }
  out = std::move(texts);
  return true;
}

bool TomlTable::Read(std::string_view key, std::filesystem::path& out,
                     const std::filesystem::path& base) {
  std::string text;
  if (!Read(key, text)) return false;
  if (text.empty()) {
    Add(key, "must not be empty");
    return false;
  }
  out = (base / text).lexically_normal();
  return true;
}

bool TomlTable::Read(std::string_view key, std::chrono::milliseconds& out, std::int64_t min,
                     std::int64_t max) {
  std::int64_t count = 0;
  if (!Read(key, count, min, max)) return false;
  const bool seconds = key.ends_with("_s");
  out = std::chrono::milliseconds(seconds ? count * 1000 : count);
  return true;
}

void TomlTable::Section(std::string_view key, const std::function<void(TomlTable&)>& read) {
  asked_.emplace(key);
  const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
  if (node != nullptr && node->as_table() == nullptr) {
    Add(key, "must be a section: [" + Path(key) + ']');
    return;
  }
  TomlTable section(node == nullptr ? nullptr : node->as_table(), Path(key), findings_, keys_);
  read(section);
  section.Finish();
}

void TomlTable::Sections(std::string_view key, const std::function<void(TomlTable&)>& read) {
  asked_.emplace(key);
  const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
  const toml::array* array = node == nullptr ? nullptr : node->as_array();
  if (node != nullptr && (array == nullptr || !array->is_array_of_tables())) {
    Add(key, "must be sections: [[" + Path(key) + "]]");
    return;
  }
  if (array == nullptr) {
    std::vector<TomlFinding> nobody_reads_these;
    TomlTable absent(nullptr, Path(key), nobody_reads_these, keys_);
    read(absent);
    return;
  }
  for (const toml::node& element : *array) {
    TomlTable section(element.as_table(), Path(key), findings_, keys_);
    read(section);
    section.Finish();
  }
}

void TomlTable::Finish() {
  if (table_ == nullptr) return;
  for (const auto& [key, node] : *table_) {
    if (asked_.contains(std::string_view(key.str()))) continue;
    findings_.push_back({LineOf(node), Path(key.str()), "there is no such key"});
  }
}

}  // namespace nightbox
